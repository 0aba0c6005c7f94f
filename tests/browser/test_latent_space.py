"""The latent space and the decoder of the pretrained model, as a visitor has them, with no network."""

import base64
import io
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from genmodels.inference.load import load_model
from genmodels.latent import codes as latent_codes
from genmodels.latent.encode import encode
from genmodels.latent.pca import principal_plane
from genmodels.ui.vae.decoder import SIDE
from tests.browser.app import contents, popover
from tests.browser.maps import at, drag, inside
from tests.support.helpers import wait_until

pytestmark = pytest.mark.exhaustive
ENVIRONMENT = {"GENMODELS_DATA": "", "https_proxy": "http://127.0.0.1:9"}  # without a way to the internet
SCALE, GAP = 3, 2  # of the strips of selected images


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> latent_codes.Codes:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GENMODELS_HOME", str(tmp_path_factory.mktemp("codes")))
        return encode(load_model("vae-mnist"), "test", latent_codes.STORED_IMAGES)


def open_tab(page: Page, address: str, tab: str) -> None:
    page.set_viewport_size({"width": 1400, "height": 1400})
    page.goto(f"{address}vae?tab={tab}")


def pixels(image: Locator) -> np.ndarray:
    """What an image on the page shows."""
    return np.asarray(Image.open(io.BytesIO(contents(image))))


def small(image: Locator) -> np.ndarray:
    """A 28x28 image that is shown enlarged."""
    shown = pixels(image)
    return shown[:: len(shown) // 28, :: len(shown) // 28].astype(int)


def images_in(strip: np.ndarray, columns: int) -> np.ndarray:
    """The 28x28 images of a strip of several rows, (N, 28, 28)."""
    small, side = strip[::SCALE, ::SCALE], 28 + GAP
    rows = (small.shape[0] + GAP) // side
    return np.stack(
        [small[y * side : y * side + 28, x * side : x * side + 28] for y in range(rows) for x in range(columns)]
    )


def test_a_lasso_in_a_coloured_view_shows_exactly_the_images_inside(
    page: Page, address: str, codes: latent_codes.Codes
):
    open_tab(page, address, "Latent space")
    latent_map = page.get_by_test_id("latent-map")
    page.get_by_role("radio", name="PCA").click()
    expect(latent_map).to_have_attribute("data-token", re.compile("PCA$"))
    page.get_by_role("radio", name="cluster").click()
    latent_map.get_by_text("matched to 7").wait_for()
    latent_map.scroll_into_view_if_needed()

    points = principal_plane(codes.mu).project(codes.mu)
    corners = at(latent_map, (1.0, 1.0), (2.0, 1.0), (2.2, 1.6), (1.0, 1.6))
    drag(page, [*corners, corners[0]])
    expect(latent_map).not_to_have_attribute("data-selected", "0")
    within, near = inside(corners, at(latent_map, *points.tolist()))
    count = int(latent_map.get_attribute("data-selected") or 0)
    page.locator("strong", has_text=f"{count:,} selected").wait_for()
    page.get_by_role("img", name="each with its neighbours").wait_for()  # the last

    strips = page.get_by_role("img", name=re.compile("^Images .* over their reconstructions$"))
    shown: list[int] = []
    for strip in strips.all():
        listed = list(map(int, re.findall(r"\d+", strip.get_attribute("alt") or "")))
        pictures = images_in(pixels(strip), len(listed))
        assert np.array_equal(pictures[: len(listed)], codes.images[listed, 0])
        assert np.array_equal(pictures[len(listed) :], codes.reconstructions[listed, 0])
        shown += listed
    assert len(shown) == min(count, 24)
    assert set(shown) <= within | near
    assert len(within - near) <= count <= len(within | near)


def ask_for_fewer_points(page: Page) -> None:
    page.get_by_test_id("latent-map").wait_for()  # a key that is pressed before is lost with the slider that it was for
    popover(page, "Settings").click()
    page.get_by_role("slider", name="How many").focus()
    page.keyboard.press("Home")
    expect(page.get_by_test_id("latent-map")).to_have_attribute("data-points", "500")
    page.keyboard.press("Escape")


def test_fewer_points_can_be_asked_for_and_their_map_of_tsne_says_that_it_is_under_way_comes_and_stays(
    page: Page, address: str
):
    open_tab(page, address, "Latent space")
    ask_for_fewer_points(page)
    page.get_by_role("radio", name="t-SNE").click()
    page.get_by_text("t-SNE is").wait_for()  # starting; what moves then may be done between two looks
    expect(page.get_by_text("t-SNE is")).to_have_count(0, timeout=150_000)
    page.reload()
    ask_for_fewer_points(page)
    page.get_by_role("radio", name="t-SNE").click()
    expect(page.get_by_test_id("latent-map")).to_have_attribute("data-token", re.compile("tsne"))
    expect(page.get_by_text("t-SNE is")).to_have_count(0)


def test_a_slider_and_the_plane_change_the_image_and_a_drawn_digit_gets_a_code(
    page: Page, address: str, tmp_path: Path
):
    open_tab(page, address, "Decoder")
    page.get_by_test_id("draw-pad").wait_for()  # the last thing on the page
    image = page.get_by_role("img", name="What the decoder makes of this code")
    before = pixels(image)
    slider = page.get_by_role("slider").first
    slider.focus()
    for _ in range(20):
        page.keyboard.press("ArrowRight")
    wait_until(lambda: np.abs(pixels(image).astype(int) - before).max() > 50)

    grid = page.get_by_test_id("clickable-grid")
    box = grid.bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] * 2.5 / SIDE, box["y"] + box["height"] * 4.5 / SIDE)
    encoded = (grid.get_by_role("img").get_attribute("src") or "").partition(",")[2]
    picture = Image.open(io.BytesIO(base64.b64decode(encoded)))
    plane = np.asarray(picture.resize((SIDE * (28 + GAP) - GAP,) * 2, Image.Resampling.NEAREST)).astype(int)
    row, column = 4 * (28 + GAP), 2 * (28 + GAP)
    wait_until(lambda: np.abs(small(image) - plane[row : row + 28, column : column + 28]).max() < 10)

    pad = page.get_by_test_id("draw-pad").locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    drag(page, [(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * y) for y in (0.2, 0.4, 0.6, 0.8)])
    seen = page.get_by_role("img", name="Your digit as the encoder sees it")
    digit = pixels(seen)
    assert digit.max() > 200
    expect(page.get_by_text("Your digit, centred and scaled")).to_be_visible()
