"""Which of the families that share a page is shown."""

import streamlit as st

from genmodels.checkpoints.pretrained import find
from genmodels.config.families import FAMILIES
from genmodels.language import _, listed
from genmodels.ui.session import RUN, asked_for, get_store, heard, tell
from genmodels.ui.shell.link_warning import is_wrong

KEY = "model"  # of the switch, and in the address


def which_family(families: tuple[str, ...]) -> str:
    """Draw the switch; a run or pretrained model in the address decides, so that a link to one opens its family."""
    names = {FAMILIES[family].acronym: family for family in families}
    first, asked, shown = next(iter(names)), heard(KEY), _family_of(asked_for())
    if asked and asked not in names:
        is_wrong(
            _("There is no model of that name on this page: it has {names}.", names=listed([_(name) for name in names]))
        )
    if shown in families:
        st.session_state[KEY] = FAMILIES[shown].acronym
    elif asked in names:
        st.session_state[KEY] = asked
    elif st.session_state.get(KEY) not in names:
        st.session_state[KEY] = first
    chosen = st.segmented_control(
        _("Model"), list(names), required=True, format_func=_, key=KEY, label_visibility="collapsed",
        on_change=_switch, args=(names,),
    )  # fmt: skip
    tell(KEY, chosen if chosen and chosen != first else "")
    return names[chosen] if chosen else families[0]


def _switch(names: dict[str, str]) -> None:
    """The run in the address is of the family before: put the new one's own there, if one was chosen."""
    tell(RUN, st.session_state.get(f"{names[st.session_state[KEY]]}:selected", ""))


def _family_of(name: str) -> str | None:
    entry = get_store().get(name) or find(name)
    return entry.config["family"] if entry else None
