"""Every run: look, compare, go on, keep, give away."""

import streamlit as st

from genmodels.language import N_, ngettext
from genmodels.ui.access.permission import operator_door, show_quota
from genmodels.ui.access.persistence import lasting_notice
from genmodels.ui.runs.actions import actions, delete_button
from genmodels.ui.runs.chart import HUES, chart, last_values
from genmodels.ui.runs.compare import differences
from genmodels.ui.runs.description import tags_field
from genmodels.ui.runs.export import export_buttons
from genmodels.ui.runs.group_panel import group_panel
from genmodels.ui.runs.import_zip import import_outcome, run_import
from genmodels.ui.runs.pretrained import pretrained_instead
from genmodels.ui.runs.table import all_runs, runs_table, selected_group, selected_runs, selection_line
from genmodels.ui.runs.url_selection import give_link, take_link
from genmodels.ui.shell.navigation import begin

head = begin(N_("Runs"))
with head:
    run_import()
    operator_door()
show_quota()
lasting_notice()
import_outcome()
take_link()
selected = selected_runs()
give_link(selected)
if runs := all_runs():
    shown, group = runs_table(runs), selected_group(selected, runs)
    if selected:
        with head:
            selection_line(selected, shown, group)
    elif shown:
        st.caption(
            ngettext(
                "Nothing is selected: this is the only one. Tick runs to compare them; a click on a column's name "
                "sorts. With the keyboard: arrows in the table, Shift+Space ticks.",
                "Nothing is selected: these are the curves of the first {n} runs. Tick runs to compare them; a click on a column's name "
                "sorts. With the keyboard: arrows in the table, Shift+Space ticks.",
                n=min(len(shown), len(HUES)),
            )
        )
    drawn = selected or shown[: len(HUES)]
    if drawn:
        chart(drawn, last_values(drawn))
else:
    pretrained_instead()
if len(selected) == 1:
    actions(selected[0])
elif selected:
    if runs and group:
        group_panel(group)
    differences(selected)
    with st.container(horizontal=True):
        export_buttons(selected)
        delete_button(selected)
    tags_field(selected)
