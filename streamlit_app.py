"""The app: `streamlit run streamlit_app.py`."""

import streamlit as st

from genmodels.storage.paths import PACKAGE
from genmodels.ui.shell.error_boundary import guarded
from genmodels.ui.shell.navigation import be_ready, enter
from genmodels.ui.shell.sidebar import sidebar

with guarded():
    page = enter()
    # After the pages are declared, so that this icon replaces theirs, which the browser would fetch from the internet.
    st.set_page_config(page_icon=PACKAGE / "ui" / "icon.png", layout="wide")
    sidebar()
    page.run()
    be_ready()
