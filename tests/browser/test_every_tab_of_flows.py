"""A walk over all tabs of the page of flows."""

import pytest
from playwright.sync_api import Page

from tests.browser.walk import walk


@pytest.mark.exhaustive
def test_flows_in_pixels(page: Page, address: str):
    tabs = [
        "Train",
        "See the flow",
        "Sample",
        "What it predicts",
        "Inside the network",
        "Complete the picture",
        "Interpolate",
        "VAE, GAN, flow",
        "Film",
    ]
    walk(page, f"{address}flow", tabs, 10)


@pytest.mark.exhaustive
def test_flows_in_a_latent_space(page: Page, address: str):
    tabs = ["Train", "Where codes come from", "Sample", "Inside the network", "Interpolate", "Film"]
    walk(page, f"{address}flow?run=latent-flow-mnist", tabs, 5)
