"""The weights of another run, for a new one to begin with: which they are, and whether the networks of both are the same."""

from collections.abc import Sequence

from genmodels.checkpoints.integrity import BEST, NEWEST, START
from genmodels.checkpoints.start import Start, newest_whole
from genmodels.config.base import RunConfig
from genmodels.config.command_line import Origin
from genmodels.config.datasets import DATASETS
from genmodels.config.families import understood
from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.runs.run import Run
from genmodels.runs.store import Store

FOLDERS = {"newest": NEWEST, "best": BEST, "start": START}


class OriginError(UserError):
    """A run that another one cannot begin with as things are."""


def start_of(store: Store, origin: Origin, config: RunConfig) -> Start:
    """The checkpoint that a new run of ``config`` begins with; raises ``UserError`` when there is none, or its networks are others."""
    run = _run(store, origin)
    of = run.parent if origin.checkpoint == "start" else run.id
    found = newest_whole(of, store.folder(run.id) / FOLDERS[origin.checkpoint])
    if found is None:
        kind = {"newest": N_("whole checkpoint"), "best": N_("best checkpoint"), "start": N_("weights of another run")}
        raise OriginError(
            N_(
                "{name} has no {kind}: let it train further, or choose another one.",
                name=run.name,
                kind=kind[origin.checkpoint],
            )
        )
    _must_fit(run, found.state.get("classes"), config)
    return found


def begins_with(store: Store, origin: Origin, start: Start) -> str:
    """What the record of the new run says of it."""
    run = _run(store, origin)
    which = (
        N_("with which that began itself")
        if origin.checkpoint == "start"
        else N_("its {checkpoint} checkpoint", checkpoint=origin.checkpoint)
    )
    return N_(
        "Begins with weights of {name} ({id}), step {step:,}: {which}.",
        name=run.name,
        id=run.id,
        step=start.step,
        which=which,
    )


def _run(store: Store, origin: Origin) -> Run:
    run = store.get(origin.run)
    if run is None:
        raise OriginError(
            N_("There is no run {run} to begin with: choose one that is there, or train anew.", run=origin.run)
        )
    return run


def _must_fit(run: Run, classes: Sequence[str] | None, config: RunConfig) -> None:
    """Raise ``OriginError``, which names the setting to be set back, unless the networks of ``config`` are those of ``run``."""
    before = understood(run.config, run.name)
    if before.family != config.family:
        raise OriginError(
            N_(
                "{name} is a {title}: begin with a run of the same family, or train anew.",
                name=run.name,
                title=before.title,
            )
        )
    for name in config.inherited:
        if getattr(before, name) != getattr(config, name):
            raise OriginError(
                N_(
                    "{name} must be {value} to continue from {run}, which was built on that: set it back, or train "
                    "anew.",
                    name=name,
                    value=getattr(before, name),
                    run=run.name,
                )
            )
    from genmodels.models.fit import misfit  # with torch

    known = len(classes if classes is not None else DATASETS[before.dataset].classes)
    # How many classes a folder has is known when its images are read; then the weights are compared once more.
    new = known if config.dataset == "folder" else len(DATASETS[config.dataset].classes)
    if (field := misfit(before, known, config, new)) is not None:
        raise OriginError(
            N_(
                "{field} must be {value} to continue from {name}, whose networks have that shape: set it back, or "
                "train anew.",
                field=field,
                value=getattr(before, field),
                name=run.name,
            )
        )
