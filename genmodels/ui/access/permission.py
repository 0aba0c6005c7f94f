"""Who looks at the page, and what they may start and change: see ``genmodels.jobs.policy``."""

from collections.abc import Iterable
from contextlib import suppress
from urllib.parse import urlsplit

import streamlit as st

from genmodels.jobs.policy import Policy, PolicyError, Visitor, policy
from genmodels.language import N_, _
from genmodels.runs.ownership import mark
from genmodels.runs.store import Run
from genmodels.ui.access import login
from genmodels.ui.components.browser_token import ask_browser, browser_token
from genmodels.ui.session import get_store
from genmodels.ui.widgets.text import plain

OPENED, FIELD = "permission:opened", "permission:password"
OPERATES, OPERATOR_FIELD = "permission:operates", "permission:operator"
LOOPBACK = ("localhost", "127.0.0.1", "::1")  # names that every machine has for itself
NOBODY = N_("On this server nobody trains: look at the pretrained models, or run the app on a machine of your own.")
UNKNOWN = N_(
    "This server tells visitors apart by a number in their browser, which yours has not sent: let this page run its scripts."
)


def show_sign_in() -> None:
    """Draw who has signed in, where one signs in."""
    with suppress(PolicyError):
        if policy().who == "login":
            login.account()


def get_to_know() -> None:
    """Ask the browser which visitor it is, where nobody signs in; to be drawn as a fragment, or the answer would break off what
    the visitor has just pressed. The page is drawn again where that says what is theirs."""
    with suppress(PolicyError):
        rules = policy()
        if rules.who != "login" and ask_browser() and not _has_all(rules):
            st.rerun()


def visitor() -> Visitor:
    """Who it is; raises ``PolicyError`` when the server's limits say nothing."""
    rules = policy()
    owner = _owner(rules)
    if rules.operator and st.session_state.get(OPERATES):
        return Visitor(owner, operator=True)
    return Visitor(owner, trains=_admitted(rules) and (bool(owner) or not rules.tells_apart))


def may_train() -> bool:
    """Whether the visitor may start runs; nothing is drawn."""
    try:
        return visitor().trains
    except PolicyError:
        return False


def closed() -> bool:
    """Whether nobody may start anything, whoever they are."""
    try:
        return policy().closed
    except PolicyError:
        return True  # limits that say nothing let nobody train


def operates() -> bool:
    """Whether the visitor is the operator."""
    try:
        return visitor().operator
    except PolicyError:
        return False


def may_cancel(owner: str) -> bool:
    """Whether the visitor may end what was started for ``owner``."""
    try:
        who = visitor()
        return who.operator or (who.trains and policy().owns(who, owner))
    except PolicyError:
        return False


def known() -> bool:
    """Whether it is known who the visitor is, as far as that says what is theirs; a browser's token tells it only after the
    first script."""
    try:
        rules = policy()
        return rules.who == "login" or _has_all(rules) or bool(browser_token())
    except PolicyError:
        return True


def own(runs: Iterable[Run]) -> list[Run]:
    """Those of ``runs`` that the visitor has started or imported, by their sign-in or in this browser. What is of nobody in
    particular, as from a terminal, is everybody's where everybody changes everything, and elsewhere the operator's. Who sits at
    the machine itself has all of it, with any browser, unless its server tells visitors apart."""
    try:
        who, rules = visitor(), policy()
    except PolicyError:
        return []
    if _has_all(rules):
        return list(runs)
    unmarked = who.operator or not rules.owned
    return [run for run in runs if (run.owner == who.owner if run.owner else unmarked)]


def ask() -> bool:
    """Whether the visitor may start runs; if not, the reason is drawn, with the way to it where there is one."""
    try:
        rules = policy()
        if visitor().trains:
            return True
    except PolicyError as error:
        st.error(_("This server's limits say nothing, so nobody trains: {error}", error=plain(error)))
        return False
    if rules.who == "nobody":
        st.info(_(NOBODY))
    elif rules.who == "login":
        login.ask_to_sign_in()
    elif rules.who == "password" and not st.session_state.get(OPENED):
        st.text_input(_("Password"), type="password", key=FIELD, on_change=_open, help=_("Who has it may train here."))
        if st.session_state.get(OPENED) is False:
            st.error(_("That is not the password of this server."))
    else:
        st.caption(_(UNKNOWN))
    return False


def own_images() -> bool:
    """Whether visitors may bring images of their own."""
    try:
        return policy().own_images
    except PolicyError:
        return False


def why_not(run: Run) -> str | None:
    """Why the visitor may not change a run, as a sentence, or None."""
    try:
        refusal = policy().refusal(visitor(), run)
        return _(refusal) if refusal else None
    except PolicyError as error:
        return _(error)


def show_quota() -> None:
    """Draw how much the server keeps, where there is a quota."""
    with suppress(PolicyError):
        if most := policy().disk_quota_gb:
            st.caption(
                _(
                    "This server keeps {most:g} GB of runs. When they take more, the oldest go, but none that is pinned "
                    "or under way.",
                    most=most,
                )
            )


def operator_door() -> None:
    """Draw the field for the operator's password, where there is an operator."""
    with suppress(PolicyError):
        if policy().operator:
            _operator_door()


def _operator_door() -> None:
    with st.popover(_("Operator"), icon=":material/key:", width="content"):
        if st.session_state.get(OPERATES):
            st.write(_("You may start runs, and change all of them, until you leave or reload the page."))
            return
        st.text_input(_("Operator's password"), type="password", key=OPERATOR_FIELD, on_change=_operate)
        if st.session_state.get(OPERATES) is False:
            st.error(_("That is not the operator's password."))


def _has_all(rules: Policy) -> bool:
    """Whether all runs are the visitor's, with any browser: it has the app under a name of the machine on which it runs itself."""
    return not rules.tells_apart and urlsplit(st.context.url or "").hostname in LOOPBACK


def _owner(rules: Policy) -> str:
    """How the visitor's runs are marked; empty where it is not known who it is."""
    if rules.who == "login":
        identity = f"login {address}" if (address := login.address()) else ""
    else:
        identity = f"browser {token}" if (token := browser_token()) else ""
    try:
        return mark(get_store().root, identity) if identity else ""
    except OSError:  # a full disk, to which the key of all marks cannot be written
        if rules.tells_apart:
            raise
        return ""


def _admitted(rules: Policy) -> bool:
    if rules.who == "login":
        address = login.address()
        return address is not None and rules.admits(address)
    return rules.who == "anyone" or (rules.who == "password" and bool(st.session_state.get(OPENED)))


def _open() -> None:
    st.session_state[OPENED] = policy().opens(_take(FIELD))


def _operate() -> None:
    st.session_state[OPERATES] = policy().operates(_take(OPERATOR_FIELD))


def _take(field: str) -> str:
    """What was entered, of which the session keeps nothing. The field is emptied, too: where its key alone was removed, the
    browser's next answer came with the old text first."""
    entered = st.session_state[field]
    st.session_state[field] = ""
    return entered
