"""The training process before and around the loop, run in this process."""

import math
import os
import signal
import time
from pathlib import Path
from typing import Any, NoReturn

import pytest

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.errors import DataError
from genmodels.jobs import queue, worker
from genmodels.jobs.stop_signal import StopSignal
from genmodels.jobs.store_report import StoreReport
from genmodels.runs.store import Store
from genmodels.training import trainer
from tests.support.helpers import is_free, see
from tests.support.training import quicken, tiny

pytestmark = pytest.mark.usefixtures("own_signals")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_stop_while_the_data_arrive_is_obeyed_at_once(monkeypatch: pytest.MonkeyPatch, number: int):
    class Downloading:
        def __init__(self, *arguments: Any) -> None:
            os.kill(os.getpid(), number)
            time.sleep(600)

        def run(self, should_stop: Any) -> NoReturn:
            raise AssertionError("training was started")

    monkeypatch.setattr(trainer, "Trainer", Downloading)
    store = Store()
    run = store.create(VAEConfig(device="cpu").model_dump())
    assert worker.work(store, run, queue.hold(store, run.id), print) == "stopped"
    ended = store.get(run.id)
    assert ended is not None
    assert (ended.state, ended.stop_requested, ended.pid) == ("stopped", False, None)
    os.close(queue.hold(store, run.id))


def test_under_nohup_the_end_of_the_terminal_stops_nothing():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop = StopSignal()
    os.kill(os.getpid(), signal.SIGHUP)
    assert not stop.received
    os.kill(os.getpid(), signal.SIGTERM)
    assert stop.received


def test_the_time_left_is_counted_with_the_batch_that_training_has(monkeypatch: pytest.MonkeyPatch):
    """100 images, and batches of 500 are asked for: an epoch is one step of 100 images, and three are left."""
    quicken(monkeypatch).update(train=100)
    store, config = Store(), tiny(batch_size=500, epochs=4)
    run = store.create(config.model_dump())
    report = StoreReport(store, run, print, lambda *values: None)
    loop = trainer.Trainer(config, store.folder(run.id), report)
    assert loop.run(lambda: loop.step >= 1) == "stopped"
    store.update(run.id, images_per_second=50.0)
    found = store.get(run.id)
    assert found is not None
    assert (found.step, found.seconds_left) == (1, 3 * 100 / 50)


def test_a_run_that_resumes_on_other_images_says_so():
    store = Store()
    run = store.create(DCGANConfig().model_dump())
    for step, images, said in ((0, "a", 0), (10, "a", 0), (20, "b", 1), (0, "c", 1)):
        current = store.get(run.id)
        assert current is not None
        StoreReport(store, current, print, lambda *values: None).started(step, 100, {"device": "cpu", "data": images})
        assert len(store.events(run.id)) == said, (step, images)


def test_the_health_of_a_run_is_noted_when_it_changes_and_each_finding_told_once():
    store = Store()
    run = store.create(DCGANConfig().model_dump())
    told: list[str] = []
    report = StoreReport(store, run, told.append, lambda *values: None)
    good = {"score/diversity": 1.0, "score/variants": 1.0, "score/contrast": 1.0, "score/roughness": 1.0}
    states = []
    for epoch, scores in enumerate(
        [good, good, good | {"score/roughness": 5.0}, good | {"score/roughness": 5.0}, good], 1
    ):
        report.metrics(100 * epoch, epoch, scores)
        now = store.get(run.id)
        assert now is not None
        states.append(now.health)
    assert states == ["good", "good", "noise", "noise", "good"]
    assert [text.partition(",")[0] for text in told] == ["The samples are noise"]
    assert [event["text"] for event in store.events(run.id)] == told

    report.metrics(501, 5.01, {"train/g_loss": math.nan})
    now = store.get(run.id)
    assert now is not None
    assert now.health == "not finite"
    assert len(told) == 1, "training ends with a sentence of its own"


def test_a_run_without_data_fails_with_one_sentence(store: Store, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    run = store.create(tiny(dataset="folder", folder=str(tmp_path / "nowhere")).model_dump())
    assert worker.work(store, run, queue.hold(store, run.id), print) == "failed"
    ended = see(store, run)
    assert ended.state == "failed"
    assert ended.error.startswith(f"There is no folder {tmp_path / 'nowhere'}")
    assert len(ended.error.splitlines()) == 1
    assert [event["text"] for event in store.events(run.id) if event["level"] == "error"] == [ended.error]
    assert "Traceback" not in "".join(capfd.readouterr())


class OutOfMemoryError(RuntimeError):
    """As torch calls it."""


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


def test_that_it_is_too_early_to_tell_is_told_once_and_only_to_who_started_the_run():
    store = Store()
    run = store.create(DCGANConfig(epochs=3).model_dump())
    told: list[str] = []
    report = StoreReport(store, run, told.append, lambda *values: None)
    blobs = {"score/diversity": 0.4, "score/variants": 0.4, "score/contrast": 0.4, "score/roughness": 2.0}
    for epoch in (1, 2):
        report.metrics(100 * epoch, epoch, blobs)
        now = store.get(run.id)
        assert now is not None
        assert now.health == "too early to tell"
    assert told == ["Too early to tell: the samples are still taking shape."]
    report.metrics(300, 3, blobs)
    assert told[1:] == [
        "Too early to tell: the run ended before its samples had taken shape. Start again with more epochs."
    ]
    assert store.events(run.id) == []
