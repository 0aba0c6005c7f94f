"""The form's set-up in an address, ``vae?set=latent_dim:2,beta:4``: taken from one, and given as one."""

from urllib.parse import quote

import streamlit as st

from genmodels.config.base import RunConfig
from genmodels.config.families import FAMILIES, families_of
from genmodels.config.setup import SetupError, differing, read_setup, setup_text
from genmodels.language import N_, _, current
from genmodels.language.languages import ENGLISH
from genmodels.ui.models import family_switch
from genmodels.ui.shell.language import KEY as LANGUAGE
from genmodels.ui.shell.tabs import SETUP
from genmodels.ui.training.filling import fill, invitation
from genmodels.ui.training.form_switch import open_form
from genmodels.ui.training.settings_in_words import settings_in_words
from genmodels.ui.widgets.text import plain

SAID = N_("The form has the settings of the link that you opened ({settings}).")


def take_link(config: type[RunConfig]) -> None:
    """Fill the form with what the address says, once; it only fills it, for the address may come from anybody.

    It stays in the address, so that a reload gives the same form again.
    """
    text, family = st.query_params.get(SETUP, ""), config.model_fields["family"].default
    if not text or st.session_state.get(_taken(family)) == text:
        return
    try:
        chosen = read_setup(config, text)
    except SetupError as error:
        st.error(plain(error))
        if st.session_state.get(_refused(family)) != text:  # once, for it may be closed again
            open_form(family)
            st.session_state[_refused(family)] = text
    else:
        fill(family, chosen.model_dump(), lambda: _(SAID, settings=_settings(chosen)) + invitation())
        st.session_state[_taken(family)] = text


def _settings(chosen: RunConfig) -> str:
    return settings_in_words(type(chosen), differing(chosen)) or _("its defaults")


def drop_link() -> None:
    """Take it out of the address, which from now on leads to something else."""
    st.query_params.pop(SETUP, None)


def copy_link(config: RunConfig | None) -> None:
    """Draw the address that fills the form as it is filled now; nothing to copy while a value is refused."""
    with st.popover(
        _("Copy link"),
        icon=":material/link:",
        disabled=config is None,
        help=_("An address that fills this form for others."),
    ):
        if config is None:
            return
        st.code(_address(config), language=None, wrap_lines=True)
        own = _(" Your own images stay with you: choose a data set for others.") if config.dataset == "folder" else ""
        st.caption(_("Opens this form with these settings, and starts nothing.{own}", own=own))


def _address(config: RunConfig) -> str:
    page, family = type(config).page, config.family
    query = f"{SETUP}={quote(setup_text(config) or f'epochs:{config.epochs}', safe=':,')}"
    if len(families_of(page)) > 1:  # the page has to be told which of them
        query = f"{family_switch.KEY}={quote(FAMILIES[family].acronym)}&{query}"
    if (language := current()) != ENGLISH:  # what is written in the address of none is that of its reader's browser
        query += f"&{LANGUAGE}={language}"
    here = (st.context.url or "").partition("?")[0]
    return f"{here or (page.name if page else '')}?{query}"


def _taken(family: str) -> str:
    return f"{family}:link"


def _refused(family: str) -> str:
    return f"{family}:refused-link"
