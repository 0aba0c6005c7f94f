"""The latent map in a real browser: what one selects is what Python gets, and nothing takes it, or the zoom, away."""

import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.afresh import begin
from tests.browser.maps import (
    POINTS,
    PRINTED,
    VIEW,
    at,
    choose,
    drag,
    drawn,
    inside,
    mode,
    opacities,
    plot,
    selected,
    swipe,
    zoom,
)
from tests.support.helpers import wait_until
from tests.support.tiers import some

SCRIPT = "latent_map_app.py"
BELOW = "lab"


@pytest.fixture
def page(opened: Page, own_address: str) -> Page:
    return begin(opened, own_address)


@pytest.fixture
def latent_map(page: Page) -> Locator:
    return drawn(page)


def lasso(page: Page, latent_map: Locator) -> list[int]:
    """Select what lies in a dart, a polygon that is not convex; checks that it was that."""
    dart = at(latent_map, (-4, -3), (0, 0.5), (4, -3), (0, 3.5))
    drag(page, [*dart, dart[0]])
    expect(latent_map).not_to_have_attribute("data-selected", "0")
    got = selected(page)
    within, near = inside(dart, at(latent_map, *POINTS.tolist()))
    assert len(within - near) > 30
    assert within - near <= set(got) <= within | near
    assert got == sorted(got)
    return got


@pytest.mark.parametrize("colouring", some(["digits", "clusters", "values"], "clusters"))
def test_a_lasso_gives_the_points_inside_in_every_colouring(page: Page, latent_map: Locator, colouring: str):
    choose(page, colouring)
    page.wait_for_function(
        "n => document.querySelector('.plot').data.length === n",
        arg={"digits": 4, "clusters": 3, "values": 1}[colouring],  # with that of all points' extent
    )
    lasso(page, latent_map)


def test_a_box_gives_the_points_inside(page: Page, latent_map: Locator):
    mode(latent_map, "Box select")
    (left, top), (right, bottom) = at(latent_map, (-2, 2), (1, -2.5))
    drag(page, [(left, top), (right, bottom)])
    expect(latent_map).not_to_have_attribute("data-selected", "0")
    within, near = inside(
        [(left, top), (right, top), (right, bottom), (left, bottom)], at(latent_map, *POINTS.tolist())
    )
    assert within - near <= set(selected(page)) <= within | near


def test_a_click_selects_one_point_by_its_own_index(page: Page, latent_map: Locator):
    """It is in the third trace, where its place is another number."""
    lonely = int(np.argmax(POINTS[2::3, 0])) * 3 + 2
    page.mouse.click(*at(latent_map, tuple(POINTS[lonely]))[0])
    expect(latent_map).to_have_attribute("data-selected", "1")
    assert selected(page) == [lonely]


def test_a_double_click_and_an_empty_lasso_clear(page: Page, latent_map: Locator):
    lasso(page, latent_map)
    page.wait_for_timeout(500)
    empty = at(latent_map, (-11, -8), (-10, -8), (-10, -7), (-11, -7))
    drag(page, empty)
    expect(latent_map).to_have_attribute("data-selected", "0")
    assert selected(page) == []

    lasso(page, latent_map)
    page.mouse.move(*empty[1])
    page.wait_for_timeout(500)
    page.mouse.dblclick(*empty[0])
    expect(latent_map).to_have_attribute("data-selected", "0")
    assert selected(page) == []


def test_the_modes_are_chosen_with_the_keyboard(page: Page, latent_map: Locator):
    latent_map.locator("[data-title='Box select']").press("Enter")
    assert plot(latent_map).evaluate("({ _fullLayout }) => _fullLayout.dragmode") == "drawrect"


def test_a_key_before_the_map_is_drawn_does_nothing(page: Page, latent_map: Locator):
    page.get_by_role("link", name="Other").click()
    page.wait_for_function("!document.querySelector('.latent-map')")
    page.evaluate("""() => new MutationObserver((_, watch) => {
        const map = document.querySelector(".latent-map");
        if (!map || map.querySelector(".nsewdrag")) return;
        watch.disconnect();
        map.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft" }));
        window.pressed = true;
    }).observe(document.body, { subtree: true, childList: true })""")
    page.get_by_role("link", name="Map").click()
    page.wait_for_function("window.pressed")
    expect(latent_map).to_have_attribute("data-points", "300")


def test_colours_change_and_zoom_selection_and_hidden_entries_stay(page: Page, latent_map: Locator):
    got = lasso(page, latent_map)
    zoomed = zoom(page, latent_map)
    latent_map.locator(".legendtoggle").nth(1).click()
    page.wait_for_function("document.querySelector('.plot').data[1].visible === 'legendonly'")
    for colouring, traces in (("values", 1), ("clusters", 3), ("digits", 4)):
        choose(page, colouring)
        page.wait_for_function("n => document.querySelector('.plot').data.length === n", arg=traces)
        assert plot(latent_map).evaluate(VIEW) == pytest.approx(zoomed, abs=0.2)
        assert selected(page) == got
    visible = plot(latent_map).evaluate("({ data }) => data.map(({ visible }) => visible)")
    assert visible[:3] == [True, "legendonly", True]
    assert plot(latent_map).evaluate("({ _fullLayout }) => _fullLayout.dragmode") == "zoom"


@pytest.mark.exhaustive
def test_points_move_and_zoom_and_selection_stay(page: Page, latent_map: Locator):
    got = lasso(page, latent_map)
    zoomed = zoom(page, latent_map)
    first = "document.querySelector('.plot').data.at(-1).x[0]"
    before = page.evaluate(first)
    choose(page, "Move")
    page.wait_for_function(f"{first} !== {before}")
    assert plot(latent_map).evaluate(VIEW) == pytest.approx(zoomed, abs=0.2)
    assert selected(page) == got


def test_nothing_moves_under_a_lasso(page: Page, latent_map: Locator):
    first = "document.querySelector('.plot').data.at(-1).x[0]"
    still = page.evaluate(first)
    choose(page, "Move")
    page.wait_for_function(f"{first} !== {still}")
    drag(page, at(latent_map, (-6, -5), (6, -5), (6, 5)), release=False)
    held = page.evaluate(first)
    page.wait_for_timeout(2_000)
    assert page.evaluate(first) == held
    page.mouse.up()
    page.wait_for_function(f"{first} !== {held}")
    expect(latent_map).not_to_have_attribute("data-selected", "0")


@pytest.mark.exhaustive
def test_another_token_starts_afresh(page: Page, latent_map: Locator):
    lasso(page, latent_map)
    zoom(page, latent_map)
    for token in ("second", "first"):
        choose(page, token)
        expect(latent_map).to_have_attribute("data-token", token)
        expect(latent_map).to_have_attribute("data-selected", "0")
        assert selected(page) == []
        assert page.evaluate("document.querySelector('.plot').layout.xaxis.autorange")


@pytest.mark.exhaustive
def test_the_selection_is_there_again_after_another_page(page: Page, latent_map: Locator):
    got = lasso(page, latent_map)
    page.get_by_role("link", name="Other").click()
    expect(latent_map).to_have_count(0)
    page.get_by_role("link", name="Map").click()
    expect(latent_map).to_have_attribute("data-selected", str(len(got)))
    assert selected(page) == got


@pytest.mark.exhaustive
def test_what_is_placed_later_shows_and_is_not_selected(page: Page, latent_map: Locator):
    choose(page, "Extra")
    expect(latent_map.locator(".legendtext").filter(has_text="yours")).to_be_visible()
    [(x, y)] = at(latent_map, (8, -6))
    corner, middle = opacities(latent_map, [(x + 9, y), (x, y)])
    assert corner > 200 > 0 == middle  # an open diamond
    page.mouse.move(x, y)
    expect(page.get_by_test_id("latent-map-tip")).to_contain_text("yours")
    page.mouse.click(x, y)
    page.wait_for_timeout(500)
    assert selected(page) == []


@pytest.mark.exhaustive
def test_sixty_thousand_points_are_drawn_and_selected_in_small_messages(page: Page, latent_map: Locator):
    sent: list[int] = []
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(len(frame))))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    page.reload()
    page.get_by_role("combobox").click()
    page.get_by_role("option", name="60000").click()
    expect(latent_map).to_have_attribute("data-points", "60000")
    latent_map.scroll_into_view_if_needed()
    page.wait_for_timeout(1_000)
    picture = np.asarray(Image.open(io.BytesIO(plot(latent_map).screenshot())).convert("HSV"))
    assert (picture[..., 1] > 60).mean() > 0.1  # colourful
    sent.clear()
    received.clear()
    box = latent_map.locator(".nsewdrag").bounding_box()
    assert box
    left, top, right, bottom = box["x"] + 1, box["y"] + 1, box["x"] + box["width"] - 2, box["y"] + box["height"] - 2
    drag(page, [(left, top), (right, top), (right, bottom), (left, bottom)])
    expect(latent_map).to_have_attribute("data-selected", "60000")
    page.wait_for_function(f"JSON.parse({PRINTED}.innerText)[1] === {sum(range(60_000))}")
    assert sum(sent) < 15_000
    assert sum(received) < 10_000


def test_the_map_describes_itself(page: Page, latent_map: Locator):
    expect(page.get_by_role("application", name="Map of 300 points, coloured by kind, 0 selected")).to_be_visible()


def test_the_theme_is_followed(page: Page, latent_map: Locator):
    colour = "document.querySelector('.plot').layout.font.color"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{colour} !== '{light}'")


GREY = "(tip) => tip.querySelector('canvas').getContext('2d').getImageData(9, 9, 1, 1).data[0]"


def test_the_image_of_a_point_shows_under_the_pointer_and_on_the_map_where_it_is_zoomed_in(
    page: Page, latent_map: Locator
):
    choose(page, "Images")
    tip, lonely = page.get_by_test_id("latent-map-tip"), int(np.argmax(POINTS[:, 0]))
    expect(latent_map).to_have_attribute("data-pictures", "0")

    def shows() -> bool:
        """The map may be drawn again when the pointer has come to rest."""
        page.mouse.move(0, 0)
        page.mouse.move(*at(latent_map, tuple(POINTS[lonely]))[0], steps=5)
        return f"image {lonely}" in tip.inner_text()

    wait_until(shows)
    assert tip.evaluate(GREY) == lonely % 256
    mode(latent_map, "Zoom")
    expect(tip).to_be_hidden()
    drag(page, at(latent_map, (-1, 0.8), (1, -0.8)))
    expect(latent_map).not_to_have_attribute("data-pictures", "0")
    left, right, _ = plot(latent_map).evaluate(VIEW)
    shown = int(latent_map.get_attribute("data-pictures") or 0)
    assert 5 < shown <= ((POINTS[:, 0] > left) & (POINTS[:, 0] < right)).sum()


@pytest.fixture
def hand(phone: Page, own_address: str) -> Page:
    """The map on a phone."""
    drawn(begin(phone, own_address))
    return phone


def test_a_finger_scrolls_the_page_and_a_tap_selects(hand: Page):
    latent_map = hand.get_by_test_id("latent-map")
    lonely = int(np.argmax(POINTS[:, 0]))
    hand.touchscreen.tap(*at(latent_map, tuple(POINTS[lonely]))[0])
    expect(latent_map).to_have_attribute("data-selected", "1")
    assert selected(hand) == [lonely]

    before = latent_map.evaluate("(map) => map.getBoundingClientRect().top")
    x, y = at(latent_map, tuple(POINTS[0]))[0]
    swipe(hand, [(x, y - 10 * step) for step in range(16)])
    hand.wait_for_function(
        "before => document.querySelector('.latent-map').getBoundingClientRect().top < before - 100", arg=before
    )
    assert selected(hand) == [lonely]


@pytest.mark.exhaustive
def test_a_finger_draws_one_lasso_and_scrolls_again(hand: Page):
    latent_map = hand.get_by_test_id("latent-map")
    latent_map.locator(".modebar-btn[data-title^='Lasso']").tap()
    square = at(latent_map, (-2, -2), (2, -2), (2, 2), (-2, 2))
    swipe(hand, square)
    expect(latent_map).not_to_have_attribute("data-selected", "0")
    within, near = inside(square, at(latent_map, *POINTS.tolist()))
    assert within - near <= set(selected(hand)) <= within | near
    assert plot(latent_map).evaluate("({ layout }) => layout.dragmode") is False
