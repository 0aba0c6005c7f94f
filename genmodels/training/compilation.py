"""``torch.compile`` for the networks of a family, with the plain networks where it does not work."""

from dataclasses import replace

import torch
from torch import nn

from genmodels.checkpoints import checkpoint
from genmodels.config.base import RunConfig
from genmodels.data.noise import Noise
from genmodels.models.base import Batch, Family

BACKEND = "inductor"
REHEARSALS = 3  # steps: CUDA graphs are warmed up in the first, recorded in the second and played in the third


def wanted(config: RunConfig, device: torch.device) -> bool:
    """Whether a run's networks are to be compiled: with ``auto`` on CUDA, where some minutes of it soon pay off."""
    return config.compile == "on" or (config.compile == "auto" and device.type == "cuda")


def compile_networks(family: Family, batch: Batch, noise: Noise) -> str | None:
    """Compile what ``family.compilable()`` names, and rehearse on ``batch``; what was in the family before is put back.

    With ``noise`` that no training needs. Returns why it could not be done; then the networks are as they were.
    """
    before = {name: tensor.clone() for name, tensor in family.tensors().items()}
    optimizers, options = checkpoint.pack_optimizers(family.optimizers)
    optimizers = {name: tensor.clone() for name, tensor in optimizers.items()}
    networks = [family.unwrapped(name) for name in family.compilable()]
    for network in networks:
        # On CUDA this records graphs too, so that no kernel waits for Python.
        network.compile(backend=BACKEND, mode="reduce-overhead" if family.device.type == "cuda" else None)
    reason = None
    torch._dynamo.config.suppress_errors = False
    try:
        for _ in range(REHEARSALS):
            family.step(replace(batch, step=-1), noise)  # the one before step 0, in which all networks learn
    except Exception as error:  # whatever compilers, drivers and graphs can raise
        _undo(networks)
        cause = getattr(error, "inner_exception", error)  # within what dynamo tells of its own state
        reason = str(cause).strip().partition("\n")[0] or type(cause).__name__
    family.load(before)
    family.optimizers = family.make_optimizers()
    checkpoint.unpack_optimizers(family.optimizers, optimizers, options)
    # A shape that comes up later, as in a look at test images, may fail by itself: it then runs as it is.
    torch._dynamo.config.suppress_errors = True
    return reason


def _undo(networks: list[nn.Module]) -> None:
    for network in networks:
        network._compiled_call_impl = None
    torch._dynamo.reset()
