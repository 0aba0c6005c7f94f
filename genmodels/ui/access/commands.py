"""All that a visitor changes, by one way: each asks once more whether they may, since a page may be older than an answer."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import streamlit as st

from genmodels.config.base import RunConfig
from genmodels.config.command_line import Origin
from genmodels.config.families import understood
from genmodels.data.folder_check import FolderReport
from genmodels.jobs import groups, queue, rehearsal
from genmodels.jobs.built_on import settled
from genmodels.jobs.images_folder import set_images_folder
from genmodels.jobs.policy import PolicyError, policy
from genmodels.jobs.uploads import unpack_images
from genmodels.language import _
from genmodels.runs.archive import unpack
from genmodels.runs.groups import Kind
from genmodels.runs.names import continuing
from genmodels.runs.store import Run
from genmodels.storage.background import Background
from genmodels.ui.access import permission
from genmodels.ui.access.one_press import Presses
from genmodels.ui.session import get_store

PRESSES = "commands:presses"  # where the session keeps what the last press has started


def start(config: RunConfig, name: str = "", origin: Origin | None = None) -> Run:
    """As ``queue.start``; raises ``UserError`` when the visitor may not, or the run may not be.

    Once a press, see ``Presses``. The config is what tells presses apart, since Streamlit tells no click from another.
    """
    store, owner = get_store(), _trainer()
    start_it = partial(queue.start, origin=origin) if origin else queue.start
    return _presses().once(
        (store.root, config, origin),
        lambda: start_it(store, config, name, owner),
        lambda run: store.get(run.id) is not None,
    )


def start_group(configs: Mapping[str, RunConfig], kind: Kind) -> list[Run]:
    """As ``groups.start``, once a press; raises ``UserError`` when the visitor may not, or the runs may not be."""
    store, owner = get_store(), _trainer()
    return _presses().once(
        (store.root, kind, tuple(configs.values())),
        lambda: groups.start(store, configs, kind, owner),
        lambda runs: len(store.get_many(run.id for run in runs)) == len(runs),
    )


def _presses() -> Presses:
    """To be asked for before a start: nothing of the session may be once that has begun, for there Streamlit would stop this script."""
    presses: Presses = st.session_state.setdefault(PRESSES, Presses())
    return presses


def rehearse(config: RunConfig) -> float:
    """As ``rehearsal.measure``; raises ``UserError`` when the visitor may not train, or the run may not be started here."""
    _trainer()
    policy().check(config, 0, 0)
    queue.check_start(config)
    return rehearsal.measure(get_store(), settled(get_store(), config))


def import_run(file: IO[bytes]) -> Run:
    """A run from a zip, which is the visitor's from now on; raises ``UserError`` when it, or they, may not."""
    owner = _trainer()
    queue.make_room(get_store())
    run = unpack(get_store(), file, owner)
    with suppress(PolicyError):  # it is here; whoever starts the next run is told
        queue.make_room(get_store(), [run.id])
    return run


def upload_images(file: BytesIO) -> Path:
    """As ``unpack_images``; raises ``UserError`` when the visitor may not, or the zip will not do."""
    _trainer()
    return unpack_images(get_store(), file)


def stop(run_id: str) -> None:
    """As ``queue.stop``; raises ``PolicyError`` when the visitor may not."""
    _must_be_allowed(run_id)
    queue.stop(get_store(), run_id)


def stop_group(ids: Sequence[str]) -> None:
    """As ``groups.stop``, of all or, when one of them is refused to the visitor, of none; raises ``PolicyError`` then."""
    _must_be_allowed(*ids)
    groups.stop(get_store(), ids)


def resume_group(ids: Sequence[str]) -> None:
    """As ``groups.resume``, of all or, when one of them is refused to the visitor, of none; raises ``UserError`` then."""
    _must_be_allowed(*ids)
    groups.resume(get_store(), ids)


def waiting() -> list[Run]:
    """The runs in the queue that the visitor has started, or that the operator sees, none of which has begun."""
    queued = [run for run in get_store().alive() if run.state == "queued"]
    theirs = queued if permission.operates() else permission.own(queued)
    return [run for run in theirs if permission.why_not(run) is None]


def empty_queue() -> None:
    """Stop all of ``waiting``."""
    groups.stop(get_store(), [run.id for run in waiting()])


def resume(run_id: str, epochs: float = 0.0) -> None:
    """As ``queue.resume``; raises ``UserError`` when the visitor may not, or the run may not be."""
    _must_be_allowed(run_id)
    queue.resume(get_store(), run_id, epochs)


def one_more_epoch(run: Run) -> Run:
    """A new run of one epoch with the settings of a finished one, and its newest weights; raises as ``start``."""
    config = understood(run.config, run.name).model_copy(update={"epochs": 1})
    return start(config, continuing(run.name), Origin(run.id))


def delete(ids: Sequence[str]) -> None:
    """As ``groups.delete``, of all or, when one of them is refused to the visitor, of none; raises ``UserError`` then."""
    _must_be_allowed(*ids)
    groups.delete(get_store(), ids)


def describe(run_id: str, **values: Any) -> None:
    """As ``Store.describe``; raises ``PolicyError`` when the visitor may not."""
    _must_be_allowed(run_id)
    get_store().describe(run_id, **values)


def point(run_id: str, folder: str) -> FolderReport:
    """As ``set_images_folder``; raises ``UserError`` when the visitor may not, or the folder will not do."""
    _must_be_allowed(run_id)
    return set_images_folder(get_store(), run_id, folder)


def compute(made: Background) -> bool:
    """As ``Background.start``; raises ``PolicyError`` when the visitor may start nothing."""
    return made.start(_trainer())


def cancel(made: Background) -> None:
    """As ``Background.cancel``; raises ``PolicyError`` when somebody else has it computed."""
    if not permission.may_cancel(made.owner):
        raise PolicyError(
            _("Somebody else has this computed: only they and the operator of this server may cancel it.")
        )
    made.cancel()


def _trainer() -> str:
    """The mark of a visitor who may train."""
    who = permission.visitor()
    if not who.trains:
        raise PolicyError(_("This server does not let you train: its pages say who may."))
    return who.owner


def _must_be_allowed(*ids: str) -> None:
    for run in get_store().get_many(ids):
        if refusal := permission.why_not(run):
            raise PolicyError(refusal)
