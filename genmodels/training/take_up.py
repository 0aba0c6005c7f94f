"""What a trainer begins with: the newest checkpoint of its run, the weights of another run that were given to this one, or new ones."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.checkpoint import Checkpoint
from genmodels.checkpoints.integrity import NEWEST, START
from genmodels.errors import TrainingError
from genmodels.language import N_
from genmodels.models.base import INFERENCE_BATCH, Family
from genmodels.models.weights import WeightsError

if TYPE_CHECKING:
    from genmodels.training.trainer import Trainer

SEEN = 10_000  # images, at most, that a family looks at before it learns
OTHER_DEVICE = N_("The checkpoint is of another kind of device: noise is drawn anew, and numbers differ from here on.")


def take_up(trainer: "Trainer") -> None:
    """Put the trainer where its run has come to; raises ``TrainingError`` when what is on disk is not of this run."""
    found, passed_over = checkpoint.latest(trainer.folder / NEWEST)
    for sentence in passed_over:
        instead = N_("Training resumes from step {step}.", step=found.step) if found else N_("Training starts anew.")
        trainer.report.event(N_("Checkpoint {sentence} {instead}", sentence=sentence, instead=instead), "warning")
    if found is None:
        _begin(trainer)
        return
    try:
        exact = _resume(trainer, found)
    except (LookupError, RuntimeError, TypeError, ValueError) as error:
        what = f" ({error})" if isinstance(error, WeightsError) else ""
        sentence = N_(
            "Checkpoint {step} is of another run or version{what}: put back the right one, or start anew.",
            step=found.step,
            what=what,
        )
        raise TrainingError(sentence) from error
    trainer.report.event(N_("Resumed from step {step}.", step=trainer.step))
    if not exact:
        trainer.report.event(OTHER_DEVICE, "warning")


def _resume(trainer: "Trainer", found: Checkpoint) -> bool:
    """Whether the run goes on with the numbers that it would have had without the stop."""
    _take_weights(trainer, found)
    exact = trainer.noise.resume(found.training["noise"], found.step)
    options = found.state["optimizers"]
    checkpoint.unpack_optimizers(trainer.family.optimizers, found.training, options, same_device=exact)
    if trainer.monitor is not None:
        trainer.monitor.load(found.training)
    trainer.means.load(found.training, found.state, trainer.device)
    trainer.step = trainer.saved = found.step
    trainer.seconds = found.state["seconds"]
    trainer.compiled = found.state.get("compiled") if exact else None
    return exact


def _begin(trainer: "Trainer") -> None:
    """Weights and their averages only: optimisers, noise and the order of the images begin anew, for they may be others now."""
    found, passed_over = checkpoint.latest(trainer.folder / START)
    if found is None and not passed_over:
        trainer.family.begin(_family, _images(trainer))
        return
    try:
        if found is None:
            raise WeightsError(f"checkpoint {passed_over[0].rstrip('.')}")
        _take_weights(trainer, found)
    except WeightsError as error:
        raise TrainingError(
            N_("The run cannot begin with the weights of the other run ({error}): start it anew.", error=error)
        ) from error


def _family(name: str) -> Family:
    """The trained model that a run is built on; raises ``UserError``."""
    from genmodels.inference.load import load_model  # only here: it reads zips too, with all that asks for

    return load_model(name).family


def _images(trainer: "Trainer") -> Iterator[Tensor]:
    """From the whole of the training set, which may be sorted, in batches."""
    n = min(SEEN, len(trainer.train_set))
    for indices in (torch.arange(n) * len(trainer.train_set) // n).split(INFERENCE_BATCH):
        yield trainer.train_set.batch(indices)[0]


def _take_weights(trainer: "Trainer", found: Checkpoint) -> None:
    trainer.family.load(found.weights)
    # Earlier versions had the classes of a folder in another order.
    known = found.state.get("classes") or ()
    trainer.train_set, trainer.test_set, trainer.held_out = (
        images.ordered(known) for images in (trainer.train_set, trainer.test_set, trainer.held_out)
    )
