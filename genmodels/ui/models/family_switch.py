"""Which of the families that share a page is shown."""

import streamlit as st

from genmodels.checkpoints.pretrained import find
from genmodels.config.families import FAMILIES
from genmodels.language import _
from genmodels.ui.session import ask_for, asked_for, get_store

KEY = "model"  # of the switch, and in the address


def which_family(families: tuple[str, ...]) -> str:
    """Draw the switch; a run or pretrained model in the address decides, so that a link to one opens its family."""
    names = {FAMILIES[family].acronym: family for family in families}
    first: str | None = next(iter(names))
    shown = _family_of(asked_for())
    if shown in families:
        st.session_state[KEY], first = FAMILIES[shown].acronym, None  # Streamlit warns of a value beside a default
    chosen = st.segmented_control(
        _("Model"), list(names), default=first, required=True, key=KEY, bind="query-params",
        label_visibility="collapsed", on_change=_switch, args=(names,),
    )  # fmt: skip
    return names[chosen] if chosen else families[0]


def _switch(names: dict[str, str]) -> None:
    """The run in the address is of the family before: put the new one's own there, if one was chosen."""
    ask_for(st.session_state.get(f"{names[st.session_state[KEY]]}:selected"))


def _family_of(name: str) -> str | None:
    entry = get_store().get(name) or find(name)
    return entry.config["family"] if entry else None
