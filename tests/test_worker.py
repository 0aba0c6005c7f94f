"""The training process before and around the loop, run in this process."""

import os
import signal
import time
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from genmodels import jobs, trainer, worker
from genmodels.families import VAEConfig
from genmodels.store import Store


@pytest.fixture(autouse=True)
def own_signals() -> Iterator[None]:
    """A worker takes over the signals of its process; here they are given back."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


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
    assert worker.work(store, run, jobs.hold(store, run.id), print) == "stopped"
    ended = store.get(run.id)
    assert ended is not None
    assert (ended.state, ended.stop_requested, ended.pid) == ("stopped", False, None)
    os.close(jobs.hold(store, run.id))
