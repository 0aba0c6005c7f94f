"""Whether this visitor may start, stop and delete: see ``genmodels.policy``."""

import streamlit as st

from genmodels.policy import Policy, PolicyError, policy

OPENED = "permission:opened"
FIELD = "permission:password"
NOBODY = "On this server nobody trains: look at the shipped models, or run the app on a machine of your own."


def may_change() -> bool:
    """Whether the visitor may; nothing is drawn."""
    try:
        return _allows(policy())
    except PolicyError:
        return False


def ask() -> bool:
    """Whether the visitor may; if not, the reason is drawn, with a field for the password where that is the way."""
    try:
        rules = policy()
    except PolicyError as error:
        st.error(f"This server's limits say nothing, so nobody trains: {error}")
        return False
    if _allows(rules):
        return True
    if rules.who == "nobody":
        st.info(NOBODY)
        return False
    st.text_input("Password", type="password", key=FIELD, on_change=_open, help="Who has it may train here.")
    if st.session_state.get(OPENED) is False:
        st.error("That is not the password of this server.")
    return False


def _allows(rules: Policy) -> bool:
    return rules.who == "anyone" or (rules.who == "password" and bool(st.session_state.get(OPENED)))


def _open() -> None:
    st.session_state[OPENED] = policy().opens(st.session_state.pop(FIELD, ""))
