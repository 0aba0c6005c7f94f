"""Times as the visitor's clock shows them."""

from pathlib import Path

import pytest
import streamlit as st

from genmodels.export.html_report import html_report, run_data
from genmodels.runs.store import Store
from genmodels.ui.widgets.times import moment_told, zone
from tests.support.archives import a_run

NOON = 1_777_633_200.0  # 2026-05-01 11:00 UTC


class Browser:
    """What a visitor's browser says of itself."""

    def __init__(self, timezone: str | None = None, timezone_offset: int | None = None) -> None:
        self.timezone, self.timezone_offset = timezone, timezone_offset


@pytest.mark.parametrize(
    ("browser", "shown"),
    [
        (Browser("Europe/Berlin", -120), "2026-05-01 13:00"),
        (Browser("America/Los_Angeles"), "2026-05-01 04:00"),
        (Browser("Nowhere/Land", -210), "2026-05-01 14:30"),
        (Browser("../../etc/passwd", 60), "2026-05-01 10:00"),
        (Browser(None, 0), "2026-05-01 11:00"),
    ],
    ids=lambda value: getattr(value, "timezone", None),
)
def test_a_moment_is_told_in_the_zone_of_the_browser(browser: Browser, shown: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(st, "context", browser)
    assert moment_told(NOON, "yyyy-MM-dd HH:mm") == shown


def test_a_browser_that_says_nothing_has_the_clock_of_the_server(monkeypatch: pytest.MonkeyPatch):
    import time

    monkeypatch.setattr(st, "context", Browser())
    assert moment_told(NOON, "HH:mm") == time.strftime("%H:%M", time.localtime(NOON))


def test_a_report_names_the_zone_of_its_times(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(st, "context", Browser("Asia/Tehran"))
    store = Store()
    run = a_run(store, created=NOON)
    assert "started 1 May 2026 14:30 Asia/Tehran" in html_report(run_data(store, [run.id]), zone=zone())
