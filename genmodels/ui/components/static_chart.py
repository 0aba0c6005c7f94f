"""A figure on a page."""

from typing import Any

import streamlit as st

from genmodels.export.figures import direct


def chart(figure: Any, alt: str, key: str) -> None:
    """Draw a plotly figure that is looked at, and not worked with; ``alt`` says to those who do not see it what it shows."""
    direct(figure)
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})
