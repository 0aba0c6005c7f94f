"""Real worker processes: one at a time on a device, stopped, killed, resumed, and never a run lost."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from typing import Any

import pandas as pd
import pytest

import train
from genmodels.checkpoints.checkpoint import steps
from genmodels.config.families import VAEConfig
from genmodels.jobs import queue
from genmodels.jobs.devices import devices_of, hold
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.support.forked import fork, run_train, start_forked
from tests.support.helpers import end_worker, is_free, see, wait_until

DEADLINE = 120.0  # seconds; a busy machine may need long to load torch
TRAIN = [sys.executable, str(PROJECT / "train.py")]
SMALL = ["--batch-size", "200", "--width", "4", "--hidden", "16", "--check-every", "0", "--device", "cpu"]


def tiny(**values: Any) -> VAEConfig:
    small = {
        "width": 4,
        "hidden": 16,
        "latent_dim": 2,
        "batch_size": 200,
        "epochs": 1,
        "check_every": 0,
        "device": "cpu",
    }
    return VAEConfig.model_validate(small | values)


@pytest.mark.slow
@pytest.mark.usefixtures("forked")
def test_runs_take_turns_and_a_killed_one_ends_like_one_that_was_left_alone(store: Store):
    """Two processes start a run each at once, and leave. The first run is killed twice, at random moments, and resumed.

    Five epochs straight equal five with two kills, bit for bit: rows, weights and pictures.
    """
    config = tiny(epochs=5, checkpoint_every=0.7)
    device = hold(store.root / "locks", devices_of(config.model_dump()))
    assert device is not None
    starters = [fork(start_forked, store, config) for _ in "ab"]
    for starter in starters:
        starter.join(DEADLINE)
    assert [starter.exitcode for starter in starters] == [0, 0]
    killed, left_alone = store.alive()
    assert [queue.position(store, run.id) for run in (killed, left_alone)] == [1, 2]
    for descriptor in device:
        os.close(descriptor)
    moments = random.Random(0)
    seen = set()

    def states() -> tuple[str, str]:
        both = {run.id: run.state for run in store.runs()}  # of one moment
        seen.add((both[killed.id], both[left_alone.id]))
        return both[killed.id], both[left_alone.id]

    reach = moments.randint(5, 25)
    wait_until(lambda: states() and see(store, killed).step >= reach)
    time.sleep(moments.uniform(0, 0.2))  # anywhere in a step, a row or a save
    assert see(store, killed).state == "running", "it ended before it could be killed"
    end_worker(store, killed.id)
    wait_until(lambda: states() == ("interrupted", "running"))  # the waiting worker has noticed, and takes its turn
    queue.resume(store, killed.id)
    assert queue.position(store, killed.id) == 2
    reach = see(store, killed).step + moments.randint(5, 25)
    wait_until(lambda: states() and see(store, killed).step >= reach)
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
        assert (ended.step, ended.total_steps, ended.epoch, ended.pid) == (100, 100, 5.0, None)
        assert (ended.error, ended.device) == ("", "cpu")
    ours, theirs = (store.metrics(run.id).drop(columns="id") for run in (killed, left_alone))
    pd.testing.assert_frame_equal(ours, theirs, check_exact=True)
    assert ours.query("name == 'train/neg_elbo'")["step"].tolist() == list(range(2, 101, 2))
    for pattern in ("checkpoints/step-00000100/weights.safetensors", "pictures/*.png"):
        left, right = (
            {file.name: file.read_bytes() for file in store.folder(run.id).glob(pattern)}
            for run in (killed, left_alone)
        )
        assert left
        assert left == right


@pytest.mark.slow
@pytest.mark.usefixtures("forked")
@pytest.mark.exhaustive
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
    options = ["vae", "--epochs", "4", *SMALL]
    worker = subprocess.Popen([*TRAIN, *options], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    wait_until(lambda: [run for run in store.runs() if run.step > 0])
    worker.send_signal(signal.SIGINT)
    output, _ = worker.communicate(timeout=DEADLINE)
    (run,) = store.runs()
    assert (worker.returncode, run.state) == (0, "stopped")
    assert output.endswith(f"\nResume with: python train.py --resume {run.id}\n")
    assert "Traceback" not in output
    (saved,) = steps(store.folder(run.id) / "checkpoints")[-1:]
    assert saved < 80

    # As it would be had that worker been killed while it was stopping.
    store.update(run.id, state="running", stop_requested=True, pid=worker.pid)
    monkeypatch.setattr(sys, "argv", ["train.py", "--resume", run.id])
    assert (train.main(), see(store, run).state) == (0, "finished")
    assert f"Resumed from step {saved}." in capsys.readouterr().out
    assert store.metrics(run.id).query("name == 'train/kl'")["step"].tolist() == list(range(2, 81, 2))


@pytest.mark.slow
def test_a_closed_terminal_stops_a_run_as_ctrl_c_does_and_nothing_is_lost(store: Store):
    terminal, output = os.pipe()
    worker = run_train(output, "vae", "--epochs", "100", *SMALL)
    os.close(output)
    wait_until(lambda: [run for run in store.runs() if run.step > 0])
    os.close(terminal)
    assert worker.pid is not None
    os.kill(worker.pid, signal.SIGHUP)
    worker.join(DEADLINE)
    assert worker.exitcode == 0
    (run,) = store.runs()
    assert (run.state, run.error) == ("stopped", "")
    assert steps(store.folder(run.id) / "checkpoints")[-1] >= run.step > 0


def test_a_run_that_is_not_there_cannot_be_resumed(store: Store):
    with pytest.raises(queue.JobError, match=r"^There is no run nothing: [^.]+\.$"):
        queue.resume(store, "nothing")
    command = subprocess.run([*TRAIN, "--resume", "nothing"], capture_output=True, text=True, timeout=DEADLINE)
    assert (command.returncode, command.stderr) == (1, f"train.py: There is no run nothing in {store.root}.\n")
