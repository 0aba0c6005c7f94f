"""Copies between the host's memory and a device's that are queued with the device's own work, so that nobody waits for it."""

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor

Labelled = tuple[Tensor, Tensor | None]  # images and their labels


def to_device(tensor: Tensor, device: torch.device) -> Tensor:
    """``tensor`` on ``device``; from the host to CUDA by way of pinned memory, without which the host would wait."""
    if device.type != "cuda" or tensor.device.type != "cpu":
        return tensor.to(device)
    return tensor.contiguous().pin_memory().to(device, non_blocking=True)


def copied_ahead(batches: Iterable[Labelled], device: torch.device) -> Iterator[Labelled]:
    """``batches`` of the host on ``device``; to CUDA each is copied, on a stream of its own, while the one before is used."""
    if device.type != "cuda":
        yield from (_moved(batch, device) for batch in batches)
        return
    stream, coming = torch.cuda.Stream(device), None
    for batch in batches:
        before = coming
        with torch.cuda.stream(stream):
            coming = _moved(batch, device), stream.record_event()
        if before is not None:
            yield _arrived(*before)
    if coming is not None:
        yield _arrived(*coming)


def _moved(batch: Labelled, device: torch.device) -> Labelled:
    images, labels = batch
    return to_device(images, device), None if labels is None else to_device(labels, device)


def _arrived(batch: Labelled, copied: torch.cuda.Event) -> Labelled:
    """The batch for the present stream, which waits for the copy; the host does not."""
    stream = torch.cuda.current_stream()
    stream.wait_event(copied)
    for tensor in batch:
        if tensor is not None:
            tensor.record_stream(stream)  # or its memory might be given away while this stream still reads it
    return batch


class HostCopy:
    """Tensors by name, copied to the host in the order of the device's work: later steps cannot change what is copied."""

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        # Contiguous while still on the device: the host must not touch a copy on its way. torch takes pinned memory for it.
        self._copies = {
            name: tensor.detach().contiguous().to("cpu", non_blocking=True, copy=True)
            for name, tensor in tensors.items()
        }
        self._copied: torch.cuda.Event | None = None
        if any(tensor.is_cuda for tensor in tensors.values()):
            self._copied = torch.cuda.Event()
            self._copied.record()

    def wait(self) -> dict[str, Tensor]:
        """The copies, contiguous, once all are there; any thread may wait."""
        if self._copied is not None:
            self._copied.synchronize()
        return self._copies
