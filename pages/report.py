"""The report to hand in: choose models, write between, and take one document away."""

import streamlit as st

from genmodels.language import N_, _
from genmodels.ui.report.choices import choices
from genmodels.ui.report.making import making
from genmodels.ui.shell.error_boundary import guarded
from genmodels.ui.shell.link_warning import link_warning
from genmodels.ui.shell.navigation import begin

begin(N_("Report"))
link_warning()
st.markdown(
    _(
        "One document with theory, curves, images and tables of each part. A model is chosen for each already; take your "
        "own, untick what you do not need, and write between."
    )
)
with guarded():
    making(*choices())
