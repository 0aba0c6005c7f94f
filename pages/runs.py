"""Every run: look, compare, go on, keep, give away."""

import streamlit as st

from genmodels.ui.access.permission import operator_door, show_quota
from genmodels.ui.access.persistence import lasting_notice
from genmodels.ui.runs.actions import actions, delete_button
from genmodels.ui.runs.compare import overlay
from genmodels.ui.runs.export import export_buttons
from genmodels.ui.runs.import_zip import import_outcome, run_import
from genmodels.ui.runs.table import runs_table
from genmodels.ui.runs.url_selection import give_link, take_link
from genmodels.ui.shell.navigation import begin

begin("Runs")
left, right = st.columns([3, 1], vertical_alignment="bottom")
left.markdown(
    "Everything that was trained here, and what you have imported. Select one run to work with it, or several to "
    "compare them. A click on a column's name sorts. With the keyboard: arrows in the table, Shift+Space selects."
)
with right:
    run_import()
    operator_door()
show_quota()
lasting_notice()
import_outcome()
take_link()
selected = runs_table()
give_link(selected)
if len(selected) == 1:
    actions(selected[0])
elif selected:
    overlay(selected)
    with st.container(horizontal=True):
        export_buttons(selected)
        delete_button(selected)
