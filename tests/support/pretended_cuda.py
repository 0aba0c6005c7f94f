"""A card that is not there: tensors on "cuda" without values, and an account of what would make the host wait for it.

Shapes, types and devices are those of a card, as ``FakeTensorMode`` follows them, which refuses mixed devices. Autograd's engine alone
asks for the driver, so gradients come from nowhere.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils._python_dispatch import TorchDispatchMode

from genmodels.data.noise import Noise
from genmodels.models.base import Family

CUDA = torch.device("cuda", 0)


class Host(TorchDispatchMode):
    """``waits``: what the host would have waited for, as names of torch's operators."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[str] = []

    def __torch_dispatch__(self, operator: Any, types: Any, arguments: Any = (), options: Any = None) -> Any:
        name, options = str(operator), options or {}
        first = next((argument for argument in arguments if isinstance(argument, Tensor)), None)
        if name == "aten._local_scalar_dense.default" and first is not None:
            if first.is_cuda:
                self.waits.append(name)
            return 0.0
        if name.startswith(("aten.nonzero", "aten.masked_select", "aten.unique", "aten._unique")):
            self.waits.append(name)
        if name.startswith(("aten.index.", "aten.index_put")):
            self.waits += [
                f"{name} of a mask" for index in arguments[1] if index is not None and index.dtype == torch.bool
            ]
        if name == "aten._to_copy.default" and first is not None:
            self._copy(first, torch.device(options.get("device") or first.device), options.get("non_blocking", False))
        if name == "aten.copy_.default":
            self._copy(arguments[1], arguments[0].device, arguments[2] if len(arguments) > 2 else False)
        return operator(*arguments, **options)

    def _copy(self, tensor: Tensor, target: torch.device, non_blocking: bool) -> None:
        if tensor.device.type == target.type:
            return
        pinned = target.type == "cpu" or getattr(tensor, "pinned", False)  # torch pins what it copies to
        if not (non_blocking and pinned):
            self.waits.append(f"a copy from {tensor.device.type} to {target.type}")


def in_bf16(forward: Callable) -> Callable:
    """``torch.autocast`` to bf16, which turns itself off where there is no driver."""

    @functools.wraps(forward)
    def cast(*arguments: Any) -> Any:
        torch.set_autocast_enabled("cuda", True)
        torch.set_autocast_dtype("cuda", torch.bfloat16)
        try:
            return forward(*arguments)
        finally:
            torch.set_autocast_enabled("cuda", False)
            torch.clear_autocast_cache()

    return cast


class Autograd:
    """In Accelerate's place: mixed precision as there, but gradients that are not computed."""

    num_processes, device = 1, CUDA

    def __init__(self, precision: str) -> None:
        self.precision = precision
        self.networks: list[nn.Module] = []

    def prepare(self, network: nn.Module) -> nn.Module:
        self.networks.append(network)
        if self.precision == "bf16":
            network.forward = in_bf16(network.forward)
        return network

    def backward(self, loss: Tensor) -> None:
        assert loss.shape == ()
        assert loss.requires_grad
        for network in self.networks:
            for parameter in network.parameters():
                parameter.grad = torch.empty_like(parameter) if parameter.requires_grad else None


class Drawn(Noise):
    """Noise of a generator that there cannot be without a driver."""

    def __init__(self, seed: int = 0, device: Any = CUDA, rank: int = 0, processes: int = 1) -> None:
        self.seed, self.rank, self.processes = seed, rank, processes
        self.generator = type("Generator", (), {"device": CUDA})()

    def normal(self, n: int, *shape: int) -> Tensor:
        return torch.randn(n, *shape, device=CUDA)

    def uniform(self, n: int, *shape: int) -> Tensor:
        return torch.rand(n, *shape, device=CUDA)

    def integers(self, n: int, below: int) -> Tensor:
        return torch.randint(below, (n,), device=CUDA)


def gradient(outputs: Any, inputs: Tensor, **options: Any) -> tuple[Tensor]:
    """In the place of ``torch.autograd.grad``: the gradient's shape, which depends on both."""
    return (torch.empty_like(inputs) * outputs,)


def moved_to_cuda(family: Family, device: Any = CUDA) -> Family:
    """In the place of ``Family.to``, which gives a network's own weights other values: all of it, without values."""
    for network in (*family.networks.values(), *family.averaged.values(), *family.frozen.values()):
        for module in network.modules():
            for name, weight in module.named_parameters(recurse=False):
                setattr(module, name, nn.Parameter(torch.empty_like(weight, device=CUDA), weight.requires_grad))
            for name, buffer in module.named_buffers(recurse=False):
                setattr(module, name, torch.empty_like(buffer, device=CUDA))
    return family


@contextmanager
def pretended_cuda(monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """Tensors can be on "cuda" in this block, and the host's waits are counted."""

    class Stream:
        def __init__(self, device: Any = None) -> None: ...

        def record_event(self) -> "Event":
            return Event()

        def wait_event(self, event: "Event") -> None: ...

    class Event:
        def record(self) -> None: ...

        def synchronize(self) -> None:
            host.waits.append("an event")

    def entered(stream: Stream) -> AbstractContextManager:
        return nullcontext()

    def pinned(tensor: Tensor) -> Tensor:
        copy = tensor.clone()
        copy.pinned = True  # type: ignore[attr-defined]
        return copy

    for name, stand_in in {"Stream": Stream, "Event": Event, "stream": entered, "current_stream": Stream}.items():
        monkeypatch.setattr(torch.cuda, name, stand_in)
    monkeypatch.setattr(Tensor, "pin_memory", pinned)
    monkeypatch.setattr(Tensor, "record_stream", lambda tensor, stream: None)
    monkeypatch.setattr(torch.autograd, "grad", gradient)
    host = Host()
    with FakeTensorMode(allow_non_fake_inputs=True), host:
        yield host
