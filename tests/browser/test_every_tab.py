"""A walk over the VAE's page and those without tabs; and what is said on every page."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from genmodels.config.families import FAMILIES
from genmodels.language import LANGUAGES
from genmodels.runs.store import Store
from genmodels.ui.models.scores import SCORES
from tests.browser.app import button, open_form, wait_for_script
from tests.browser.axe import barriers
from tests.browser.walk import walk
from tests.support.archives import a_run


@pytest.mark.parametrize("path", ["", "runs", "report"])
def test_every_equation_is_drawn_and_everybody_can_use_what_is_there(page: Page, address: str, path: str):
    walk(page, address + path)


TABS = ["Train", "Latent space", "Decoder", "Inside the network", "VAE vs. GAN"]


@pytest.mark.parametrize("leaves", ["VAE vs. GAN", pytest.param("", marks=pytest.mark.exhaustive)])
def test_every_tab_of_the_vae(page: Page, address: str, leaves: str):
    """But what judges thousands of images."""
    walk(page, f"{address}vae", TABS, 10, leaves)


@pytest.mark.exhaustive
def test_everybody_can_start_a_run_and_delete_one(page: Page, address: str, lab: Path):
    page.goto(f"{address}vae")
    open_form(page)
    wait_for_script(page)
    assert barriers(page) == []
    page.goto(f"{address}runs?run={a_run(Store(lab)).id}")
    button(page, "Delete").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert barriers(page) == []
    page.get_by_role("dialog").get_by_role("button", name="Keep").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    wait_for_script(page)
    assert barriers(page) == []


def test_what_is_said_in_persian_is_said_to_be(page: Page, address: str):
    page.goto(f"{address}vae?lang=fa")
    choice = page.get_by_test_id("stSidebar").get_by_role("radio", name=LANGUAGES["fa"])
    expect(choice).to_have_attribute("lang", "fa")
    expect(page.locator("html")).to_have_attribute("lang", "fa")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.locator("[class*=st-key-explain-fa] button").click()
    expect(page.get_by_test_id("stPopoverBody")).to_have_attribute("tabindex", "0")


def test_in_persian_a_slider_and_its_number_run_from_the_left(page: Page, address: str):
    """Else a minus sign stands behind its number."""
    page.goto(f"{address}vae?run=vae-mnist&tab=Decoder&lang=fa")
    number = page.get_by_test_id("stSliderThumbValue").first
    expect(number).to_be_visible()
    expect(number).to_have_css("direction", "ltr")


def test_no_help_has_an_equation_that_could_fail():
    """Help shows only when one hovers over it, so its texts are looked at where they are written."""
    helps = [field.description or "" for config in FAMILIES.values() for field in config.model_fields.values()]
    helps += [score.help for score in SCORES.values()]
    helps += [curve.help for config in FAMILIES.values() for curve in config.curves]
    assert not [text for text in helps if re.search(r"\$|\\[a-z]", text)]
