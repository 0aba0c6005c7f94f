"""The live curves in a real browser: they grow under the reader's hands without taking anything out of them."""

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.afresh import begin
from tests.browser.charts import curves, drag, wait_for_rows, wait_for_zoom, x_range

APP = """
import math, time
import streamlit as st
from genmodels.ui.components.live_curves import Panel, Series, live_curves
from tests.browser.afresh import round_number

NAMES = [f"{split}/{loss}" for loss in ("total", "recon", "kl") for split in ("train", "test")]
PANELS = [
    Panel("Total", "nats", (Series(NAMES[0], "train", "The total, in training."), Series(NAMES[1], "test <i>&amp;</i>", dash=True)), of="My run"),
    Panel("Parts", "nats", tuple(Series(n, n, colour="orange") for n in NAMES[2:]), log=True, lines=((1.386, "2 ln 2"),)),
]

@st.cache_resource
def started():
    return time.time()

@st.fragment(run_every=0.5)
def live(run, key):
    ticks = int(4 * (time.time() - started()))  # for all sessions the same, 24 rows a second
    rows = [(name, i / 10, 1 + math.exp(-i / 50) + 0.1 * k) for i in range(ticks) for k, name in enumerate(NAMES)]
    live_curves(PANELS, rows, key=key, reset_token=f"{run} {key}")

def lose(key):
    time.sleep(1)  # so that there are rows to lose
    token, sent = st.session_state[f"{key}:sent"]
    st.session_state[f"{key}:sent"] = (token, sent + 6)

def curves():
    key = f"curves {round_number()}"
    st.button("Lose rows", on_click=lose, args=(key,))
    live(st.radio("Run", ["first", "second"], key=f"run of {key}"), key)

def other():
    st.write("Nothing here")

st.navigation([st.Page(curves, title="Curves", default=True), st.Page(other, title="Other", url_path="other")]).run()
"""


BELOW = "lab"


@pytest.fixture
def page(opened: Page, own_address: str) -> Page:
    """The curves, as soon as they are drawn."""
    begin(opened, own_address)
    wait_for_rows(opened)
    return opened


def expect_whole(page: Page) -> None:
    """Every row is a point of a chart. Waits, for a row is counted once it is drawn, a frame after it has come."""
    page.wait_for_function("""() => {
        const traces = [...document.querySelectorAll(".plot")].flatMap((plot) => plot.data ?? []);
        return traces.reduce((n, { x }) => n + x.length, 0) === Number(document.querySelector(".curves").dataset.rows);
    }""")


@pytest.mark.exhaustive
def test_zoom_and_hidden_entry_stay_while_rows_arrive(page: Page):
    page.evaluate("document.querySelector('.plot').remembered = true")
    drag(page)
    page.locator(".plot").first.locator(".legendtoggle").nth(1).click()
    page.wait_for_function("document.querySelector('.plot').data[1].visible === 'legendonly'")
    zoomed, before = x_range(page), wait_for_rows(page)
    wait_for_rows(page, before + 48)
    assert x_range(page) == zoomed
    assert page.evaluate("document.querySelector('.plot')._fullData[1].visible") == "legendonly"
    assert page.evaluate("document.querySelector('.plot').remembered")
    expect_whole(page)

    page.locator(".plot .nsewdrag").first.dblclick()
    page.wait_for_function("document.querySelector('.plot').layout.xaxis.autorange")


@pytest.mark.exhaustive
def test_a_drag_in_progress_is_not_disturbed(page: Page):
    before = wait_for_rows(page)
    drag(page, release=False)
    page.wait_for_timeout(1_500)
    held = wait_for_rows(page)
    page.wait_for_timeout(1_500)
    assert wait_for_rows(page) == held  # nothing was drawn under the pointer
    full = x_range(page)
    page.mouse.up()
    wait_for_rows(page, before + 48)
    zoomed = x_range(page)
    assert zoomed[1] - zoomed[0] < 0.5 * (full[1] - full[0])


def test_reload_and_return_show_the_whole_curve(page: Page):
    before = wait_for_rows(page)
    page.reload()
    assert wait_for_rows(page) >= before
    expect_whole(page)

    page.get_by_role("link", name="Other").click()
    expect(curves(page)).to_have_count(0)
    page.get_by_role("link", name="Curves").click()
    before = wait_for_rows(page, before)
    wait_for_rows(page, before)
    expect_whole(page)


def test_zoom_and_hidden_entry_stay_when_the_charts_are_mounted_anew(page: Page):
    drag(page)
    wait_for_zoom(page)
    page.locator(".plot").first.locator(".legendtoggle").nth(1).click()
    page.wait_for_function("document.querySelector('.plot').data[1].visible === 'legendonly'")
    zoomed = x_range(page)
    page.get_by_role("link", name="Other").click()
    expect(curves(page)).to_have_count(0)
    page.get_by_role("link", name="Curves").click()
    wait_for_rows(page, wait_for_rows(page))
    expect_whole(page)
    assert x_range(page) == zoomed
    assert page.evaluate("document.querySelector('.plot')._fullData[1].visible") == "legendonly"

    page.locator(".plot .nsewdrag").first.dblclick()
    page.wait_for_function("document.querySelector('.plot').layout.xaxis.autorange")
    wait_for_rows(page, wait_for_rows(page))
    assert page.evaluate("document.querySelector('.plot').layout.xaxis.autorange")


def test_another_run_starts_afresh(page: Page):
    drag(page)
    wait_for_zoom(page)
    page.get_by_text("second").click()
    page.wait_for_function("document.querySelector('.plot')?.layout?.xaxis.autorange")
    wait_for_rows(page, wait_for_rows(page))
    expect_whole(page)


def test_lost_rows_are_asked_for_again(page: Page):
    """The browser notices the gap, and keeps the zoom while it heals, whether or not Streamlit mounts the charts anew."""
    drag(page)
    wait_for_zoom(page)
    zoomed = x_range(page)
    page.get_by_role("button", name="Lose rows").click()
    page.wait_for_timeout(2_000)
    wait_for_rows(page, wait_for_rows(page))
    expect_whole(page)
    assert x_range(page) == zoomed


def test_a_tick_is_small(page: Page):
    frames: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(len(frame))))
    page.reload()
    wait_for_rows(page)
    page.wait_for_timeout(1_000)
    frames.clear()
    page.wait_for_timeout(2_000)
    print(f"{sum(frames) / 4:.0f} bytes a tick of 6 series, 12 rows; largest frame {max(frames)}")
    assert sum(frames) / 4 <= 10_000


def test_charts_describe_themselves(page: Page):
    figure = page.get_by_role("figure", name="Total (nats), last values: train")
    expect(figure).to_be_visible()
    figure.get_by_label("What Total shows").click()
    expect(figure.get_by_text("The total, in training.")).to_be_visible()


def test_a_label_is_text_and_not_markup(page: Page):
    expect(page.locator(".plot").first.locator(".legendtext").nth(1)).to_have_text("test <i>&amp;</i>")


def test_the_context_menu_does_not_stop_the_curves(page: Page):
    """It may swallow the release of the button that opened it."""
    page.locator(".plot .nsewdrag").first.hover()
    page.mouse.down(button="right")
    wait_for_rows(page, wait_for_rows(page) + 24)
    page.mouse.up(button="right")


def test_the_theme_is_followed(page: Page):
    colour = "document.querySelector('.plot').layout.font.color"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{colour} !== '{light}'")


def test_one_column_on_a_phone(page: Page):
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_function("document.querySelector('.plot').getBoundingClientRect().width < 390")
    boxes = [figure.bounding_box() for figure in curves(page).locator("figure").all()]
    assert len({box["x"] for box in boxes if box}) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= 390")


def test_a_picture_of_a_curve_is_large_titled_and_named_after_run_and_curve(page: Page):
    plot = page.locator(".plot").first
    plot.hover()
    with page.expect_download() as download:
        plot.locator("[data-title='Download as PNG']").click()
    assert download.value.suggested_filename == "My-run-Total.png"
    with Image.open(download.value.path()) as picture:
        assert picture.width >= 1200
        assert int(np.asarray(picture.convert("L"))[:90].min()) < 128, "there is no title"
        assert picture.convert("RGB").getpixel((5, picture.height - 5)) == (255, 255, 255), "it has no paper of its own"
