"""A memory that is too small: what the run says of it is taken at its word."""

from contextlib import nullcontext
from typing import Any

import pytest
import torch
from torch import Tensor

from genmodels.gpu_check import card, out_of_memory
from genmodels.gpu_check.session import Session
from genmodels.models.base import Batch
from genmodels.models.dcgan import DCGAN


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The largest batch that fits, which a test may change."""
    sizes = [6]
    step = DCGAN.step

    def limited(self: DCGAN, batch: Batch, *others: Any) -> dict[str, Tensor]:
        if len(batch.images) > sizes[0]:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return step(self, batch, *others)

    monkeypatch.setattr(DCGAN, "step", limited)
    monkeypatch.setattr(out_of_memory, "LARGEST", 16)
    monkeypatch.setattr(out_of_memory, "WIDTH", 4)
    monkeypatch.setattr(card, "with_little_memory", lambda device, room: nullcontext())
    return sizes


def test_the_batch_that_is_named_is_tried(session: Session, room: list[int]):
    (row,) = out_of_memory.check(session)
    assert row.state == "passed"
    assert row.figures["batch that fits, as the run says"].value == 4
    assert row.figures["steps that it then makes"].value == 8


def test_a_run_that_does_not_run_out_shows_nothing(session: Session, room: list[int]):
    room[0] = 16
    with pytest.raises(LookupError, match="named no batch that fits, but said: nothing, and ended well"):
        [*out_of_memory.check(session)]


def test_a_run_that_names_no_batch_fails(session: Session, room: list[int]):
    room[0] = 0
    with pytest.raises(LookupError, match=r"but said: .*not even a batch of 2 fits"):
        [*out_of_memory.check(session)]
