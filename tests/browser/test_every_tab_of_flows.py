"""A walk over all tabs of the page of flows."""

import pytest
from playwright.sync_api import Page

from tests.browser.walk import walk


@pytest.mark.exhaustive
def test_flows_in_pixels(page: Page, address: str):
    """But for the last tab but one: a flow is drawn a thousand times there; all else is as in *VAE vs. GAN*."""
    tabs = [
        "Train",
        "See the flow",
        "Sample",
        "What it predicts",
        "Complete the picture",
        "Interpolate",
        "VAE, GAN, flow",
        "Film",
    ]
    walk(page, f"{address}flow", tabs, 10, leaves="VAE, GAN, flow")


@pytest.mark.exhaustive
def test_flows_in_a_latent_space(page: Page, address: str):
    tabs = ["Train", "Where codes come from", "Sample", "Interpolate", "Film"]
    walk(page, f"{address}flow?run=latent-flow-mnist", tabs, 5)
