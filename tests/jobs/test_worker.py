"""The training process before and around the loop, run in this process."""

import math
import os
import signal
import time
from typing import Any, NoReturn

import pytest

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.jobs import queue, worker
from genmodels.runs.store import Store
from genmodels.training import trainer

pytestmark = pytest.mark.usefixtures("own_signals")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
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


def test_the_health_of_a_run_is_noted_when_it_changes_and_each_finding_told_once():
    store = Store()
    run = store.create(DCGANConfig().model_dump())
    told: list[str] = []
    report = worker.StoreReport(store, run, told.append, lambda *values: None)
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
