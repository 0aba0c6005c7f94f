"""Sliders in a browser whose language is read from the right, whatever language the page is in."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser


@pytest.mark.parametrize("locale", ["fa-IR", "en-US"])
def test_a_slider_is_filled_from_its_least_value_to_its_thumb(browser: Browser, address: str, locale: str):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(f"{address}flow?run=flow-mnist&tab=Sample")
    slider = page.get_by_test_id("stSlider").first  # 20 of 1 to 100 steps
    thumb = slider.locator("[style*='left']").first
    thumb.wait_for()
    page.wait_for_function("document.documentElement.dataset.browserDir")
    track = np.asarray(Image.open(BytesIO(thumb.locator("..").screenshot())).convert("HSV"))
    row = track[np.argmax((track[..., 1] > 100).sum(1))]  # which has most of the colour
    filled = row[:, 1] > 100
    less, more = filled[: len(filled) // 2].mean(), filled[len(filled) // 2 :].mean()
    assert (less < more) if locale == "fa-IR" else (less > more)
    at = thumb.evaluate("element => element.offsetLeft / element.parentElement.offsetWidth")
    assert (at > 0.5) == (locale == "fa-IR")
    context.close()
