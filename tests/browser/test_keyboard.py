"""What is done with a pointer is done with the keyboard too."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from genmodels.runs.store import Store
from tests.browser.app import popover
from tests.support.archives import a_run

pytestmark = pytest.mark.exhaustive


def test_the_map_is_searched_and_a_digit_drawn(page: Page, address: str):
    page.goto(f"{address}vae?tab=Latent space")
    latent_map = page.get_by_test_id("latent-map")
    expect(latent_map).to_have_attribute("data-points", "2000")
    popover(page, "Settings").focus()
    while not latent_map.evaluate("map => map === document.activeElement"):
        page.keyboard.press("Tab")
    expect(latent_map).to_have_css("outline-style", "solid")
    said = latent_map.get_by_role("status")
    page.keyboard.press("ArrowRight")
    expect(said).to_have_text(re.compile(r"Nearest is image \d+, \d"))
    page.keyboard.press("Enter")
    expect(latent_map).to_have_attribute("data-selected", "1")
    expect(said).to_have_text(re.compile(r"Selected: image \d+, \d"))
    expect(page.get_by_text("1 selected")).to_be_visible()
    for key in ("ArrowRight", "ArrowDown") * 4:
        page.keyboard.press(key)
    page.keyboard.press("Shift+Enter")
    expect(latent_map).not_to_have_attribute("data-selected", "1")
    selected = int(latent_map.get_attribute("data-selected") or 0)
    assert 10 < selected < 1000
    expect(said).to_have_text(f"{selected} selected")

    page.goto(f"{address}vae?tab=Decoder")
    grid = page.get_by_test_id("clickable-grid")
    before = page.get_by_role("slider").first.get_attribute("aria-valuenow")
    for key in ("ArrowRight", "ArrowRight", "Enter"):
        grid.press(key)
    expect(grid.get_by_role("status")).to_have_text("Row 8, column 9 pressed")
    expect(page.get_by_role("slider").first).not_to_have_attribute("aria-valuenow", before or "")

    pad = page.get_by_test_id("draw-pad")
    canvas = pad.get_by_role("application")
    canvas.focus()
    for key in ("Enter", *["ArrowDown"] * 9, "Enter", *["ArrowLeft"] * 4):
        page.keyboard.press(key)
    expect(pad).to_have_attribute("data-strokes", "1")
    expect(page.get_by_role("img", name="Your digit as the encoder sees it")).to_be_visible()
    for _ in range(2):
        canvas.press("Enter")
    expect(pad).to_have_attribute("data-strokes", "2")


def test_a_run_is_selected_in_the_table(page: Page, address: str, lab: Path):
    run = a_run(Store(lab))
    page.goto(f"{address}runs")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    page.get_by_role("combobox", name="State").focus()
    while page.evaluate("document.activeElement.tagName") != "CANVAS":
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    expect(page.get_by_role("heading", level=3).filter(has_text=run.id.rpartition("-")[2])).to_be_visible()
