"""The explanations beside the live things, in the visitor's language: Markdown files in ``explanations/`` that anyone may edit."""

import re

import streamlit as st

from genmodels.language import current
from genmodels.storage.paths import PROJECT

FOLDER = PROJECT / "explanations"  # in each a folder a language


def explanation(name: str) -> None:
    """The file of that name, behind a button: its first line is the title."""
    language = current()
    title, _, text = (FOLDER / language / f"{name}.md").read_text(encoding="utf-8").partition("\n")
    title = title.removeprefix("# ")
    with (
        st.popover(re.split("[:،,]", title)[0], icon=":material/school:", key=f"explain-{language}-{name}"),
        st.container(key=f"explanation-{language}-{name}"),
    ):
        st.markdown(f"**{title}**\n{text}")
