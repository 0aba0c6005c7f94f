"""What is asked of a card; it is only pretended here."""

from typing import Any

import pytest
import torch

from genmodels.gpu_check import card
from genmodels.gpu_check.precision import tf32
from genmodels.gpu_check.row import Skipped

CARD = torch.device("cuda:0")
TOTAL, HELD, ROOM = 1000, 100, 50


class Properties:
    total_memory = TOTAL


@pytest.fixture
def fractions(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The shares of the memory that this process was given, one after the other."""
    given: list[float] = []

    def give(fraction: float, device: torch.device) -> None:
        assert isinstance(fraction, float)
        assert device.index is not None, "torch refuses a device without its index here"
        given.append(fraction)

    monkeypatch.setattr(torch.cuda, "set_per_process_memory_fraction", give)
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda device: Properties)
    monkeypatch.setattr(torch.cuda, "memory_reserved", lambda device: HELD)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    return given


def test_a_process_is_given_all_of_the_memory_again(fractions: list[float]):
    def run_out() -> None:
        with card.with_little_memory(CARD, ROOM):
            assert fractions == [0.15]
            raise torch.OutOfMemoryError

    with pytest.raises(torch.OutOfMemoryError):
        run_out()
    assert fractions == [0.15, 1.0]


def test_more_than_there_is_cannot_be_given(fractions: list[float]):
    with card.with_little_memory(CARD, TOTAL):
        assert fractions == [1.0]


def test_on_the_cpu_there_is_nothing_of_the_kind():
    cpu = torch.device("cpu")
    with pytest.raises(Skipped), card.with_little_memory(cpu, ROOM):
        pass
    card.wait(cpu)
    card.forget_peak(cpu)
    assert card.peak(cpu) is None


def flags() -> tuple[Any, ...]:
    cudnn, cublas = torch.backends.cudnn, torch.backends.cuda.matmul
    return cudnn.allow_tf32, cublas.allow_tf32, cudnn.conv.fp32_precision == "tf32", cublas.fp32_precision == "tf32"  # type: ignore[attr-defined]


@pytest.mark.parametrize("allowed", [True, False])
def test_tf32_is_allowed_in_a_block_alone_and_both_kinds_of_flags_agree(allowed: bool):
    before = flags()
    with tf32(allowed):
        assert flags() == (allowed,) * 4
        with tf32(not allowed):
            assert flags() == (not allowed,) * 4
    assert flags() == before == (True, False, True, False)
