"""Real worker processes: one at a time on a device, stopped, killed, resumed, and never a run lost."""

import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import train
from genmodels.checkpoints.checkpoint import steps
from genmodels.config.families import VAEConfig
from genmodels.errors import DataError
from genmodels.jobs import queue, worker
from genmodels.runs.store import Run, Store
from genmodels.storage.files import is_held, lock
from genmodels.storage.paths import PROJECT
from tests.support.helpers import end_worker, wait_until

DEADLINE = 120.0  # seconds; a busy machine may need long to load torch
NOBODY = 2**22  # the number of no process
TRAIN = [sys.executable, str(PROJECT / "train.py")]
START = "import sys; from genmodels.config import families; from genmodels.jobs import queue; from genmodels.runs.store import Store; "
START += "queue.start(Store(), families.parse(eval(sys.argv[1])))"


def tiny(**values: Any) -> VAEConfig:
    small = {"width": 4, "hidden": 16, "latent_dim": 2, "batch_size": 200, "epochs": 1, "device": "cpu"}
    return VAEConfig.model_validate(small | values)


def see(store: Store, run: Run) -> Run:
    found = store.get(run.id)
    assert found is not None
    return found


def is_free(store: Store, run: Run) -> bool:
    return not is_held(store.folder(run.id) / "worker.lock")


@pytest.fixture
def store() -> Iterator[Store]:
    """The store of the test's own home; no worker is left behind."""
    opened = Store()
    yield opened
    for run in opened.runs():
        opened.update(run.id, stop_requested=True)
        end_worker(opened, run.id)


@pytest.mark.slow
def test_runs_take_turns_and_a_killed_one_ends_like_one_that_was_left_alone(store: Store):
    """Two processes start a run each at once, and leave. The first run is killed twice, at random moments, and resumed.

    Ten epochs straight equal ten epochs with two kills, bit for bit: rows, weights and pictures.
    """
    config = tiny(epochs=10, checkpoint_every=0.7)
    starters = [subprocess.Popen([sys.executable, "-c", START, repr(config.model_dump())], cwd=PROJECT) for _ in "ab"]
    assert [starter.wait(DEADLINE) for starter in starters] == [0, 0]
    killed, left_alone = store.alive()
    assert [queue.position(store, run.id) for run in (killed, left_alone)] == [1, 2]
    moments = random.Random(0)
    seen = set()

    def states() -> tuple[str, str]:
        seen.add((see(store, killed).state, see(store, left_alone).state))
        return see(store, killed).state, see(store, left_alone).state

    first, second = moments.randint(10, 70), moments.randint(80, 120)
    wait_until(lambda: states() and see(store, killed).step >= first)
    time.sleep(moments.uniform(0, 0.2))  # anywhere in a step, a row or a save
    assert see(store, killed).state == "running", "it ended before it could be killed"
    end_worker(store, killed.id)
    wait_until(lambda: states() == ("interrupted", "running"))  # the waiting worker has noticed, and takes its turn
    queue.resume(store, killed.id)
    assert queue.position(store, killed.id) == 2
    wait_until(lambda: states() and see(store, killed).step >= second)
    time.sleep(moments.uniform(0, 0.2))
    assert see(store, killed).state == "running", "it ended before it could be killed"
    end_worker(store, killed.id)
    queue.mark_interrupted(store)
    assert (states()[0], see(store, killed).pid) == ("interrupted", None)
    queue.resume(store, killed.id)
    wait_until(lambda: states() == ("finished", "finished"))
    assert ("running", "running") not in seen

    assert [see(store, run).attempt for run in (killed, left_alone)] == [3, 1]
    for run in (killed, left_alone):
        ended = see(store, run)
        assert (ended.step, ended.total_steps, ended.epoch, ended.pid) == (200, 200, 10.0, None)
        assert (ended.error, ended.device) == ("", "cpu")
    ours, theirs = (store.metrics(run.id).drop(columns="id") for run in (killed, left_alone))
    pd.testing.assert_frame_equal(ours, theirs, check_exact=True)
    assert ours.query("name == 'train/neg_elbo'")["step"].tolist() == list(range(2, 201, 2))
    for pattern in ("checkpoints/step-00000200/weights.safetensors", "pictures/*.png"):
        left, right = (
            {file.name: file.read_bytes() for file in store.folder(run.id).glob(pattern)}
            for run in (killed, left_alone)
        )
        assert left
        assert left == right


@pytest.mark.slow
def test_of_two_runs_started_at_once_by_threads_the_waiting_and_the_running_one_can_be_stopped(store: Store):
    threads = [threading.Thread(target=queue.start, args=(store, tiny(epochs=2000))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = store.alive()
    assert [queue.position(store, run.id) for run in (first, second)] == [1, 2]
    wait_until(lambda: see(store, first).step > 0 and see(store, second).pid)
    assert (see(store, first).state, see(store, second).state) == ("running", "queued")
    queue.mark_interrupted(store)
    assert len(store.alive()) == 2

    with pytest.raises(queue.JobError, match=r"^This run is already under way: [^.]+\.$"):
        queue.resume(store, first.id)
    command = subprocess.run([*TRAIN, "--resume", first.id], capture_output=True, text=True, timeout=DEADLINE)
    assert command.returncode == 1
    assert command.stderr.splitlines() == [
        "train.py: This run is already under way: watch it on its page, or stop it first."
    ]

    queue.stop(store, second.id)
    wait_until(lambda: see(store, second).state == "stopped")
    assert (see(store, second).attempt, queue.position(store, second.id)) == (0, 0)
    assert see(store, first).state == "running"

    queue.stop(store, first.id)
    wait_until(lambda: see(store, first).state == "stopped", seconds=10)
    wait_until(lambda: is_free(store, first))
    ended = see(store, first)
    assert (ended.pid, ended.stop_requested, ended.error) == (None, False, "")
    newest = steps(store.folder(first.id) / "checkpoints")[-1]
    last_row = int(store.metrics(first.id)["step"].max())
    assert newest - 2 < last_row <= newest, "a row every other step, and nothing after the checkpoint"
    assert store.alive() == []


@pytest.mark.slow
@pytest.mark.usefixtures("own_signals")
def test_ctrl_c_saves_and_says_how_to_go_on(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    options = ["--epochs", "10", "--batch-size", "200", "--width", "4", "--hidden", "16", "--device", "cpu"]
    worker = subprocess.Popen([*TRAIN, "vae", *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    wait_until(lambda: [run for run in store.runs() if run.step > 0])
    worker.send_signal(signal.SIGINT)
    output, _ = worker.communicate(timeout=DEADLINE)
    (run,) = store.runs()
    assert (worker.returncode, run.state) == (0, "stopped")
    assert output.endswith(f"\nResume with: python train.py --resume {run.id}\n")
    assert "Traceback" not in output
    (saved,) = steps(store.folder(run.id) / "checkpoints")[-1:]
    assert saved < 200

    # As it would be had that worker been killed while it was stopping.
    store.update(run.id, state="running", stop_requested=True, pid=worker.pid)
    monkeypatch.setattr(sys, "argv", ["train.py", "--resume", run.id])
    assert (train.main(), see(store, run).state) == (0, "finished")
    assert f"Resumed from step {saved}." in capsys.readouterr().out
    assert store.metrics(run.id).query("name == 'train/kl'")["step"].tolist() == list(range(2, 201, 2))


# What needs no process of its own


@pytest.mark.usefixtures("own_signals")
def test_a_run_without_data_fails_with_one_sentence(store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    run = store.create(tiny(dataset="folder", folder=str(tmp_path / "nowhere")).model_dump())
    assert worker.work(store, run, queue.hold(store, run.id), print) == "failed"
    ended = see(store, run)
    assert ended.state == "failed"
    assert ended.error.startswith(f"There is no folder {tmp_path / 'nowhere'}")
    assert len(ended.error.splitlines()) == 1
    assert [event["text"] for event in store.events(run.id) if event["level"] == "error"] == [ended.error]
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.slow
def test_a_closed_terminal_stops_a_run_as_ctrl_c_does_and_nothing_is_lost(store: Store):
    options = ["--epochs", "100", "--batch-size", "200", "--width", "4", "--hidden", "16", "--device", "cpu"]
    worker = subprocess.Popen([*TRAIN, "vae", *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    wait_until(lambda: [run for run in store.runs() if run.step > 0])
    assert worker.stdout is not None
    worker.stdout.close()
    worker.send_signal(signal.SIGHUP)
    assert worker.wait(DEADLINE) == 0
    (run,) = store.runs()
    assert (run.state, run.error) == ("stopped", "")
    assert steps(store.folder(run.id) / "checkpoints")[-1] >= run.step > 0


class OutOfMemoryError(RuntimeError):
    """As torch calls it."""


@pytest.mark.usefixtures("own_signals")
@pytest.mark.parametrize(
    ("error", "state", "sentence"),
    [
        (None, "finished", ""),
        (
            OSError(28, "No space left on device"),
            "failed",
            "The disk or a file failed (No space left on device); free some space, then resume the run.",
        ),
        (DataError("There are no images: add some."), "failed", "There are no images: add some."),
        (
            OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB"),
            "failed",
            "The device's memory is too small for these images and networks: start again with narrower or smaller ones.",
        ),
        (
            RuntimeError("MPS backend out of memory (MPS allocated: 17.00 GiB, max allowed: 18.13 GiB)"),
            "failed",
            "The device's memory is too small for these images and networks: start again with narrower or smaller ones.",
        ),
        (
            RuntimeError("size mismatch\nin line 2"),
            "failed",
            "Training failed (RuntimeError: size mismatch); the run's worker.log has the details.",
        ),
    ],
)
def test_a_run_that_has_ended_says_how_and_can_be_resumed_at_once(
    store: Store, monkeypatch: pytest.MonkeyPatch, error: Exception | None, state: str, sentence: str
):
    def train(*arguments: object) -> str:
        if error is not None:
            raise error
        return "finished"

    monkeypatch.setattr(worker, "_train", train)
    run = store.create(tiny().model_dump())
    shown: list[str] = []
    assert worker.work(store, run, queue.hold(store, run.id), shown.append) == state
    ended = see(store, run)
    assert (ended.state, ended.error, ended.pid) == (state, sentence, None)
    assert [event["text"] for event in store.events(run.id)] == shown == ([sentence] if sentence else [])
    log = store.folder(run.id) / "worker.log"
    assert (log.exists() and "Traceback" in log.read_text()) == ("worker.log" in sentence), "where it says, it is"
    assert is_free(store, run)


@pytest.mark.parametrize(("asked", "state"), [(False, "interrupted"), (True, "stopped")])
def test_a_run_whose_worker_died_is_marked(store: Store, asked: bool, state: str):
    dead, ended = (store.create(tiny().model_dump()) for _ in range(2))
    store.update(dead.id, state="running", pid=NOBODY, stop_requested=asked)
    store.update(ended.id, state="finished")
    queue.mark_interrupted(store)
    buried = see(store, dead)
    assert (buried.state, buried.pid, buried.stop_requested) == (state, None, False)
    assert see(store, ended).state == "finished"
    assert is_free(store, dead)


def test_a_run_whose_lock_is_held_is_alive(store: Store):
    run = store.create(tiny().model_dump())
    held = queue.hold(store, run.id)
    queue.mark_interrupted(store)
    assert see(store, run).state == "queued"
    os.close(held)


def test_stopping_a_run_without_a_worker_signals_nobody(store: Store, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "kill", lambda pid, number: pytest.fail("a process was signalled"))
    dead, ended = (store.create(tiny().model_dump()) for _ in range(2))
    store.update(dead.id, state="running", pid=NOBODY)
    store.update(ended.id, state="finished", pid=NOBODY)
    queue.stop(store, dead.id)
    queue.stop(store, ended.id)
    queue.stop(store, "no such run")
    assert (see(store, dead).stop_requested, see(store, ended).stop_requested) == (True, False)


@pytest.mark.parametrize("holds", [True, False])
def test_stopping_signals_the_process_that_holds_the_lock_and_no_stranger_with_its_number(store: Store, holds: bool):
    """A number outlives its process, and means another one in another container on the same disk."""
    run = store.create(tiny().model_dump())
    held = queue.hold(store, run.id)
    other = subprocess.Popen(["sleep", "60"], pass_fds=[held] if holds else [])
    store.update(run.id, state="running", pid=other.pid)
    queue.stop(store, run.id)
    try:
        if holds:
            assert other.wait(DEADLINE) == -signal.SIGTERM
        else:
            with pytest.raises(subprocess.TimeoutExpired):
                other.wait(0.5)
        assert see(store, run).stop_requested
    finally:
        other.kill()
        other.wait()
        os.close(held)


@pytest.mark.parametrize("moment", ["before its lock", "while it waits for the lock"])
def test_a_run_that_is_deleted_while_it_is_resumed_is_one_sentence_and_stays_deleted(
    store: Store, monkeypatch: pytest.MonkeyPatch, moment: str
):
    def delete(*arguments: object) -> None:
        queue.delete(store, run.id)

    def delete_and_open(path: Path) -> int | None:
        monkeypatch.undo()
        opened = lock(path)
        store.delete(run.id)
        return opened

    run = store.create(tiny().model_dump())
    store.update(run.id, state="stopped")
    if moment == "before its lock":
        monkeypatch.setattr(queue, "make_room", delete)
    else:
        monkeypatch.setattr(queue, "lock", delete_and_open)
    with pytest.raises(queue.JobError, match=r"^This run is no longer there: [^.]+\.$"):
        queue.resume(store, run.id)
    assert list(store.runs_folder.iterdir()) == []


def test_a_run_under_way_whose_folder_somebody_removed_is_interrupted_and_can_be_deleted(store: Store):
    run = store.create(tiny().model_dump())
    shutil.rmtree(store.folder(run.id))
    queue.mark_interrupted(store)
    assert see(store, run).state == "interrupted"
    queue.delete(store, run.id)
    assert store.runs() == []


def test_a_run_that_is_not_there_cannot_be_resumed(store: Store):
    with pytest.raises(queue.JobError, match=r"^There is no run nothing: [^.]+\.$"):
        queue.resume(store, "nothing")
    command = subprocess.run([*TRAIN, "--resume", "nothing"], capture_output=True, text=True, timeout=DEADLINE)
    assert (command.returncode, command.stderr) == (1, f"train.py: There is no run nothing in {store.root}.\n")
