"""The draw pad in a real browser: what one draws is what Python gets."""

import json

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.afresh import begin
from tests.browser.app import button, wait_for_script
from tests.browser.maps import swipe

APP = """
import json
import streamlit as st
from genmodels.ui.components.draw_pad import draw_pad
from tests.browser.afresh import round_number

def pad():
    picture = draw_pad(f"pad {round_number()}")
    st.button("Run again")
    st.code("nothing" if picture is None else json.dumps(picture.tolist()), language=None)

def other():
    st.write("Nothing here")

st.navigation([st.Page(pad, title="Pad", default=True), st.Page(other, title="Other", url_path="other")]).run()
"""


@pytest.fixture
def page(opened: Page, own_address: str) -> Page:
    return begin(opened, own_address)


@pytest.fixture
def canvas(page: Page) -> Locator:
    """The pad, on which nothing is drawn yet."""
    expect(button(page, "Undo")).to_be_disabled()
    return page.get_by_test_id("draw-pad").locator("canvas")


def draw(page: Page, canvas: Locator, start: tuple[float, float], end: tuple[float, float]) -> None:
    """A straight stroke; both as (x, y) in shares of the pad."""
    box = canvas.bounding_box()
    assert box
    (x0, y0), (x1, y1) = ((box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in (start, end))
    page.mouse.move(x0, y0)
    page.mouse.down()
    page.mouse.move(x1, y1, steps=10)
    page.mouse.up()


def picture(page: Page, strokes: int) -> np.ndarray:
    """What Python got, once it has what the pad shows."""
    expect(page.get_by_test_id("draw-pad")).to_have_attribute("data-strokes", str(strokes))
    page.wait_for_timeout(500)  # until the script runs
    wait_for_script(page)
    code = page.get_by_test_id("stCode")
    expect(code).not_to_have_text("nothing")
    return np.array(json.loads(code.inner_text()))


def expect_nothing(page: Page) -> None:
    expect(page.get_by_test_id("stCode")).to_have_text("nothing")


def distances(start: tuple[float, float], end: tuple[float, float], side: int) -> np.ndarray:
    """How far the middle of each pixel is from a stroke, in shares of the pad."""
    middles = (np.stack(np.meshgrid(*2 * [np.arange(side)]), axis=-1) + 0.5) / side
    origin, way = np.array(start), np.array(end) - start
    along = ((middles - origin) @ way / (way @ way)).clip(0, 1)
    return np.linalg.norm(middles - origin - along[..., None] * way, axis=-1)


def test_a_stroke_is_bright_where_one_drew(page: Page, canvas: Locator):
    draw(page, canvas, (0.2, 0.3), (0.7, 0.8))
    got = picture(page, 1)
    away = distances((0.2, 0.3), (0.7, 0.8), len(got))
    assert got.shape == (112, 112)
    assert (got[away < 0.03] == 255).all()
    assert (got[away > 0.06] == 0).all()


def test_a_tap_makes_a_dot(page: Page, canvas: Locator):
    draw(page, canvas, (0.5, 0.5), (0.5, 0.5))
    got = picture(page, 1)
    assert got[56, 56] == 255
    assert 20 < (got > 127).sum() < 150


def test_undo_and_clear_with_the_keyboard(page: Page, canvas: Locator):
    draw(page, canvas, (0.2, 0.2), (0.2, 0.8))
    first = picture(page, 1)
    draw(page, canvas, (0.8, 0.2), (0.8, 0.8))
    assert picture(page, 2).sum() > 1.5 * first.sum()
    button(page, "Undo").focus()
    page.keyboard.press("Enter")
    assert (picture(page, 1) == first).all()
    page.keyboard.press("Tab")
    expect(button(page, "Clear")).to_be_focused()
    page.keyboard.press("Space")
    expect_nothing(page)
    expect(button(page, "Undo")).to_be_disabled()


def test_the_drawing_stays_over_reruns_and_a_visit_to_another_page(page: Page, canvas: Locator):
    draw(page, canvas, (0.2, 0.3), (0.7, 0.8))
    first = picture(page, 1)
    button(page, "Run again").click()
    assert (picture(page, 1) == first).all()
    page.get_by_role("link", name="Other").click()
    expect(canvas).to_have_count(0)
    page.get_by_role("link", name="Pad").click()
    assert (picture(page, 1) == first).all()

    draw(page, canvas, (0.7, 0.2), (0.9, 0.2))
    both = picture(page, 2)
    assert both[distances((0.7, 0.2), (0.9, 0.2), 112) < 0.03].min() == 255
    assert both[distances((0.2, 0.3), (0.7, 0.8), 112) < 0.02].min() > 200
    for _ in range(2):
        button(page, "Undo").click()
    expect_nothing(page)


def test_a_message_is_small(page: Page, canvas: Locator):
    sent: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(len(frame))))
    page.reload()
    expect(button(page, "Undo")).to_be_disabled()
    for step in range(5):
        draw(page, canvas, (0.1 + step / 10, 0.1), (0.5, 0.3 + step / 10))
    picture(page, 5)
    assert max(sent) < 10_000


def test_a_hostile_value_is_nothing(page: Page, canvas: Locator):
    """As the browser would send it, in place of the picture."""
    page.evaluate("HTMLCanvasElement.prototype.toDataURL = () => 'data:image/png;base64,' + 'A'.repeat(200_000)")
    draw(page, canvas, (0.2, 0.3), (0.7, 0.8))
    page.wait_for_timeout(1_000)
    wait_for_script(page)
    expect_nothing(page)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.goto("about:blank")  # with it goes what was replaced


def test_a_finger_draws_on_the_pad_and_scrolls_beside_it(phone: Page, own_address: str):
    page = begin(phone, own_address)
    canvas = page.get_by_test_id("draw-pad").locator("canvas")
    box = canvas.bounding_box()
    assert box
    places = np.linspace((0.5, 0.2), (0.5, 0.8), 13) * (box["width"], box["height"]) + (box["x"], box["y"])
    swipe(page, [(x, y) for x, y in places.tolist()])
    got = picture(page, 1)
    assert (got[distances((0.5, 0.2), (0.5, 0.8), 112) < 0.03] > 0).all()
    assert page.evaluate(
        "[...document.querySelectorAll('.draw-pad, .draw-pad canvas')].map((e) => getComputedStyle(e).touchAction)"
    ) == ["auto", "none"]
