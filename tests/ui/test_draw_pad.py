"""What the draw pad believes of what a browser sends: a picture of exactly its own form, or nothing."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genmodels.ui.components.draw_pad import MAX_LENGTH, PREFIX, SIDE, read_picture


def data_url(image: Image.Image, form: str = "PNG") -> str:
    buffer = io.BytesIO()
    image.save(buffer, form)
    return PREFIX + base64.b64encode(buffer.getvalue()).decode()


def chalk(shape: tuple[int, int] = (SIDE, SIDE)) -> Image.Image:
    """White, with a diagonal of full alpha."""
    pixels = np.full((*shape, 4), 255, np.uint8)
    pixels[..., 3] = 255 * np.eye(*shape, dtype=np.uint8)
    return Image.fromarray(pixels)


NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (SIDE, SIDE, 4), np.uint8))
GOOD = data_url(chalk())


def test_the_picture_is_its_alpha():
    picture = read_picture(GOOD)
    assert picture is not None
    assert picture.dtype == np.uint8
    assert (picture == 255 * np.eye(SIDE, dtype=np.uint8)).all()


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(None, id="nothing"),
        pytest.param("", id="cleared"),
        pytest.param(7, id="a number"),
        pytest.param({"picture": GOOD}, id="a mapping"),
        pytest.param(PREFIX, id="no content"),
        pytest.param(PREFIX + "not base64!", id="not base64"),
        pytest.param(PREFIX + "ü" * 40, id="not even ASCII"),
        pytest.param(PREFIX + base64.b64encode(b"not a picture").decode(), id="not a picture"),
        pytest.param(GOOD[: len(GOOD) // 2], id="cut off"),
        pytest.param(GOOD.removeprefix(PREFIX), id="no data URL"),
        pytest.param(data_url(chalk((SIDE, SIDE + 1))), id="wrong size"),
        pytest.param(data_url(chalk((20_000, 2))), id="huge"),
        pytest.param(data_url(chalk().convert("RGB")), id="wrong mode"),
        pytest.param(data_url(chalk().convert("RGB"), "JPEG"), id="a JPEG"),
        pytest.param(data_url(chalk(), "TIFF"), id="a TIFF"),
        pytest.param(data_url(NOISE), id="too long"),
        pytest.param(data_url(Image.new("RGBA", (SIDE, SIDE))), id="an empty picture"),
    ],
)
def test_everything_else_is_nothing(sent: Any):
    assert read_picture(sent) is None


def test_what_is_too_long_is_otherwise_right():
    """Else the test above would not show that its length is what stops it."""
    assert len(data_url(NOISE)) > MAX_LENGTH
    assert Image.open(io.BytesIO(base64.b64decode(data_url(NOISE).removeprefix(PREFIX)))).size == (SIDE, SIDE)
