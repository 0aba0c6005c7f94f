"""What a server's limits say of pictures that visitors upload."""

import pytest
from streamlit.testing.v1 import AppTest

from tests.ui.test_latent_space import group


def draw() -> None:
    from unittest.mock import MagicMock

    import numpy as np

    from genmodels.latent.codes import Codes
    from genmodels.ui.vae.own_image import own_image

    codes = MagicMock(Codes, images=np.zeros((1, 1, 28, 28), np.uint8))
    own_image(MagicMock(), codes)


def opened() -> AppTest:
    page = AppTest.from_function(draw, default_timeout=60).run()
    assert not page.exception
    return page


def test_an_upload_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_MOST_MEGABYTES", "0.001")
    page = opened()
    group(page, "How").set_value("Upload").run()
    page.file_uploader[0].set_value(("digit.png", bytes(2000), "image/png")).run()
    assert [error.value for error in page.error] == [
        "This server takes at most 0.001 MB of your own images: choose fewer or smaller ones."
    ]


def test_a_digit_is_no_large_file():
    page = opened()
    group(page, "How").set_value("Upload").run()
    assert page.file_uploader[0].proto.max_upload_size_mb == 10
    page.file_uploader[0].set_value(("digit.png", bytes(11 * 2**20), "image/png")).run()
    assert [error.value for error in page.error] == ["A picture of a digit takes at most 10 MB: choose a smaller one."]


def test_where_own_images_are_off_nothing_is_uploaded(monkeypatch: pytest.MonkeyPatch):
    assert group(opened(), "How").options == ["Draw", "Upload"]
    monkeypatch.setenv("GENMODELS_OWN_IMAGES", "0")
    assert group(opened(), "How").options == ["Draw"]
