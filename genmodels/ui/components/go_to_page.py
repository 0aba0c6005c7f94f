"""Lead the visitor from one page to another after something was done.

`st.switch_page` changes the page in the server first. If the browser, which does not know it yet, asks for one more look of
something that moves on the page that was left (`genmodels.ui.shell.auto_refresh`), Streamlit takes that page for the present one again, and
the browser, which cannot find the places of what it is sent, shows nothing any more. A link changes the page in the browser first,
where what moves stops at once.
"""

import streamlit as st

from genmodels.ui.components.serving import browser_component

KEY = "follow"


def follow(page: str, label: str, query_params: dict[str, str]) -> None:
    """Draw a link to ``page``, which the browser follows by itself."""
    with st.container(key=KEY):
        st.page_link(page, label=label, icon=":material/arrow_forward:", query_params=query_params)
    _component(data={"key": KEY})


_component = browser_component("go_to_page")
