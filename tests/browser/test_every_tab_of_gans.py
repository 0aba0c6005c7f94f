"""A walk over all tabs of the pages of GANs."""

import pytest
from playwright.sync_api import Page

from tests.browser.walk import walk

TABS = {
    "dcgan": ["Train", "Compare objectives", "Latent space", "Inside the network", "Film", "The objectives"],
    "conditional": ["Train", "Classes", "Complete the picture", "Label fidelity", "Inside the network", "Film"],
    "conditional?run=infogan-mnist": ["Train", "Codes", "What the codes mean", "Inside the network", "Film"],
}
EQUATIONS = {"dcgan": 1}  # else ten


@pytest.mark.exhaustive
@pytest.mark.parametrize("path", TABS)
def test_every_equation_is_drawn_and_everybody_can_use_what_is_there(page: Page, address: str, path: str):
    walk(page, address + path, TABS[path], EQUATIONS.get(path, 10))
