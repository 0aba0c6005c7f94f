"""Visitors who sign in by OpenID Connect, through Streamlit's own ``st.login``."""

from importlib.util import find_spec

import streamlit as st

from genmodels.language import N_, _
from genmodels.ui.widgets.text import plain

NEEDED = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")


def address() -> str | None:
    """The e-mail address that the visitor has signed in with, in lower case.

    None when nobody has, or when the provider tells no address, or says that it has not been verified.
    """
    user = st.user.to_dict()
    if not user.get("is_logged_in") or user.get("email_verified") in (False, "false"):
        return None
    return str(user.get("email") or "").casefold() or None


def account() -> None:
    """Draw who has signed in, and the way out."""
    if st.user.to_dict().get("is_logged_in"):
        st.caption(_("Signed in as {address}", address=plain(address() or N_("nobody who is known"))))
        st.button(_("Sign out"), icon=":material/logout:", on_click=st.logout, key="login:out")


def ask_to_sign_in() -> None:
    """Draw the way in for a visitor who may not train yet, or why there is none."""
    if st.user.to_dict().get("is_logged_in"):
        st.info(_("You have signed in, but not with an address that may train here: ask the operator of this server."))
    elif lacking := _lacking():
        st.error(_("Nobody can sign in on this server yet, so nobody trains: {lacking}.", lacking=lacking))
    else:
        st.info(_("On this server those train who have signed in."))
        st.button(_("Sign in"), icon=":material/login:", on_click=st.login, key="login:in")


def _lacking() -> str:
    """What the operator has still to do."""
    section = st.secrets.get("auth", {}) if st.secrets.load_if_toml_exists() else {}
    if missing := [name for name in NEEDED if not section.get(name)]:
        return _("the section [auth] of .streamlit/secrets.toml lacks {missing}", missing=", ".join(missing))
    return "" if find_spec("authlib") else _("Authlib is not installed (pip install 'streamlit[auth]')")
