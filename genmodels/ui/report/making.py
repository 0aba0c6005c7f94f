"""The document of what is chosen: made when the button is pressed, and then taken away in any format."""

import threading
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import streamlit as st

from genmodels.export.report.choice import Choice
from genmodels.language import _
from genmodels.ui.access import commands
from genmodels.ui.session import get_store
from genmodels.ui.widgets.progress import working

if TYPE_CHECKING:
    from genmodels.export.report.document import Document

KEY = "report:made"  # of the document of this session, and of what it was made
PREVIEW_HEIGHT = 800  # pixels
TURN = threading.Lock()  # documents of a whole class are made one after the other


@dataclass(frozen=True)
class Made:
    """The document that was made of a choice."""

    choice: Choice
    document: "Document"

    @cached_property
    def html(self) -> str:
        """As one file, made once: the page looks at it again with every press."""
        from genmodels.export.report.html import html

        return html(self.document)

    def word(self) -> bytes:
        from genmodels.export.report.word import word

        return word(self.document)


def making(choice: Choice, as_chosen: bool) -> None:
    """Draw the button, and the document when it is there; none is made of a choice that is not ``as_chosen`` by the visitor."""
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button(
            _("Make the document"), type="primary", icon=":material/description:", disabled=not choice.sections
        )
        st.caption(_("Half a minute, and longer the first time: a t-SNE map is made then."), width="content")
    if not choice.sections:
        st.info(_("Nothing is ticked: tick at least one section."))
    if choice.own:
        from genmodels.export.report.own_words import left_as_typed

        if said := left_as_typed(choice.own.values()):
            st.info(_(said))
    if pressed and as_chosen and not _is_made(choice):
        st.session_state[KEY] = _made(choice)
    made: Made | None = st.session_state.get(KEY)
    if made is not None:
        _offer(made, changed=made.choice != choice)


def _is_made(choice: Choice) -> bool:
    """Whether the second press of a double click, or of somebody in doubt, would make the same again."""
    made = st.session_state.get(KEY)
    return (
        made is not None
        and made.choice == choice
        and not any(run.alive for run in get_store().get_many(choice.models.values()))
    )


def _made(choice: Choice) -> Made:
    from genmodels.export.report.report import make  # with matplotlib, which only this needs

    with st.spinner(_("Making the document…"), show_time=True), working(), TURN:
        return Made(choice, make(get_store(), choice, commands.compute))


def _offer(made: Made, changed: bool) -> None:
    if changed:
        st.caption(_("You have changed what goes in since: press *Make the document* again to have it in."))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.download_button(
            _("Word (.docx)"),
            made.word,
            "report.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            icon=":material/article:",
            on_click="ignore",
            help=_("Opens in Word and LibreOffice, where you can go on writing."),
        )
        st.download_button(
            "HTML",
            lambda: made.html,
            "report.html",
            "text/html",
            icon=":material/html:",
            on_click="ignore",
            help=_("One file that opens without a network, with a button that prints it or saves it as PDF."),
        )
        shown = st.toggle(
            _("Look at it here"), key="report:preview", help=_("Its button prints it, or saves it as PDF.")
        )
    if shown:
        st.iframe(made.html, height=PREVIEW_HEIGHT)
