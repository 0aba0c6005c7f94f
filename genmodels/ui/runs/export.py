"""What one can take away of the selected runs: a report to read, and their curves and differences as tables."""

from collections.abc import Sequence
from datetime import tzinfo

import streamlit as st

from genmodels.language import _, current, speaking
from genmodels.runs import comparison
from genmodels.runs.run import Run
from genmodels.ui.runs.chart import SMOOTHING
from genmodels.ui.runs.compare import compared
from genmodels.ui.session import get_store
from genmodels.ui.widgets.times import zone


def export_buttons(runs: Sequence[Run]) -> None:
    """Draw them, for one run or several. A file is made when its button is pressed, and not before."""
    ids = [run.id for run in runs]
    name = ids[0] if len(ids) == 1 else f"{len(ids)}-runs"
    smoothing = st.session_state.get(SMOOTHING, 0.0) if len(ids) > 1 else 0.0
    clock, language = zone(), current()  # now: the file is made outside the page, where nobody knows the visitor
    st.download_button(
        _("Report as HTML"),
        lambda: _report(ids, smoothing, clock, language),
        f"{name}.html",
        "text/html",
        icon=":material/description:",
        on_click="ignore",
        key="runs:report",
        help=_("One file that opens without a network: curves, pictures, settings, and the command of each run."),
    )
    st.download_button(
        _("Curves as CSV"),
        lambda: comparison.long_form({run: get_store().metrics(run) for run in ids}).to_csv(index=False),
        f"{name}-curves.csv",
        "text/csv",
        icon=":material/show_chart:",
        on_click="ignore",
        key="runs:curves",
        help=_("All values of all curves, one a row: run, name, step, epoch, value."),
    )
    if len(ids) > 1:
        st.download_button(
            _("Table as CSV"),
            lambda: compared(get_store().get_many(ids)).to_csv(),
            f"{name}.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="runs:table",
            help=_("The settings that differ, and the scores, one run a row."),
        )


def _report(ids: Sequence[str], smoothing: float, clock: tzinfo, language: str) -> str:
    from genmodels.export.html_report import html_report, run_data  # with plotly, which only this needs

    with speaking(language):
        return html_report(run_data(get_store(), ids), smoothing, clock)
