"""The film player: pictures one after another, which the reader plays, stops, or goes through by a slider.

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


def film_player(
    frames: Sequence[Frame], *, key: str, name: str, seconds: float, stills: int = 9, playing: bool = False
) -> None:
    """Draw the last of `frames` with the means to play them all in so many seconds, and some of them small beside it.

    Args:
        frames: pictures of one size, two or more.
        key: Streamlit's element key.
        name: what they show, for those who do not see it.
        seconds: from the first to the last. Those who want less motion get a frame a second.
        stills: how many stand beside it, at most.
        playing: whether it plays at once, for where the reader has just asked for that.
    """
    sent = [{"label": frame.label, "picture": _url(frame.png)} for frame in frames]
    options = {"name": name, "seconds": seconds, "stills": stills, "playing": playing}
    _component(key=key, data=options | {"frames": sent})


def _url(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


_component = browser_component("film_player")
