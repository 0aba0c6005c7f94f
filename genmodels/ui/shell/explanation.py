"""The explanations beside the live things, in the visitor's language: in English where that has none."""

import re

import streamlit as st

from genmodels.language import current, direction, sided
from genmodels.storage.explanations import explanation as written
from genmodels.ui.components.attributes import set_attributes


def explanation(name: str) -> None:
    """The file of that name, behind a button: its first line is the title."""
    whole, language = written(name, current())
    title, _, text = whole.partition("\n")
    title = title.removeprefix("# ")
    key = f"explanation-{language}-{name}"
    with (
        st.popover(re.split("[:،,]", title)[0], icon=":material/school:", key=f"explain-{language}-{name}"),
        st.container(key=key),
    ):
        st.markdown(sided(f"**{title}**\n{text}", language))
    if language != current():
        set_attributes({f".st-key-{key}": {"lang": language, "dir": direction(language)}}, key=f"spoken-{key}")
