"""Grids of images as PNG files. A grid is never rescaled by its own minimum and maximum: grey 128 stays grey 128."""

import base64
import io
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from genmodels.errors import DataError
from genmodels.language import N_
from genmodels.storage.files import replacing

if TYPE_CHECKING:  # a training without pictures does without
    from PIL import Image

GAP = 2  # pixels between two images


def grid(images: np.ndarray, columns: int | None = None, gap: int = GAP) -> "Image.Image":
    """uint8 (N, C, H, W), C 1 or 3 -> one picture, as square as N allows unless ``columns`` says otherwise.

    As torchvision's ``make_grid``, which would load torch into every page.
    """
    from PIL import Image

    n, channels, height, width = images.shape
    columns = columns or math.ceil(math.sqrt(n))
    rows = math.ceil(n / columns)
    canvas = np.full((rows * (height + gap) - gap, columns * (width + gap) - gap, channels), 128, np.uint8)
    for index, image in enumerate(images.transpose(0, 2, 3, 1)):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        canvas[top : top + height, left : left + width] = image
    return Image.fromarray(canvas[..., 0] if channels == 1 else canvas)


def enlarged(picture: "Image.Image", scale: int) -> "Image.Image":
    """Each pixel as a square of so many, so that nothing is blurred."""
    from PIL import Image

    return picture.resize((picture.width * scale, picture.height * scale), Image.Resampling.NEAREST)


def png(picture: "Image.Image") -> bytes:
    """The picture as a PNG file."""
    buffer = io.BytesIO()
    picture.save(buffer, format="png")
    return buffer.getvalue()


def data_url(picture: "bytes | Image.Image") -> str:
    """The picture itself, or its PNG file, as an address, for what a browser must have at once."""
    file = picture if isinstance(picture, bytes) else png(picture)
    return f"data:image/png;base64,{base64.b64encode(file).decode()}"


def save_grid(path: Path, images: np.ndarray) -> None:
    """Write ``grid(images)`` to ``path``, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        grid(images).save(temporary, format="png")


def read(path: Path) -> "Image.Image":
    """A picture as ``save_grid`` writes it, in grey or in colour; raises ``DataError`` for a file that is none."""
    from PIL import Image

    try:
        with Image.open(path, formats=["PNG"]) as picture:
            return picture.convert("L" if picture.mode in ("1", "L") else "RGB")
    except FileNotFoundError:
        raise
    except Exception as error:  # Pillow fails in many ways on a broken file
        raise DataError(
            N_("The picture {name} is damaged: import its run anew, or train it again.", name=path.name)
        ) from error


def newest(folder: Path) -> dict[str, Path]:
    """The last picture of each kind that a run has drawn, by the kind's name; files are named ``kind-step.png``."""
    return {path.name.rpartition("-")[0]: path for path in sorted(folder.glob("*-*.png"))}
