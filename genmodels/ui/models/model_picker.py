"""Which run or pretrained model a family's page is about."""

from collections.abc import Callable

import streamlit as st

from genmodels.checkpoints.integrity import NEWEST, steps
from genmodels.checkpoints.pretrained import Pretrained, find, pretrained_models
from genmodels.config.families import FAMILIES, is_known, understood
from genmodels.errors import UserError
from genmodels.language import _
from genmodels.runs.store import Run
from genmodels.ui.access.permission import known, may_train, own
from genmodels.ui.access.whose import shown
from genmodels.ui.session import RUN, asked_for, get_store, select, selected, tell
from genmodels.ui.shell.navigation import page_of
from genmodels.ui.widgets.text import plain
from genmodels.ui.widgets.times import moment_told

Entry = Run | Pretrained


def choose(family: str) -> Entry | None:
    """Draw the list of the family's runs and pretrained models, and return the chosen one.

    None when there are none, or when it is of another version, which the page then says.
    """
    name = selected(family)
    of_family = [run for run in get_store().runs() if run.config["family"] == family]
    runs = {run.id: run for run in shown(of_family, [name] if name else ())}
    entries: dict[str, Entry] = runs | {model.name: model for model in pretrained_models(family)}
    if name and name not in entries:
        _not_here(name)
    if not entries:
        start = may_train()  # else the form says why there is none
        st.info(_("No run yet: press **Start training** under *Train*.") if start else _("No run yet."))
        return None
    if name not in entries:
        name = _first(entries)
    settled = known() or not any(run.owner for run in of_family)  # else another one may be the visitor's own
    if settled and not asked_for():
        tell(RUN, name)  # so that the address leads here wherever it is opened
    key = f"{family}:choice"
    st.session_state[key] = name
    st.selectbox(
        _("Run or pretrained model"),
        list(entries),
        format_func=lambda name: title(entries[name]),
        key=key,
        on_change=lambda: select(family, st.session_state[key]),
        label_visibility="collapsed",
        width="stretch",
    )
    try:
        understood(entries[name].config, entries[name].name)
    except UserError as error:
        st.error(plain(error))
        return None
    return entries[name]


def trained(family: str) -> dict[str, str]:
    """The titles of the family's pretrained models and of its runs that have ended with weights, by their names."""
    runs = [run for run in shown(get_store().runs()) if run.config["family"] == family and not run.alive]
    weighed = [run for run in runs if steps(get_store().folder(run.id) / NEWEST)]
    return {model.name: title(model) for model in pretrained_models(family)} | {run.id: title(run) for run in weighed}


def _first(entries: dict[str, Entry]) -> str:
    """What is shown to one who asks for nothing: a run of theirs that is under way, then what is theirs or everybody is to
    see, and somebody else's run only where there is nothing else."""
    readable = {name: entry for name, entry in entries.items() if is_known(entry.config)} or entries
    their_runs = {run.id for run in own(entry for entry in readable.values() if isinstance(entry, Run))}
    theirs = {name: entry for name, entry in readable.items() if isinstance(entry, Pretrained) or name in their_runs}
    under_way = (name for name, entry in theirs.items() if isinstance(entry, Run) and entry.alive)
    return next(under_way, next(iter(theirs or readable)))


def _not_here(name: str) -> None:
    """Say that what was asked for is of another family, or gone; what is drawn next is something else."""
    entry = get_store().get(name) or find(name)
    family = entry.config["family"] if entry else None
    if entry is None or family not in FAMILIES:
        st.warning(_("The run that was asked for is not on this server, or was deleted: here is another one."))
        return
    st.warning(_("{name} is shown on another page: here is something else.", name=plain(entry.name)))
    icon = ":material/arrow_forward:"
    st.page_link(page_of(family), label=_("Open {name}", name=plain(entry.name)), icon=icon, query_params={"run": name})


def title(entry: Entry) -> str:
    """How lists call a run or a pretrained model."""
    if isinstance(entry, Pretrained):
        return _("{name} (pretrained)", name=entry.name)
    when, last = moment_told(entry.created, "d MMM HH:mm:ss"), entry.id.rpartition("-")[2]
    return _("{name}, {when} ({id})", name=entry.name, when=when, id=last)


def for_model(entry: Entry | None, draw: Callable[[Entry], object]) -> Callable[[], object]:
    """What draws ``entry``; nothing when there is none."""
    return lambda: None if entry is None else draw(entry)
