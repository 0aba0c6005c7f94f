"""A figure on a page."""

from typing import Any

import streamlit as st


def chart(figure: Any, alt: str, key: str) -> None:
    """Draw a plotly figure that is looked at, and not worked with; ``alt`` says to those who do not see it what it shows."""
    from genmodels.export.figures import direct  # with plotly and pandas, which whoever has a figure has loaded

    direct(figure)
    st.plotly_chart(figure, key=key, alt=alt, config={"displayModeBar": False})
