"""Trained networks by the id of a run, the name of a pretrained model, or a path."""

import re
from pathlib import Path

from genmodels.checkpoints.integrity import WEIGHTS
from genmodels.checkpoints.pretrained import pretrained_models
from genmodels.inference.restore import LoadError, Trained, Weights, restore_pretrained, restore_run
from genmodels.language import N_
from genmodels.runs import archive
from genmodels.runs.run import CONFIG
from genmodels.runs.store import Store
from genmodels.storage.paths import PRETRAINED

LINK = re.compile("[a-z]{2,}:/", re.IGNORECASE)  # also as a ``Path``, which has one stroke alone


def load_model(name: str | Path, store: Store | None = None, *, weights: Weights = "averaged") -> Trained:
    """Bring back a run by its id, folder or zip, or a pretrained checkpoint by its name or folder; raises ``LoadError``.

    Of a run also with the ``weights`` of the last step in place of their averages, or those of its best checkpoint in place
    of the newest.
    """
    if LINK.match(str(name)):
        raise LoadError(
            N_("{name} is a link, and nothing is loaded from one: download the file, then give its path.", name=name)
        )
    if not isinstance(name, (str, Path)):
        raise TypeError(f"A model is loaded by its name, id or path, not {type(name).__name__}: give such a text.")
    if Path(name).is_file():
        return _load_zip(Path(name), weights)
    for folder in (Path(name), PRETRAINED / name):
        if (folder / WEIGHTS).is_file():
            if weights != "averaged":
                raise LoadError(N_("{name} has its averaged weights only: choose a run for others.", name=folder.name))
            return restore_pretrained(folder)
    run_folder = Path(name) if Path(name, CONFIG).is_file() else (store or Store()).folder(str(name))
    if not (run_folder / CONFIG).is_file():
        names = ", ".join(model.name for model in pretrained_models())
        raise LoadError(
            N_(
                "There is no run and no checkpoint {name}: give the id, folder or zip of a run, or a pretrained model"
                " ({names}).",
                name=name,
                names=names,
            )
        )
    return restore_run(run_folder, weights)


def _load_zip(file: Path, weights: Weights) -> Trained:
    try:
        with archive.opened(file) as (folder, _):
            return restore_run(folder, weights)
    except archive.ArchiveError as error:
        raise LoadError(N_("{name} cannot be loaded. {error}", name=file.name, error=error)) from error
