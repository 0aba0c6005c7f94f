"""The parts that the images of a run come in."""

from collections.abc import Mapping
from typing import Any, Literal

from genmodels.language import N_, Message

Split = Literal["train", "validation", "test"]
HELD_OUT: tuple[Split, ...] = ("validation", "test")  # of what there is of both, the first is chosen by
LEAST = 2  # images to train on


def held_out(config: Mapping[str, Any]) -> Split:
    """The images that a run of ``config`` is judged on while it trains: a validation part where it has one, else the test images."""
    return "validation" if config.get("validation_images") else "test"


def refused_validation(images: int, held_back: int) -> Message | None:
    """Why so many of ``images`` to learn from cannot be held back, as a sentence; None where they can."""
    if images - held_back >= LEAST:
        return None
    return N_(
        "validation_images leaves {left} of {images:,} images to train on: hold back at most {most:,}.",
        left=max(0, images - held_back),
        images=images,
        most=max(0, images - LEAST),
    )
