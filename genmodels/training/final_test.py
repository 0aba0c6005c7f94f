"""Test images, which a run with a validation part is scored on once: when it has come to its end and its best checkpoint is chosen."""

from typing import TYPE_CHECKING

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.integrity import BEST
from genmodels.data.noise import Noise
from genmodels.language import N_, joined
from genmodels.training.sample_monitor import SampleMonitor

if TYPE_CHECKING:
    from genmodels.training.trainer import Trainer

FID = "test/fid"  # of as few samples as ``SampleMonitor`` takes


def score_test_images(trainer: "Trainer") -> None:
    """Report the curves on test images at the step of the best checkpoint, with its weights, and at the last step, with those of that.

    The family is left with the weights of the last step. Asked again it reports the same.
    """
    monitor = None  # which knows the test images' features, whatever the weights
    if trainer.monitor is not None:
        monitor = SampleMonitor(trainer.config, trainer.family, trainer.train_set, trainer.test_set)
    found, _ = checkpoint.latest(trainer.folder / BEST)
    if found is not None and found.step != trainer.step:
        last = {name: tensor.clone() for name, tensor in trainer.family.tensors().items()}
        trainer.family.load(found.weights)
        _report(trainer, found.step, monitor)
        trainer.family.load(last)
    _report(trainer, trainer.step, monitor)
    said = [
        N_("{n:,} of the training images were held back for validation.", n=len(trainer.held_out)),
        N_("Test images were scored once, at the end."),
    ]
    if found is not None:
        said.insert(1, N_("The best checkpoint, of step {step:,}, was chosen on these.", step=found.step))
    trainer.report.event(joined(said))


def _report(trainer: "Trainer", step: int, monitor: SampleMonitor | None) -> None:
    tested = trainer.family.evaluate(trainer.batches_of(trainer.test_set), Noise(trainer.config.seed, trainer.device))
    values = {f"test/{name}": value for name, value in tested.items()}
    if monitor is not None:
        judged = monitor.evaluate()
        values |= {FID: judged["fid"]} if "fid" in judged else {}
    trainer.report.metrics(step, step / trainer.steps_per_epoch, values)
