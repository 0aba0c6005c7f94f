"""A folder, of a run or of a pretrained checkpoint, becomes a trained network: ready to sample, encode and decode."""

import inspect
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.integrity import BEST, NEWEST
from genmodels.config import families
from genmodels.config.base import RunConfig
from genmodels.config.datasets import DATASETS
from genmodels.data.pixels import must_be_drawn
from genmodels.errors import UserError
from genmodels.inference.frozen_weights import frozen_from
from genmodels.language import N_
from genmodels.models import build
from genmodels.models.base import Family
from genmodels.models.memory import out_of_memory
from genmodels.models.numbers import MOST_IMAGES, whole
from genmodels.models.weights import AVERAGED, WeightsError
from genmodels.runs.run import CONFIG
from genmodels.storage.arrays import LONGEST_CLASS
from genmodels.storage.strict_json import read_object

SEEDS = -(2**63), 2**64 - 1  # that torch takes
Weights = Literal["averaged", "last", "best"]


class LoadError(UserError):
    """A trained model that cannot be brought back."""


@dataclass(frozen=True)
class Trained:
    """A family with trained weights, on the CPU; ``folder`` is the run's or the pretrained checkpoint's, and gone after a zip."""

    family: Family
    config: RunConfig
    folder: Path
    step: int
    classes: tuple[str, ...] = ()  # what the labels of its data are called

    def sample(
        self,
        n: int,
        *,
        seed: int | None = None,
        labels: Tensor | None = None,
        codes: Tensor | None = None,
        **options: Any,
    ) -> Tensor:
        """Images (n, C, H, W) in [0, 1], the same for the same ``seed``.

        labels: int64 (n,), the classes to draw (conditional GAN, flow) or the categories of the code (InfoGAN), all in turn by
        default; codes: (n, continuous codes), of an InfoGAN, 0 by default; options: what only some families take, such as a
        flow's ``num_steps``, ``sampler`` and ``guidance``, see ``Flow.way``. Raises ``LoadError`` for a classifier, ``TypeError`` or ``ValueError`` for what
        it cannot draw, and ``NoNumbersError``, which is both a ``UserError`` and a ``ValueError``, where its weights give NaN; ``UserError`` where memory is too small for so many at once.
        """
        self.must_draw()
        n = whole("The number of images", n, 0, MOST_IMAGES)
        if seed is not None:
            seed = whole("The seed", seed, *SEEDS)
        if codes is not None and "codes" not in self.family.inputs():
            raise TypeError(f"{self.folder.name} draws from no codes: leave them out, or choose an InfoGAN.")
        taken = inspect.signature(self.family.sample).parameters
        if unknown := sorted(options.keys() - taken.keys()):
            raise TypeError(
                f"{self.folder.name} takes no {unknown[0]}: choose from seed, {', '.join(list(taken)[1:])}."
            )
        with torch.random.fork_rng(enabled=seed is not None):
            if seed is not None:
                torch.manual_seed(seed)
            try:
                images = self.family.sample(n, labels=labels, codes=codes, **options)
            except (RuntimeError, MemoryError) as error:
                if not out_of_memory(error):
                    raise
                raise UserError(
                    N_("The memory is too small for {n:,} images at once: draw fewer at a time.", n=n)
                ) from error
        must_be_drawn(images)
        return images

    def must_draw(self) -> None:
        """Raise ``LoadError`` for a classifier."""
        if not self.family.generates:
            raise LoadError(N_("{name} judges images and draws none: choose another model.", name=self.folder.name))


def restore_run(run_folder: Path, weights: Weights = "averaged") -> Trained:
    """The model in a run's folder, of its newest or best whole checkpoint; raises ``LoadError``."""
    found, passed_over = checkpoint.latest(run_folder / (BEST if weights == "best" else NEWEST))
    if found is None and passed_over:
        raise LoadError(
            N_(
                "Checkpoint {passed_over}: put back the right one, or choose another run.",
                passed_over=passed_over[0].rstrip("."),
            )
        )
    if found is None:
        kind = "best" if weights == "best" else "whole"
        raise LoadError(
            N_(
                "{name} has no {kind} checkpoint yet: train it further, or choose another run.",
                name=run_folder.name,
                kind=kind,
            )
        )
    chosen = {key: tensor for key, tensor in found.weights.items() if weights != "last" or not key.startswith(AVERAGED)}
    return _restore(run_folder, chosen, found.step, found.state.get("classes"))


def restore_pretrained(folder: Path) -> Trained:
    """The model in the folder of a pretrained checkpoint; raises ``LoadError``."""
    try:
        card = read_object(folder / "card.json")
        if not isinstance(step := card.get("step", 0), int):
            raise TypeError("not a step")
        weights = load_file(folder / checkpoint.WEIGHTS) | frozen_from(card.get("frozen", {}))
    except (OSError, ValueError, TypeError, AttributeError, SafetensorError) as error:  # a card may hold anything
        raise LoadError(N_("{name} is damaged: fetch the checkpoint again.", name=folder.name)) from error
    return _restore(folder, weights, step, card.get("classes"))


def _checked(classes: Any) -> tuple[str, ...]:
    """What the labels are called; raises ``ValueError`` where a stranger's file has anything else there."""
    if isinstance(classes, list) and all(isinstance(name, str) and len(name) <= LONGEST_CLASS for name in classes):
        return tuple(classes)
    raise ValueError("not a list of names")


def _restore(folder: Path, weights: dict, step: int, classes: Any) -> Trained:
    """``classes``: what the labels are called; None in what the first version wrote, which knew no other than the data set's."""
    try:
        settings = read_object(folder / CONFIG)
    except (OSError, TypeError, ValueError) as error:
        raise LoadError(
            N_("{name} is damaged: put back its {file}, which cannot be read.", name=folder.name, file=CONFIG)
        ) from error
    try:
        config = families.parse(settings)
        named = DATASETS[config.dataset].classes if classes is None else _checked(classes)
        family = build(config, len(named))
        family.load(weights)
        for network in family.networks.values():
            network.eval()  # for good: several threads may look at once, and none must find it in the mode of training
    except WeightsError as error:
        raise LoadError(
            N_(
                "The weights of {name} are not of its settings ({error}): put back the right ones.",
                name=folder.name,
                error=error,
            )
        ) from error
    except (KeyError, ValueError, RuntimeError, UserError) as error:
        raise LoadError(
            N_("{name} does not fit this version of the program: train it again.", name=folder.name)
        ) from error
    return Trained(family, config, folder, step, named)
