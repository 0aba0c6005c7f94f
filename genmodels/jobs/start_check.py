"""What is known to end a run as soon as it starts, found before anything of it is stored. Free of torch."""

from collections.abc import Sequence

from genmodels.config.base import RunConfig
from genmodels.config.datasets import DATASETS
from genmodels.config.devices import refused_batch
from genmodels.config.splits import refused_validation
from genmodels.data.folder_check import image_files, readable, require_enough, require_folder
from genmodels.data.folder_layout import arrange
from genmodels.errors import DataError, DeviceError, TrainingError
from genmodels.jobs import trackers
from genmodels.jobs.devices import Device, present
from genmodels.jobs.policy import policy
from genmodels.language import N_
from genmodels.storage.launcher import of_launcher


def check(config: RunConfig, needed: Sequence[Device]) -> None:
    """Raise ``UserError`` where a run of ``config`` cannot but fail on this machine.

    ``needed``: the devices that it takes; none for a run that goes on with what there is.
    """
    policy()  # one that says nothing
    trackers.require(config)
    if needed:
        require_devices(config.device, needed)
        _require_batch(config, needed)
    if config.dataset == "folder":
        _require_images(config)
    elif refusal := refused_validation(_images(config), config.validation_images):
        raise DataError(refusal)


def require_devices(asked: str, needed: Sequence[Device]) -> None:
    """Raise ``DeviceError``, which names what there is, unless all devices that a run takes, which has ``asked`` for one, are
    here, or may be."""
    missing = [device for device in needed if not (device.is_there or device.doubt)]
    there = [device.name for device in needed if device not in missing]
    if missing and len(needed) > 1:
        raise DeviceError(
            N_(
                "There is no {name} here, only {there}: choose fewer processes.",
                name=missing[-1].name,
                there=", ".join(there),
            )
            if there
            else N_("Each of several processes needs a whole GPU, and there is none here: choose 1 process.")
        )
    if missing:
        raise DeviceError(
            N_(
                "There is no {asked} here: choose the device auto or {present}.",
                asked=asked,
                present=" or ".join(present()),
            )
        )


def _require_batch(config: RunConfig, needed: Sequence[Device]) -> None:
    processes = len(needed) if needed[0].is_card else config.processes
    launched = of_launcher("WORLD_SIZE")  # whatever the config says
    if refusal := refused_batch(config.batch_size, launched or processes or 1):
        raise TrainingError(refusal)


def _images(config: RunConfig) -> int:
    """How many there are to learn from, in a set of which that is known."""
    known = DATASETS[config.dataset].train
    return min(known, config.train_images or known)


def _require_images(config: RunConfig) -> None:
    """By the names of the files alone: which of them can be read is found when they are."""
    folder = readable(config.folder)
    require_folder(folder)
    layout = arrange([path.relative_to(folder).as_posix() for path, _ in image_files(folder)], config.class_folders)
    require_enough(folder, layout)
    if refusal := config.refused_classes(len(layout.classes)):
        raise DataError(refusal)
