"""The visitor's language: by the address, else by their choice, else by their browser; and the page in its direction."""

import streamlit as st
from babel import Locale, UnknownLocaleError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from genmodels.language import FROM_THE_RIGHT, LANGUAGES, _, current, typeface
from genmodels.language.current import ask_visitor
from genmodels.language.languages import ENGLISH
from genmodels.storage.paths import PACKAGE
from genmodels.ui.components.attributes import set_attributes
from genmodels.ui.components.serving import serve_folder
from genmodels.ui.session import all_heard, stepped, tell
from genmodels.ui.shell.link_warning import is_wrong

KEY = "lang"  # of the language's code, in the session and in the address
CHOICE = "language"  # of the control
DRAWN = "language:drawn"  # which the labels of the controls are in that the browser has
STYLE = PACKAGE / "ui" / "shell" / "right_to_left.css"

# For who hears the page: its language and direction; the choices by their own names; and an explanation without links, in which
# nothing takes the focus, is scrolled by itself.
_SPOKEN = {
    **{f".st-key-{CHOICE} [role=radio]:nth-child({place})": {"lang": code} for place, code in enumerate(LANGUAGES, 1)},
    "[data-testid=stPopoverBody]": {"tabindex": "0"},
}


def _of_visitor() -> str | None:
    """The language of the visitor whose script runs in this thread, callbacks and fragments too."""
    if get_script_run_ctx(suppress_warning=True) is None:
        return None
    return st.session_state.get(KEY) or _of_browser()


def _unasked() -> str:
    """The language where neither the address nor the visitor has said one."""
    return _of_browser() or next(iter(LANGUAGES))


def _of_browser() -> str | None:
    return _meant(st.context.locale or "")


def _direction_of_browser() -> str:
    """In which Streamlit's sliders move their thumbs, whatever the page says; also of a language that is not spoken here."""
    try:
        return str(Locale.parse(st.context.locale or ENGLISH, sep="-").text_direction)
    except (ValueError, UnknownLocaleError):
        return "ltr"


def _meant(said: str) -> str | None:
    """The language that is called so: by its code, whatever its case and its region, as in fa-IR, or by its own name."""
    by_name = {name.casefold(): code for code, name in LANGUAGES.items()}
    code = said.replace("_", "-").partition("-")[0].casefold()
    return by_name.get(said.casefold(), code if code in LANGUAGES else None)


ask_visitor(_of_visitor)


def listen() -> None:
    """Hear what the address says of the language: the last of several that is known here."""
    asked = all_heard(KEY)
    if known := [code for code in map(_meant, asked or ()) if code]:
        st.session_state[KEY] = known[-1]
    else:
        if any(asked or ()):
            is_wrong(_("There is no language of that name here: choose one at the end of the sidebar."))
        if KEY not in st.session_state or (asked is not None and not any(asked) and stepped()):
            st.session_state[KEY] = _unasked()
    if st.session_state[KEY] != st.session_state.setdefault(DRAWN, st.session_state[KEY]):
        _keep_choices()
        st.session_state[DRAWN] = st.session_state[KEY]


def _keep_choices() -> None:
    """Set all controls to what they are set to: a browser knows a choice by its label alone, which no longer is among those of the
    language that is spoken now."""
    for key, value in list(st.session_state.items()):
        parts = value if isinstance(value, list | tuple) and value else [value]
        if all(isinstance(part, str | int | float) and not isinstance(part, bool) for part in parts):
            st.session_state[key] = value  # of other types are buttons, uploads and components, which are no choices


def speak() -> None:
    """Have the address say what is spoken, so that a link opens in it with any browser; English only where it is not the
    browser's own. On the page that was asked for, when it is known to be there."""
    chosen = st.session_state[KEY]
    tell(KEY, "" if chosen == _unasked() == ENGLISH else chosen)


def lay_out() -> None:
    """Give the page the direction of its language, and a typeface that has its letters."""
    right = current() in FROM_THE_RIGHT
    if right:
        serve_folder("fonts", typeface.FOLDER)
        st.html(STYLE)
    page = {"html": {"lang": current(), "dir": "rtl" if right else "ltr", "data-browser-dir": _direction_of_browser()}}
    set_attributes(page | _SPOKEN, key="spoken")


def choose_language() -> None:
    """Draw the choice."""
    st.session_state[CHOICE] = current()
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        required=True,
        format_func=LANGUAGES.__getitem__,
        key=CHOICE,
        on_change=_choose,
        persist_state="session",
    )


def _choose() -> None:
    st.session_state[KEY] = st.session_state[CHOICE]
