"""The film player: pictures one after another, which stand still until the reader plays them or moves the slider.

All that it does happens in the browser, `film_player.js`; nothing comes back.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from genmodels.ui.components.serving import browser_component


@dataclass(frozen=True)
class Frame:
    """A picture of a film, as a PNG file, and what it is called, such as ``epoch 3``."""

    label: str
    png: bytes


def film_player(frames: Sequence[Frame], *, key: str, name: str, seconds: float) -> None:
    """Draw the last of `frames` with the means to play them all in so many seconds, and some of them small beside it.

    Args:
        frames: pictures of one size, two or more.
        key: Streamlit's element key.
        name: what they show, for those who do not see it.
        seconds: from the first to the last. Those who want less motion get a frame a second.
    """
    sent = [{"label": frame.label, "picture": _url(frame.png)} for frame in frames]
    _component(key=key, data={"name": name, "seconds": seconds, "frames": sent})


def _url(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


_component = browser_component("film_player")
