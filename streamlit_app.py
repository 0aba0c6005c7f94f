"""The app: `streamlit run streamlit_app.py`."""

import streamlit as st

try:
    from genmodels.storage.paths import PACKAGE
    from genmodels.ui.session import settle
    from genmodels.ui.shell.error_boundary import guarded
    from genmodels.ui.shell.navigation import be_ready, enter
    from genmodels.ui.shell.sidebar import sidebar
except SystemExit as refusal:  # on Windows, where Streamlit would show an empty page
    sentence = str(refusal)

    def refused() -> None:
        st.error(sentence)

    # As the only page there is, or Streamlit would offer those in pages/ by itself.
    st.navigation([st.Page(refused, title="Generative Models Lab")]).run()
    st.stop()

with guarded():
    page = enter()
    # After the pages are declared, so that this icon replaces theirs, which the browser would fetch from the internet.
    st.set_page_config(page_icon=PACKAGE / "ui" / "icon.png", layout="wide")
    sidebar()
    page.run()
    settle()
    be_ready()
