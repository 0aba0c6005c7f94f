"""What visitors say of runs: name, note, pin and tags, each kept as soon as it is changed."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from genmodels.errors import UserError
from genmodels.language import N_, _
from genmodels.runs.run import LONGEST_TAG, MOST_TAGS, Run, tidy
from genmodels.ui.access import commands
from genmodels.ui.access.permission import why_not
from genmodels.ui.session import get_store
from genmodels.ui.shell.error_boundary import guarded

LONGEST_NAME, LONGEST_NOTE = 100, 2000
REFUSED = "runs:refused"  # why the last change was not made, for who draws next
TAGS = "runs:tags"
TOO_MANY = N_("Not changed: a run has at most {n} tags. Take one away first.", n=MOST_TAGS)


def describe(run_id: str, **values: Any) -> None:
    """As ``commands.describe``; a refusal is noted."""
    try:
        commands.describe(run_id, **values)
    except UserError as error:
        st.session_state[REFUSED] = N_("Not changed: {error}", error=error)


def words(run: Run) -> None:
    """Draw name, tags and note."""
    name, tags = st.columns(2)
    why = why_not(run)
    name.text_input(
        _("Name"),
        run.called,
        LONGEST_NAME,
        key=f"{run.id}:name",
        on_change=_keep,
        args=(run.id, "name"),
        help=why,
        disabled=why is not None,
    )
    with tags:
        tags_field([run])
    st.text_area(
        _("Note"),
        run.note,
        height=68,
        max_chars=LONGEST_NOTE,
        key=f"{run.id}:note",
        placeholder=_("What did you try, and what came out?"),
        on_change=_keep,
        args=(run.id, "note"),
        help=why,
        disabled=why is not None,
    )


@guarded()
def _keep(run_id: str, column: str) -> None:
    said = st.session_state[f"{run_id}:{column}"].strip()
    if said or column == "note":
        describe(run_id, **{column: said})
    else:  # an empty name is none: the old one stays
        # By its value: the browser would keep what it shows if this were only forgotten.
        run = get_store().get(run_id)
        st.session_state[f"{run_id}:{column}"] = run.called if run else ""


def tags_field(runs: Sequence[Run]) -> None:
    """Draw the tags that all of ``runs`` have; what is added there is added to each, what is taken away from each."""
    shared = [tag for tag in runs[0].tags if all(tag in run.tags for run in runs)]
    if st.session_state.get(TAGS) != shared:
        st.session_state[TAGS] = shared
    why = next(filter(None, map(why_not, runs)), None)
    about = _(
        "Words of up to {n} characters, to find runs by, and to draw those of one tag as one curve with a band.",
        n=LONGEST_TAG,
    )
    st.multiselect(
        _("Tags") if len(runs) == 1 else _("Tags of these {n} runs", n=len(runs)),
        sorted({tag for run in get_store().runs() for tag in run.tags}),
        key=TAGS,
        accept_new_options=True,
        max_selections=MOST_TAGS,
        select_all=False,
        placeholder=_("Choose a tag, or type a new one"),
        on_change=_keep_tags,
        args=([run.id for run in runs], shared),
        help=why or about,
        disabled=why is not None,
    )


@guarded()
def _keep_tags(ids: Sequence[str], before: Sequence[str]) -> None:
    now = tidy(st.session_state[TAGS])
    runs = get_store().get_many(ids)
    wanted = {run.id: {*run.tags} - {*before} | {*now} for run in runs}
    if any(len(tags) > MOST_TAGS for tags in wanted.values()):
        st.session_state[REFUSED] = TOO_MANY
        return
    for run_id, tags in wanted.items():
        describe(run_id, tags=[*tags])
