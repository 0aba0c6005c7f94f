"""Whether a GAN copies, as its page tells, without a browser."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import DCGANConfig
from genmodels.data import load
from genmodels.errors import DataError
from tests.support.helpers import drawn_strips, finished
from tests.support.pages import open_page, texts

TINY = DCGANConfig(epochs=1, width=4, latent_dim=6, batch_size=500, device="cpu", check_every=0)
PAIRS = "Samples, and below each the training image most like it"


@pytest.fixture
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """What the page has drawn, by what it is said to show."""
    return drawn_strips(monkeypatch, "gan.latent_space", "gan.nearest_training_images")


def look(run: str) -> AppTest:
    page = open_page("dcgan", tab="Latent space", run=run)
    page.toggle(key="nearest:wanted").set_value(True)
    page.run()
    assert not page.exception
    return page


def test_below_each_sample_is_the_training_image_most_like_it(strips: dict[str, np.ndarray]):
    page = look(finished(TINY).id)
    samples, alike = strips[PAIRS].reshape(2, 8, -1).astype(float) / 255
    (shown,) = [images for alt, images in strips.items() if alt.startswith("Samples 0 to")]
    assert np.array_equal(strips[PAIRS][:8], shown[:8])
    train = load.load_for(TINY, "train").images.numpy().reshape(4000, -1) / 255
    apart = np.sqrt(((samples[:, None] - train) ** 2).mean(2))
    assert np.sqrt(((samples - alike) ** 2).mean(1)) == pytest.approx(apart.min(1), abs=1e-6)
    assert f"They differ by {apart.min(1).mean():.2f} on average" in texts(page)


def test_without_the_training_images_a_sentence_says_so(strips: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch):
    run = finished(TINY)

    def gone(*args: object, **options: object) -> None:
        raise DataError("MNIST cannot be had: choose mnist-sample.")

    monkeypatch.setattr(load, "load_for", gone)
    page = look(run.id)
    assert [error.value for error in page.error] == ["MNIST cannot be had: choose mnist-sample."]
    assert PAIRS not in strips
