"""Two real processes on the CPU, joined by gloo: the numbers of one process with the same global batch."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
import pytest
import torch
from accelerate.state import AcceleratorState
from torch.distributed import DistNetworkError
from torch.distributed.elastic.utils.distributed import get_free_port

from genmodels.checkpoints import checkpoint
from genmodels.cli import train
from genmodels.config import families
from genmodels.jobs import queue
from genmodels.runs.store import Store
from genmodels.storage.callbacks import Report
from genmodels.storage.paths import PROJECT
from genmodels.training import trainer
from genmodels.training.trainer import Trainer
from tests.support.forked import fork
from tests.support.helpers import is_free, is_running, see, wait_until
from tests.support.tiers import some
from tests.support.training import weights

pytestmark = [pytest.mark.distributed, pytest.mark.slow, pytest.mark.usefixtures("forked")]
DEADLINE = 120.0  # seconds; a busy machine may need long to load torch
OPTIONS = "vae --epochs 2 --batch-size 40 --learning-rate 1e-4 --width 4 --hidden 16 --latent-dim 2 --device cpu"


class Rows(Report):
    def __init__(self) -> None:
        self.rows: dict[tuple[int, str], float] = {}

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        self.rows |= {(step, name): value for name, value in values.items()}


# A group of processes that is still open when Python ends aborts the process now and then: its threads ask for the interpreter.
THEN_SAY_WHETHER_THEY_HAVE_PARTED = """
from genmodels.cli import train
code = train.main()
import torch.distributed
print("JOINED STILL" if torch.distributed.is_initialized() else "PARTED", flush=True)
raise SystemExit(code)
"""


def launch(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    script = folder / "script.py"
    script.write_text(THEN_SAY_WHETHER_THEY_HAVE_PARTED)
    launcher = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    return subprocess.Popen(
        [*launcher, f"--log-dir={folder}", str(script), *arguments],
        cwd=PROJECT, env=os.environ | {"PYTHONPATH": str(PROJECT)}, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def train_two(log: Path, *words: str) -> None:
    """Train in two processes, started as torchrun does, which part before they end."""
    common = {
        "WORLD_SIZE": "2",
        "LOCAL_WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(get_free_port()),
    }
    with log.open("w") as file:
        ranks = [
            fork(
                train_and_part,
                words,
                output=file.fileno(),
                environment=os.environ | common | {"RANK": rank, "LOCAL_RANK": rank},
            )
            for rank in "01"
        ]
    for rank in ranks:
        rank.join(DEADLINE)
    assert [rank.exitcode for rank in ranks] == [0, 0], log.read_text()


def train_and_part(words: Sequence[str]) -> int:
    return train.main([*words]) or int(torch.distributed.is_initialized())


GANS = [
    "dcgan",
    "cgan --condition picture",
    "infogan --hidden 16 --shift 1 --distortion 1 --diversity-weight 1 --instance-noise 0.2",
]


@pytest.mark.parametrize("options", some(GANS, GANS[1]))
def test_two_processes_play_the_same_game_as_one_with_batch_norm_over_both(tmp_path: Path, options: str):
    small = "--epochs 1 --batch-size 400 --width 4 --latent-dim 4 --device cpu --check-every 0 --preview-every 0"
    train_two(tmp_path / "log", *options.split(), *small.split())
    store, alone = Store(), Rows()
    (run,) = store.runs()
    Trainer(families.parse(run.config), tmp_path / "alone", alone).run()
    AcceleratorState._reset_state()
    table = store.metrics(run.id)
    for step, name, value in zip(table["step"], table["name"], table["value"], strict=True):
        if "gradient" not in name:  # the mean of two lengths is not that of their mean
            assert value == pytest.approx(alone.rows[step, name], rel=2e-3, abs=2e-3), (step, name)
    ours, theirs = weights(store.folder(run.id)), weights(tmp_path / "alone")
    assert ours.keys() == theirs.keys()
    for name in ours:
        if name.endswith(("running_mean", "running_var")):
            torch.testing.assert_close(ours[name], theirs[name], rtol=1e-2, atol=1e-3)


@pytest.mark.exhaustive
def test_two_processes_stopped_by_ctrl_c_and_resumed_make_one_run_with_the_numbers_of_one_process(tmp_path: Path):
    """200 steps with a row every 10, so that the stop nearly always falls within a row, which then is of two lives."""
    store = Store()
    with launch(tmp_path, *OPTIONS.split()) as first:
        try:
            deadline = time.monotonic() + DEADLINE
            while not any(run.step > 0 for run in store.runs()):
                assert first.poll() is None, "it ended before it trained"
                assert time.monotonic() < deadline
                time.sleep(0.02)
            first.send_signal(signal.SIGINT)  # as a terminal does: the launcher hands it on
            output, _ = first.communicate(timeout=DEADLINE)
        finally:
            first.terminate()
    (run,) = store.runs()
    assert run.state == "stopped", output
    assert output.count("PARTED") == 2
    assert output.count(f"Resume with: python train.py --resume {run.id}") == 1
    saved = checkpoint.steps(store.folder(run.id) / "checkpoints")[-1]
    assert run.step <= saved < run.total_steps == 200

    train_two(tmp_path / "log", "--resume", run.id)
    assert (tmp_path / "log").read_text().count(f"Resumed from step {saved}.") == 1
    (run,) = store.runs()
    assert (run.state, run.step, run.attempt) == ("finished", 200, 2)
    assert [path.name for path in store.runs_folder.iterdir()] == [run.id]

    alone = Rows()
    Trainer(families.parse(run.config), tmp_path / "alone", alone).run()
    AcceleratorState._reset_state()
    table = store.metrics(run.id)
    rows = dict(zip(zip(table["step"], table["name"], strict=True), table["value"], strict=True))
    assert rows.keys() == alone.rows.keys()
    for (step, name), value in rows.items():
        if name != "train/active_units":  # a count, of which there is no mean over processes
            assert value == pytest.approx(alone.rows[step, name], rel=1e-4, abs=1e-4), (step, name)
    ours, theirs = weights(store.folder(run.id)), weights(tmp_path / "alone")
    assert ours.keys() == theirs.keys()
    for name in ours:
        torch.testing.assert_close(ours[name], theirs[name], rtol=1e-4, atol=1e-4)


@pytest.mark.exhaustive
def test_a_run_of_two_processes_starts_like_any_other_and_no_death_of_one_leaves_the_other_or_loses_the_run():
    store = Store()
    config = train.parse([*OPTIONS.split(), "--processes", "2"]).config
    assert config is not None
    run = queue.start(store, config)

    def both() -> list[psutil.Process]:
        """The worker, and the process that it has started; they train."""
        begun = see(store, run).step
        wait_until(lambda: see(store, run).state == "running" and see(store, run).step > begun)
        worker = psutil.Process(see(store, run).pid)
        return [worker, *worker.children()]

    _, second = both()
    second.kill()
    wait_until(lambda: see(store, run).state == "failed")
    assert "resume" in see(store, run).error
    wait_until(lambda: is_free(store, run))

    queue.resume(store, run.id)
    first, second = both()
    first.kill()
    wait_until(lambda: not is_running(first) and not is_running(second), DEADLINE)
    queue.mark_interrupted(store)
    assert see(store, run).state == "interrupted"

    queue.resume(store, run.id)
    wait_until(lambda: see(store, run).state == "finished")
    assert see(store, run).step == 200
    log = (store.folder(run.id) / "worker.log").read_text()
    assert log.count("Training VAE") == 3  # the second process tells and writes nothing


@pytest.mark.usefixtures("own_signals")
def test_a_process_whose_main_one_leaves_while_they_meet_goes_quietly_and_no_other_error_is_hidden(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    errors = [DistNetworkError("Broken pipe"), RuntimeError("shapes differ")]

    def meet(*arguments: object) -> None:
        raise errors.pop(0)

    monkeypatch.setattr(trainer, "Trainer", meet)
    monkeypatch.setattr(train, "die_with_parent", lambda: None)
    monkeypatch.setenv("RANK", "1")
    assert train.main(["vae"]) == 1
    assert capfd.readouterr() == ("", "")
    with pytest.raises(RuntimeError, match="shapes differ"):
        train.main(["vae"])
