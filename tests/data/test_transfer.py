"""Copies to a CUDA device and back, which is only pretended: the host waits for none."""

import pytest
import torch

from genmodels.data import dataset, transfer
from genmodels.data.dataset import CPU, Dataset
from genmodels.data.transfer import HostCopy
from tests.support.pretended_cuda import CUDA, pretended_cuda

IMAGES = torch.arange(20 * 4, dtype=torch.uint8).view(20, 1, 2, 2)
LABELS = torch.arange(20) % 3


@pytest.mark.parametrize("labels", [LABELS, None], ids=["labels", "no labels"])
@pytest.mark.parametrize("memory_limit", [10, dataset.MEMORY_LIMIT], ids=["streamed", "resident"])
def test_no_batch_is_waited_for(monkeypatch: pytest.MonkeyPatch, labels: torch.Tensor | None, memory_limit: int):
    with pretended_cuda(monkeypatch) as host:
        images = Dataset(torch.zeros_like(IMAGES), None if labels is None else torch.zeros_like(labels), ())
        images = images.to(CUDA, memory_limit)
        host.waits.clear()
        found = [images.batch(torch.arange(5)), *images.batches(torch.arange(20).view(5, 4)[1:, :2])]
        assert [len(batch) for batch, _ in found] == [5, 2, 2, 2, 2]
        for batch, own in found:
            assert batch.device == CUDA
            assert own is None if labels is None else own.device == CUDA  # type: ignore[union-attr]
    assert host.waits == []


@pytest.mark.parametrize("memory_limit", [10, dataset.MEMORY_LIMIT], ids=["streamed", "resident"])
def test_batches_are_those_of_their_indices(memory_limit: int):
    images, indices = Dataset(IMAGES, LABELS, ()).to(CPU, memory_limit), torch.randperm(20)[:18].view(3, 6)[:, 2:]
    found = list(images.batches(indices))
    assert len(found) == 3
    for (batch, labels), row in zip(found, indices, strict=True):
        assert torch.equal(batch, IMAGES[row])
        assert labels is not None
        assert torch.equal(labels, LABELS[row])


def test_a_batch_is_copied_while_the_one_before_is_used(monkeypatch: pytest.MonkeyPatch):
    told: list[str] = []
    moved = transfer._moved

    def watched(batch: transfer.Labelled, device: torch.device) -> transfer.Labelled:
        told.append(f"copy {len(batch[0])}")
        return moved(batch, device)

    monkeypatch.setattr(transfer, "_moved", watched)
    with pretended_cuda(monkeypatch) as host:
        for images, _ in transfer.copied_ahead([(torch.zeros(n, 4), None) for n in (1, 2, 3)], CUDA):
            told.append(f"use {len(images)}")
    assert told == ["copy 1", "copy 2", "use 1", "copy 3", "use 2", "use 3"]
    assert host.waits == []


def test_no_batches_are_none(monkeypatch: pytest.MonkeyPatch):
    with pretended_cuda(monkeypatch):
        assert list(transfer.copied_ahead([], CUDA)) == []


def test_only_who_asks_for_a_copy_waits_for_it(monkeypatch: pytest.MonkeyPatch):
    with pretended_cuda(monkeypatch) as host:
        weights = torch.zeros(2, 3, 4, 4, device=CUDA).to(memory_format=torch.channels_last)
        copy = HostCopy({"weights": weights, "state": torch.zeros(16, dtype=torch.uint8)})
        assert host.waits == []
        copies = copy.wait()
        assert host.waits == ["an event"]
        assert copies["weights"].device == CPU
        assert copies["weights"].is_contiguous()


def test_a_copy_is_of_its_moment():
    tensor = torch.ones(2, 3, 4, 4).to(memory_format=torch.channels_last)
    copy = HostCopy({"one": tensor})
    tensor.zero_()
    assert copy.wait()["one"].is_contiguous()
    assert (copy.wait()["one"] == 1).all()
