"""A figure on a page."""

from typing import Any

import streamlit as st

from genmodels.language.message import on_canvas


def chart(figure: Any, alt: str, key: str) -> None:
    """Draw a plotly figure that is looked at, and not worked with; ``alt`` says to those who do not see it what it shows."""
    direct(figure)
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})


def direct(figure: Any) -> None:
    """Give the words of a figure, which is laid out from the left, the direction of the visitor's language."""
    for trace in figure.data:
        if trace.name:
            trace.name = on_canvas(trace.name)
        if trace.hovertemplate:
            trace.hovertemplate = on_canvas(trace.hovertemplate)
    axes = [axis.title for axis in (*figure.select_xaxes(), *figure.select_yaxes())]
    for words in (*figure.select_annotations(), *axes):
        if words.text:
            words.text = on_canvas(words.text)
