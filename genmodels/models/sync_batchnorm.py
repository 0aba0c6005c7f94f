"""BatchNorm over the rows of all processes, so that several of them compute what one does with the whole batch.

torch's own ``SyncBatchNorm`` is for GPUs alone; this is the same on any device.
"""

import torch
from torch import Tensor, nn
from torch.distributed.nn.functional import all_reduce
from torch.nn.modules.batchnorm import _BatchNorm


class _Synchronized(_BatchNorm):
    """A BatchNorm of the same weights and buffers; in evaluation mode it is the plain one."""

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return super().forward(x)
        self._check_input_dim(x)
        features = x.float().transpose(0, 1).flatten(1)  # (C, rows)
        # The gradient goes back through the sum to all processes.
        sums = all_reduce(torch.stack([features.sum(1), features.square().sum(1)]))
        rows = features.shape[1] * torch.distributed.get_world_size()
        mean = sums[0] / rows
        variance = (sums[1] / rows - mean.square()).clamp(min=0)
        self._remember(mean.detach(), variance.detach() * rows / (rows - 1))
        shape = [1, -1, *[1] * (x.dim() - 2)]
        scale = self.weight * torch.rsqrt(variance + self.eps)
        return ((x.float() - mean.view(shape)) * scale.view(shape) + self.bias.view(shape)).to(x.dtype)

    @torch.no_grad()
    def _remember(self, mean: Tensor, variance: Tensor) -> None:
        assert self.momentum is not None
        assert self.running_mean is not None
        assert self.running_var is not None
        assert self.num_batches_tracked is not None
        self.running_mean.lerp_(mean, self.momentum)
        self.running_var.lerp_(variance, self.momentum)
        self.num_batches_tracked += 1


class _Synchronized1d(_Synchronized, nn.BatchNorm1d):
    pass


class _Synchronized2d(_Synchronized, nn.BatchNorm2d):
    pass


def synchronize(network: nn.Module) -> None:
    """Make all BatchNorm in ``network`` one over all processes; weights, buffers and their names stay."""
    for module in network.modules():
        if type(module) is nn.BatchNorm1d:
            module.__class__ = _Synchronized1d
        elif type(module) is nn.BatchNorm2d:
            module.__class__ = _Synchronized2d
