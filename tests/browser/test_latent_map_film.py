"""The latent map while it follows a film."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.afresh import begin
from tests.browser.maps import POINTS, VIEW, at, choose, drawn, opacities, plot, zoom
from tests.support.helpers import wait_until

SCRIPT = "latent_map_app.py"


def shows(latent_map: Locator, points: np.ndarray) -> bool:
    """Whether these points are drawn where they are in view, and nothing is far from them."""
    area = latent_map.locator(".nsewdrag").bounding_box()
    assert area
    places = np.array(at(latent_map, *points.tolist()))
    low, size = np.array([area["x"], area["y"]]), np.array([area["width"], area["height"]])
    seen = places[((places > low) & (places < low + size)).all(1)]
    anywhere = low + size * np.random.default_rng(0).random((600, 2))
    empty = anywhere[np.linalg.norm(anywhere[:, None] - places, axis=2).min(1) > 12]
    assert len(seen) > 20
    assert len(empty) > 20
    opaque = np.array(opacities(latent_map, [tuple(place) for place in np.vstack([seen, empty])]))
    return bool((opaque[: len(seen)] > 100).all() and (opaque[len(seen) :] == 0).all())


def test_one_slider_moves_the_points_the_picture_and_the_mark_in_the_curves(opened: Page, own_address: str):
    page = begin(opened, own_address)
    latent_map = drawn(page)
    choose(page, "Film")
    player, curves, mark = page.get_by_test_id("film-player"), page.get_by_test_id("curves"), page.locator(".mark")
    expect(latent_map).to_have_attribute("data-place", "2")
    expect(mark).to_be_visible()
    slider = player.get_by_role("slider")
    right = mark.bounding_box()
    slider.press("ArrowLeft")
    expect(latent_map).to_have_attribute("data-place", "1")
    expect(player.get_by_role("status")).to_have_text("epoch 1")
    expect(curves).to_have_attribute("data-x", "1")
    latent_map.scroll_into_view_if_needed()
    wait_until(lambda: shows(latent_map, POINTS))
    zoomed = zoom(page, latent_map)
    slider.fill("0.5")
    expect(latent_map).to_have_attribute("data-place", "0.5")
    wait_until(lambda: shows(latent_map, POINTS / 2))
    assert plot(latent_map).evaluate(VIEW) == pytest.approx(zoomed, abs=0.2)
    now = mark.bounding_box()
    assert right is not None
    assert now is not None
    assert now["x"] < right["x"] - 50
    choose(page, "Longer")
    expect(slider).to_have_attribute("max", "3")
    assert slider.input_value() in ("0", "1"), "a film that grows goes on where it stood"
    player.get_by_role("button", name="Play").click()
    expect(latent_map).to_have_attribute("data-place", "3", timeout=10_000)
