"""The file of one image becomes pixels: upright, in 8 bits, grey or colour, then square. Free of torch."""

from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import numpy as np

from genmodels.config.datasets import IMAGE_SIZES
from genmodels.language import N_

if TYPE_CHECKING:  # whoever trains on a known set does without
    from PIL import Image

# The readers of Pillow that a file may come to, whatever it is named: others start programs (EPS starts Ghostscript) or are hardly kept.
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "AVIF", "PPM")
MOST_PIXELS = 50_000_000  # of an image, which takes ten bytes a pixel while it is read: more than most cameras make
WHITES = (1, 255, 65535)  # what white may be in a file that does not say so, as in floats
ROUNDING = 1e-3  # of white, by which floats may lie outside, as after arithmetic; they are clipped
FEWEST_GREYS = 16  # of 256 that an image must span, in some channel, for anybody to see something
COLOURFUL = 16  # of 255 between the channels of a pixel: more than grey pictures have that were saved as JPEG in colour
THUMBNAIL = 32, 32


class ImageError(Exception):
    """An image that is whole, and shows nothing, or nothing certain; the message says why."""


def decode(source: Path | IO[bytes]) -> "Image.Image":
    """The whole image of a file, the first if it has several, upright, as "L" or "RGB".

    Raises ``ImageError``, and what Pillow raises for a file that is no whole image; ``reason`` puts either into words.
    """
    from PIL import Image, ImageOps

    with Image.open(source, formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:  # told by the header, before any is unpacked
            raise Image.DecompressionBombError
        image = ImageOps.exif_transpose(opened)
        image.load()
        says_white = opened.format in ("PNG", "PPM") or image.mode.startswith("I;16")
    if image.mode[0] in "IF":  # Pillow's own conversion would clip instead of scaling
        return _in_8_bits(np.asarray(image), 65535 if says_white and image.mode[0] == "I" else None)
    if image.mode == "La":  # the one mode that does not become RGBA at once
        image = image.convert("LA")
    if image.mode in ("RGBA", "RGBa", "LA", "PA") or "transparency" in image.info:
        image = _on_paper(image.convert("RGBA"))
    image = image.convert("L" if image.mode in ("L", "1") else "RGB")
    _must_show(*max(_ends(image), key=lambda ends: ends[1] - ends[0]), 255)
    return image


def _in_8_bits(values: np.ndarray, white: int | None) -> "Image.Image":
    """Grey values of 16 bits and more, or floats, (H, W), scaled so that ``white`` is 255: by default the least of ``WHITES`` that
    all of them fit under."""
    from PIL import Image

    if not np.isfinite(values).all():
        raise ImageError(N_("some of its values are no numbers"))
    low, high = float(values.min()), float(values.max())
    white = white or next((known for known in WHITES if high <= known * (1 + ROUNDING)), None)
    if white is None or low < -ROUNDING * white:
        raise ImageError(
            N_(
                "its values go from {low:.4g} to {high:.4g}, and only those from 0 to 1, 255 or 65,535 are understood",
                low=low,
                high=high,
            )
        )
    _must_show(low, high, white)
    return Image.fromarray(np.rint((values * (255 / white)).clip(0, 255)).astype(np.uint8))


def _must_show(low: float, high: float, white: int) -> None:
    """Raise ``ImageError`` where values from ``low`` to ``high`` are seen as one: a mask of 0 and 1 as black all over."""
    if low == high:
        raise ImageError(N_("all of it is one colour"))
    if (high - low) * 255 < FEWEST_GREYS * white:
        raise ImageError(
            N_(
                "its values go from {low:.4g} to {high:.4g} of {white:,}, which is hardly more than one grey: scale "
                "them first",
                low=low,
                high=high,
                white=white,
            )
        )


def _on_paper(image: "Image.Image") -> "Image.Image":
    """An "RGBA" image on white: transparent means empty paper for most drawings."""
    from PIL import Image

    flat = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    if _is_plain(flat) and (not _is_plain(image) or _ends(image)[3] == (0, 0)):
        raise ImageError(N_("nothing of it is seen on white, which stands for what is transparent"))
    return flat


def _is_plain(image: "Image.Image") -> bool:
    """Whether all pixels are the same."""
    return all(low == high for low, high in _ends(image))


def _ends(image: "Image.Image") -> list[tuple[float, float]]:
    """The least and the greatest value of each channel."""
    return [cast("tuple[float, float]", band.getextrema()) for band in image.split()]


def reason(error: Exception) -> str:
    """What is wrong with an image that ``decode`` could not read."""
    from PIL import Image, UnidentifiedImageError

    if isinstance(error, ImageError):
        return str(error)
    if isinstance(error, UnidentifiedImageError):
        return N_("it is not an image of a known kind")
    if isinstance(error, Image.DecompressionBombError):
        return N_("it has too many pixels")
    if isinstance(error, PermissionError):
        return N_("it may not be read")
    return N_("it is truncated or damaged")


def fit(image: "Image.Image", image_size: int, channels: int) -> np.ndarray:
    """The central square, resized: uint8 (C, H, W)."""
    from PIL import ImageOps

    square = ImageOps.fit(image.convert("L" if channels == 1 else "RGB"), (image_size, image_size))
    array = np.asarray(square)
    return array[None] if channels == 1 else array.transpose(2, 0, 1)


def must_show_something(image: "Image.Image") -> None:
    """Raise ``ImageError`` where the central square, all that is trained on, is hardly more than one grey even at the largest size."""
    from PIL import ImageOps

    side = max(IMAGE_SIZES)
    try:
        _must_show(*max(_ends(ImageOps.fit(image, (side, side))), key=lambda ends: ends[1] - ends[0]), 255)
    except ImageError as error:
        raise ImageError(N_("its central square, which is trained on, shows hardly more than one grey")) from error


def is_colourful(image: "Image.Image") -> bool:
    """Whether an "L" or "RGB" image, made small, has a pixel that is clearly not grey."""
    from PIL import Image

    return image.mode == "RGB" and bool(
        np.ptp(np.asarray(image.resize(THUMBNAIL, Image.Resampling.BOX)), axis=2).max() > COLOURFUL
    )
