"""When training stops: at the same step in all processes, and without waiting for the device at any."""

from typing import Any

import pytest
import torch

from genmodels.training import stop_check
from genmodels.training.stop_check import ANSWERED_AFTER, StopCheck
from tests.support.pretended_cuda import CUDA, pretended_cuda


class Two:
    """In Accelerate's place, of two processes; the other one asks for nothing."""

    num_processes = 2

    def __init__(self, device: torch.device, main: bool = True) -> None:
        self.device, self.is_main_process = device, main

    def reduce(self, tensor: torch.Tensor, how: str) -> torch.Tensor:
        return tensor.clone()


@pytest.fixture(autouse=True)
def at_every_step(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stop_check, "STOP_CHECK_SECONDS", 0.0)


def test_the_step_to_stop_at_is_agreed_on_some_steps_ahead():
    asked = iter([False, True, True])
    accelerator: Any = Two(torch.device("cpu"))
    stop = StopCheck(lambda: next(asked), accelerator)
    answers = [stop() for _ in range(3 * ANSWERED_AFTER)]
    assert answers == [False] * (3 * ANSWERED_AFTER - 1) + [True]


def test_only_the_main_process_is_asked():
    accelerator: Any = Two(torch.device("cpu"), main=False)
    stop = StopCheck(lambda: True, accelerator)
    assert not any(stop() for _ in range(5 * ANSWERED_AFTER))


def test_no_step_waits_for_the_device_but_for_one_long_done(monkeypatch: pytest.MonkeyPatch):
    accelerator: Any = Two(CUDA)
    with pretended_cuda(monkeypatch) as host:
        stop = StopCheck(lambda: False, accelerator)
        for _ in range(2 * ANSWERED_AFTER - 1):
            stop()
        assert host.waits == []
        stop()
        assert host.waits == ["an event"], "recorded so many steps before"
