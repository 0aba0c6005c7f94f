"""What one sees of the latent map, and does with it."""

import numpy as np
from playwright.sync_api import Locator, Page, expect

POINTS = np.random.default_rng(0).normal(size=(300, 2)) * [3, 2]  # of ``latent_map_app``
ON_PAGE = """(plot, points) => {
    const { xaxis, yaxis } = plot._fullLayout, { left, top } = plot.getBoundingClientRect();
    return points.map(([x, y]) => [left + xaxis._offset + xaxis.l2p(x), top + yaxis._offset + yaxis.l2p(y)]);
}"""
# The width of what is shown, and the middle of its height: the height follows the room that the legend leaves.
VIEW = """({ layout: { xaxis, yaxis } }) => [...xaxis.range, (yaxis.range[0] + yaxis.range[1]) / 2]"""
OPACITIES = """(map, places) => {
    const canvas = map.querySelector(".points"), { left, top, width } = canvas.getBoundingClientRect();
    const ratio = canvas.width / width, context = canvas.getContext("2d");
    return places.map(([x, y]) => context.getImageData((x - left) * ratio, (y - top) * ratio, 1, 1).data[3]);
}"""
# What the app of a test has got, once that is what the browser shows.
PRINTED = "document.querySelector('[data-testid=stCode]')"
AGREED = f"""() => {{
    const got = JSON.parse({PRINTED}.innerText), {{ selected }} = document.querySelector("[data-testid=latent-map]").dataset;
    return got[0] === Number(selected) && got;
}}"""


def plot(latent_map: Locator) -> Locator:
    return latent_map.locator(".plot")


def choose(page: Page, label: str) -> None:
    page.get_by_text(label, exact=True).first.click()


def mode(latent_map: Locator, name: str) -> None:
    """Choose a drag mode in plotly's bar."""
    plot(latent_map).hover()
    latent_map.locator(f".modebar-btn[data-title^='{name}']").click()


def drag(page: Page, corners: list[tuple[float, float]], *, release: bool = True) -> None:
    page.mouse.move(*corners[0])
    page.mouse.down()
    for corner in corners[1:]:
        page.mouse.move(*corner, steps=8)
    if release:
        page.mouse.up()


def at(latent_map: Locator, *places: tuple[float, float]) -> list[tuple[float, float]]:
    """Where places of the map are on the page."""
    return [tuple(place) for place in plot(latent_map).evaluate(ON_PAGE, [list(place) for place in places])]


def zoom(page: Page, latent_map: Locator) -> list[float]:
    """The view, by the reader's own choice."""
    mode(latent_map, "Zoom")
    drag(page, at(latent_map, (-3, 3), (3, -3)))
    page.wait_for_function("document.querySelector('.plot').layout.xaxis.autorange === false")
    page.wait_for_timeout(500)
    return plot(latent_map).evaluate(VIEW)


def opacities(latent_map: Locator, places: list[tuple[float, float]]) -> list[int]:
    """How opaque, up to 255, the points make the page at these places of it; 0 where there is none."""
    return latent_map.evaluate(OPACITIES, [list(place) for place in places])


def inside(polygon: list[tuple[float, float]], places: list[tuple[float, float]]) -> tuple[set[int], set[int]]:
    """The places inside, and those too near to the edge to tell: plotly.js rounds and simplifies what the hand drew."""
    corners, points = np.array(polygon), np.array(places)
    within, near = np.zeros(len(points), bool), np.zeros(len(points), bool)
    for start, end in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        side = end - start
        along = ((points - start) @ side / (side @ side)).clip(0, 1)
        near |= np.linalg.norm(points - start - along[:, None] * side, axis=1) < 2.5
        crosses = (start[1] > points[:, 1]) != (end[1] > points[:, 1])
        if side[1]:
            within ^= crosses & (points[:, 0] < start[0] + side[0] * (points[:, 1] - start[1]) / side[1])
    return set(np.flatnonzero(within).tolist()), set(np.flatnonzero(near).tolist())


def swipe(page: Page, places: list[tuple[float, float]]) -> None:
    """With one finger, from place to place."""
    finger = page.context.new_cdp_session(page)
    for kind, (x, y) in zip(["touchStart", *["touchMove"] * (len(places) - 1)], places, strict=True):
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def drawn(page: Page) -> Locator:
    """The map of the app of a test, which has 300 points."""
    shown = page.get_by_test_id("latent-map")
    expect(shown).to_have_attribute("data-points", "300")
    shown.scroll_into_view_if_needed()
    return shown


def selected(page: Page) -> list[int]:
    """What Python got, which is as many as the browser shows."""
    return page.wait_for_function(AGREED).json_value()[2:]
