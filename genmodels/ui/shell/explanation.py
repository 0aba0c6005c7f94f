"""The explanations beside the live things, in the visitor's language: Markdown files in ``explanations/`` that anyone may edit."""

import re

import streamlit as st

from genmodels.config.languages import FROM_THE_RIGHT, LANGUAGES
from genmodels.storage.paths import PROJECT
from genmodels.ui.components.attributes import set_attributes

FOLDER = PROJECT / "explanations"  # in each a folder a language
KEY = "lang"  # of the choice, and in the address
# What is computed, and code, runs from the left within a text that does not.
RIGHT_TO_LEFT = """
<style>
[class*="st-key-explanation-fa"], [class*="st-key-explanation-fa"] :is(p, li, th, td) { direction: rtl; text-align: right; }
[class*="st-key-explanation-fa"] .katex, [class*="st-key-explanation-fa"] code { direction: ltr; unicode-bidi: isolate; }
/* Broken over two lines, the second half of an equation would seem to come first. */
[class*="st-key-explanation-fa"] .katex { white-space: nowrap; }
</style>
"""


# What is said in another language than the page around it, for who hears it: the choices by their own names, and all of an
# explanation. And who has no pointer scrolls an explanation, in which nothing else takes the focus, by itself.
SPOKEN = {
    **{f".st-key-{KEY} [role=radio]:nth-child({place})": {"lang": code} for place, code in enumerate(LANGUAGES, 1)},
    **{f'[class*="st-key-explanation-{code}"]': {"lang": code} for code in LANGUAGES},
    **{f'[class*="st-key-explain-{code}"] button': {"lang": code} for code in LANGUAGES},
    "[data-testid=stPopoverBody]": {"tabindex": "0"},
}


def choose_language() -> None:
    """The choice, which the address remembers by the language's own name; a link may have its code as well."""
    first: str | None = "en"
    if (code := st.query_params.get(KEY)) in LANGUAGES:
        st.session_state[KEY], first = code, None  # Streamlit warns of a value beside a default
        del st.query_params[KEY]  # the bound address follows
    st.segmented_control(
        "Explanations", list(LANGUAGES), default=first, required=True, format_func=lambda code: LANGUAGES[code], key=KEY,
        bind="query-params",
    )  # fmt: skip
    set_attributes(SPOKEN, key="spoken")


def explanation(name: str) -> None:
    """The file of that name, behind a button: its first line is the title."""
    language = st.session_state.get(KEY) or "en"
    title, _, text = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    title = title.removeprefix("# ")
    with (
        st.popover(re.split("[:،,]", title)[0], icon=":material/school:", key=f"explain-{language}-{name}"),
        st.container(key=f"explanation-{language}-{name}"),
    ):
        if language in FROM_THE_RIGHT:
            st.html(RIGHT_TO_LEFT)
        st.markdown(f"**{title}**\n{text}")
