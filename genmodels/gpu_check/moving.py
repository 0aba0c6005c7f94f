"""A run that begins on the CPU, is resumed on the device, and ends on the CPU again."""

from collections.abc import Iterator
from pathlib import Path

from torch import Tensor

from genmodels.checkpoints import checkpoint
from genmodels.gpu_check.row import Figure, Row
from genmodels.gpu_check.session import Events, Session, difference, newest, trainer
from genmodels.training.take_up import OTHER_DEVICE
from genmodels.training.trainer import Trainer


def check(session: Session) -> Iterator[Row]:
    """Each epoch where it is due; what is restored must be what was saved, to the last bit."""
    folder = session.folder / "moved"
    for epoch, device in enumerate(("cpu", session.device.type, "cpu"), start=1):
        told = Events()
        config = session.config("dcgan", epochs=epoch, device=device)
        loop = trainer(config, folder, told)
        figures: dict[str, Figure] = {}
        if epoch > 1:
            figures["restored tensors differ by"] = Figure(_lost(loop, folder), most=0.0)
            warnings = told.said.count(OTHER_DEVICE)
            expected = int(session.device.type != "cpu")
            figures["warnings of another device"] = Figure(warnings, least=expected, most=expected)
        loop.run()
        figures["step"] = Figure(loop.step, least=loop.total_steps, most=loop.total_steps)
        yield Row(f"epoch {epoch} on {device}", figures)


def _lost(loop: Trainer, folder: Path) -> float:
    """How far weights and optimisers of ``loop`` are from those of the newest checkpoint."""
    saved = newest(folder)
    optimizers, _ = checkpoint.pack_optimizers(loop.family.optimizers)
    kept: dict[str, Tensor] = {name: saved.training[name] for name in optimizers}
    return difference(loop.family.tensors() | optimizers, saved.weights | kept)
