"""Weights that a pretrained model has of another one, whose networks lie in it, frozen: they are kept once, with the other."""

from collections.abc import Mapping

from safetensors.torch import load_file
from torch import Tensor

from genmodels.checkpoints.integrity import WEIGHTS
from genmodels.checkpoints.pretrained import find
from genmodels.models.weights import AVERAGED, with_prefix


def frozen_from(of: Mapping[str, str]) -> dict[str, Tensor]:
    """By their names in the model that has them frozen: ``of`` gives for the name of each frozen network the pretrained model whose
    averaged weights it has. Raises ``ValueError`` where there is no such model, ``OSError`` or ``SafetensorError`` where it is damaged.
    """
    found: dict[str, Tensor] = {}
    for network, name in of.items():
        model = find(name)
        if model is None:
            raise ValueError(f"There is no pretrained model {name}.")
        averaged = with_prefix(load_file(model.folder / WEIGHTS), AVERAGED)
        found |= {f"{network}.{key}": tensor for key, tensor in averaged.items()}
    return found


def parted(weights: Mapping[str, Tensor], of: Mapping[str, str]) -> tuple[dict[str, Tensor], dict[str, str]]:
    """The ``weights`` that are to be kept, and that part of ``of`` which has the others, each of them exactly."""
    own, exact = dict(weights), {}
    for network, name in of.items():
        if find(name) is None:  # a run
            continue
        theirs = frozen_from({network: name})
        if all(key in weights and weights[key].equal(tensor) for key, tensor in theirs.items()):
            exact[network] = name
            own = {key: tensor for key, tensor in own.items() if key not in theirs}
    return own, exact
