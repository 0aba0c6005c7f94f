"""How long a run will take, by what this machine took for the last one with the same networks, or by a second of rehearsal."""

from typing import Any

from genmodels.config.base import RunConfig
from genmodels.config.datasets import DATASETS
from genmodels.runs.run import LOCK, Run
from genmodels.runs.store import Store

# Settings that are no number with a fraction, which are weights and rates, and that still leave a step as long as it was.
INDIFFERENT = {"folder", "class_folders", "dataset", "train_images", "validation_images", "epochs", "seed", "schedule", "log_with",
               "kl_estimator", "noise_fades"}  # fmt: skip
IMAGES = (
    "dataset",
    "folder",
    "class_folders",
    "train_images",
    "validation_images",
)  # which say how many images there are


def pace(config: RunConfig) -> tuple[tuple[str, Any], ...]:
    """What decides how long a step takes, by the names of the settings: two configs with the same take the same time a step."""
    fields = type(config).model_fields
    return tuple(
        (name, getattr(config, name))
        for name, field in fields.items()
        if field.annotation is not float and name not in INDIFFERENT
    )


def seconds_a_step(store: Store, config: RunConfig) -> float | None:
    """Of the last run on this machine that takes as long a step; None where there is none."""
    wanted = dict(pace(config))
    for run in store.runs():
        same = run.step and run.seconds and wanted.items() <= (config.defaults(run.config) | run.config).items()
        if same and (store.folder(run.id) / LOCK).exists():  # which no imported run has
            return run.seconds / run.step
    return None


def steps(store: Store, config: RunConfig) -> int | None:
    """Optimisation steps of a run of ``config``; None while nobody has counted the images in its folder."""
    if known := DATASETS[config.dataset].train:
        images = max(1, min(known, config.train_images or known) - config.validation_images)
        return config.epochs * max(1, images // min(config.batch_size, images))
    return next((config.epochs * _per_epoch(run) for run in store.runs() if _same_images(run, config)), None)


def _per_epoch(run: Run) -> int:
    return round(run.total_steps / run.config["epochs"])


def _same_images(run: Run, config: RunConfig) -> bool:
    held, own = config.model_dump(), config.defaults(run.config) | run.config
    same = all(own[name] == held[name] for name in (*IMAGES, "batch_size"))
    return run.total_steps > 0 and same
