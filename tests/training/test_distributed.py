"""Two real processes on the CPU, joined by gloo: the numbers of one process with the same global batch."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
import torch
from accelerate.state import AcceleratorState

from genmodels.checkpoints import checkpoint
from genmodels.cli import train
from genmodels.config import families
from genmodels.config.base import RunConfig
from genmodels.jobs import queue
from genmodels.runs.store import Store
from genmodels.storage.callbacks import Report
from genmodels.storage.paths import PROJECT
from genmodels.training.trainer import Trainer
from tests.support.helpers import is_running, see, wait_until
from tests.support.training import weights

pytestmark = [pytest.mark.distributed, pytest.mark.slow]
DEADLINE = 120.0  # seconds; a busy machine may need long to load torch
OPTIONS = "vae --epochs 2 --batch-size 16 --learning-rate 1e-4 --width 4 --hidden 16 --latent-dim 2 --device cpu"


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


def two_processes() -> RunConfig:
    config = train.parse([*OPTIONS.split(), "--processes", "2"]).config
    assert config is not None
    return config


GANS = [
    "dcgan",
    "cgan --condition picture",
    "infogan --hidden 16 --shift 1 --distortion 1 --diversity-weight 1 --instance-noise 0.2",
]


@pytest.mark.parametrize("options", GANS)
def test_two_processes_play_the_same_game_as_one_with_batch_norm_over_both(tmp_path: Path, options: str):
    small = "--epochs 1 --batch-size 400 --width 4 --latent-dim 4 --device cpu --check-every 0 --preview-every 0"
    config = train.parse([*options.split(), *small.split()]).config
    assert config is not None
    store = Store()
    run = queue.start(store, config.model_copy(update={"processes": 2}))
    alone = Rows()
    Trainer(config, tmp_path / "alone", alone).run()
    AcceleratorState._reset_state()
    wait_until(lambda: see(store, run).state in ("finished", "failed"))
    assert see(store, run).state == "finished", see(store, run).error
    table = store.metrics(run.id)
    for step, name, value in zip(table["step"], table["name"], table["value"], strict=True):
        if "gradient" not in name:  # the mean of two lengths is not that of their mean
            assert value == pytest.approx(alone.rows[step, name], rel=2e-3, abs=2e-3), (step, name)
    ours, theirs = weights(store.folder(run.id)), weights(tmp_path / "alone")
    assert ours.keys() == theirs.keys()
    for name in ours:
        if name.endswith(("running_mean", "running_var")):
            torch.testing.assert_close(ours[name], theirs[name], rtol=1e-2, atol=1e-3)


def test_two_processes_stopped_by_ctrl_c_and_resumed_make_one_run_with_the_numbers_of_one_process(tmp_path: Path):
    """500 steps with a row every 25, so that the stop nearly always falls within a row, which then is of two lives."""
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
    assert run.step <= saved < run.total_steps == 500

    with launch(tmp_path, "--resume", run.id) as second:
        output, _ = second.communicate(timeout=DEADLINE)
    assert second.returncode == 0, output
    assert output.count("PARTED") == 2
    assert output.count(f"Resumed from step {saved}.") == 1
    (run,) = store.runs()
    assert (run.state, run.step, run.attempt) == ("finished", 500, 2)
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


def test_a_run_of_two_processes_starts_like_any_other_and_leaves_none_behind_when_it_is_killed():
    store = Store()
    run = queue.start(store, two_processes())

    def family() -> list[psutil.Process]:
        """The worker, and the process that it has started."""
        worker = psutil.Process(see(store, run).pid)
        return [worker, *worker.children()]

    wait_until(lambda: see(store, run).step > 0)
    first = family()
    assert len(first) == 2
    first[0].kill()
    wait_until(lambda: not any(map(is_running, first)), DEADLINE)
    queue.mark_interrupted(store)
    assert see(store, run).state == "interrupted"

    queue.resume(store, run.id)
    wait_until(lambda: see(store, run).state == "finished")
    assert see(store, run).step == 500
    log = (store.folder(run.id) / "worker.log").read_text()
    assert log.count("Training VAE") == 2  # the second process tells and writes nothing


def test_a_run_whose_second_process_dies_fails_with_a_sentence_and_can_be_resumed():
    store = Store()
    run = queue.start(store, two_processes())
    wait_until(lambda: see(store, run).step > 0)
    (second,) = psutil.Process(see(store, run).pid).children()
    second.kill()
    wait_until(lambda: see(store, run).state == "failed")
    assert "resume" in see(store, run).error


ALONE = """
import genmodels.training.trainer
from genmodels.cli import train
from torch.distributed import DistNetworkError
errors = [DistNetworkError("Broken pipe"), RuntimeError("shapes differ")]
def meet(*arguments):
    raise errors.pop(0)
genmodels.training.trainer.Trainer = meet
print("left with", train._follow(train.parse(["vae"])))
train._follow(train.parse(["vae"]))
"""


def test_a_process_whose_main_one_leaves_while_they_meet_goes_quietly_and_no_other_error_is_hidden():
    done = subprocess.run([sys.executable, "-c", ALONE], cwd=PROJECT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "left with 1\n")
    assert "Broken pipe" not in done.stderr
    assert done.stderr.endswith("RuntimeError: shapes differ\n")
