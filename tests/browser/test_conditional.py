"""The page of the conditional GAN and of InfoGAN in a browser."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.app import button, contents, fill, newest_run, open_form, press_tab, start_training
from tests.support.helpers import wait_until

pytestmark = pytest.mark.exhaustive


def test_classes_are_drawn_from_the_same_noise_and_judged(page: Page, address: str):
    page.goto(f"{address}conditional?tab=Classes")
    for digit in range(10):
        expect(page.get_by_role("img", name=f"Class {digit}", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name="From class 0 to 1")).to_be_visible()
    image = page.get_by_role("img", name="Class 0, enlarged")
    before, shown = contents(image), image.get_attribute("src")
    button(page, "Resample").click()
    expect(image).not_to_have_attribute("src", shown or "")
    assert contents(image) != before

    press_tab(page, "Complete the picture")
    expect(page.get_by_text("is conditioned on classes and cannot complete pictures")).to_be_visible()
    press_tab(page, "Label fidelity")
    judged = page.get_by_text(re.compile(r"^Label fidelity \d")).inner_text()
    assert float(judged.split()[-1].rstrip("%")) > 95


def test_codes_of_a_run_are_shown_and_judged(page: Page, address: str, lab: Path):
    page.goto(f"{address}conditional")
    page.get_by_role("radio", name="InfoGAN").click()
    expect(page.get_by_role("tab", name="What the codes mean")).to_be_visible()
    open_form(page)
    fill(page, "Model", "Width", 4)
    fill(page, "Model", "Fully connected layer", 16)
    fill(page, "Training", "Epochs", 1)
    fill(page, "Training", "Batch size", 500)
    start_training(page, lab)
    expect(page.locator(".curves .legendtext").get_by_text("all there is: ln 10 = 2.30")).to_be_visible()
    wait_until(lambda: newest_run(lab).state == "finished")

    press_tab(page, "Codes")
    expect(page.get_by_role("img", name="column by column")).to_have_count(10)

    press_tab(page, "What the codes mean")
    expect(page.get_by_text("Accuracy of Q as a classifier")).to_be_visible()
    expect(page.get_by_role("img", name="that Q is surest of")).to_be_visible()


def test_a_code_moves_the_image(page: Page, address: str):
    # A generator of ten steps may not know its codes yet: then the image stays the same to the last grey level.
    page.goto(f"{address}conditional?run=infogan-mnist&tab=Codes")
    image = page.get_by_role("img", name="by hand")
    before = contents(image)
    shown = image.get_attribute("src")
    page.get_by_role("slider", name="Continuous code 0").press("End")
    expect(image).not_to_have_attribute("src", shown or "")
    assert contents(image) != before
