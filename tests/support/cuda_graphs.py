"""The memory of CUDA graphs, replayed on the CPU by torch's own rules.

With ``mode="reduce-overhead"`` what a compiled network gives lies in memory that a later generation of calls overwrites; touching it
then is an error. When a generation begins is decided by ``torch._inductor.cudagraph_trees``, whose code runs here, on the
graphs of forward and backward as ``torch.compile`` traces them. Only the compiler itself and the card are missing.
"""

import functools
import weakref
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch._dynamo.backends.common import aot_autograd
from torch._functorch.aot_autograd import make_boxed_func
from torch._inductor.cudagraph_trees import CompilationMode, CUDAGraphTreeManager


class GraphMemory(CUDAGraphTreeManager):
    """A backend for ``torch.compile``. ``generations``: how many began after the first."""

    def __init__(self) -> None:  # without torch's own, which asks for a card
        self.current_gen = -1
        self.running_forwards_with_pending_backwards = False
        self.generations = 0
        self.outputs: list[weakref.ref[torch.UntypedStorage]] = []  # of the present generation
        self.compile = aot_autograd(
            fw_compiler=functools.partial(self._compiled, CompilationMode.FORWARD),
            bw_compiler=functools.partial(self._compiled, CompilationMode.BACKWARD),
            inference_compiler=functools.partial(self._compiled, CompilationMode.INFERENCE),
        )

    def __call__(self, graph: Any, inputs: Any, **options: Any) -> Any:
        return self.compile(graph, inputs)

    def _compiled(self, mode: CompilationMode, graph: nn.Module, inputs: Sequence[Tensor]) -> Callable:
        def run(*arguments: Any) -> Any:
            return self._called(mode, graph, arguments)

        return make_boxed_func(run)

    def _called(self, mode: CompilationMode, graph: nn.Module, arguments: Sequence[Any]) -> Any:
        # As try_end_curr_warmup and try_end_curr_recording do before each call.
        if self.outputs and self.can_start_new_generation():
            self.generations += 1
            for output in self.outputs:
                if (storage := output()) is not None:
                    message = self.format_dealloc_msg(None)
                    torch._C._set_storage_data_ptr_access_error_msg(storage._cdata, message)
            self.outputs = []
        given = {argument.untyped_storage()._cdata for argument in arguments if isinstance(argument, Tensor)}
        found = graph(*arguments)
        self.update_generation()
        for tensor in found:
            if isinstance(tensor, Tensor) and tensor.untyped_storage()._cdata not in given:
                self.outputs.append(weakref.ref(tensor.untyped_storage()))
        # As run does after each call.
        if mode == CompilationMode.FORWARD:
            self.running_forwards_with_pending_backwards = True
        elif mode == CompilationMode.BACKWARD:
            self.running_forwards_with_pending_backwards = False
        return found
