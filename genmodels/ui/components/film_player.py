"""The film player: pictures one after another, which the reader plays, stops, or goes through by a slider.

All that it does happens in the browser, `film_player.js`; nothing comes back. What stands beside it and `follows` its film, by the same name,
shows the same moment: curves a mark, see `live_curves.py`, and a map its points, see `latent_map.py`.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from genmodels.ui.components.serving import browser_component


@dataclass(frozen=True)
class Frame:
    """A picture of a film, as a PNG file, and what it is called, such as ``epoch 3``."""

    label: str
    png: bytes


def film_player(
    frames: Sequence[Frame],
    *,
    key: str,
    name: str,
    seconds: float,
    stills: int = 9,
    playing: bool = False,
    side: str = "max(20rem, 100vh - 14rem)",
    film: str = "",
    at: Sequence[float] = (),
) -> None:
    """Draw the last of `frames` with the means to play them all in so many seconds, and some of them small beside it.

    Args:
        frames: pictures of one size, two or more.
        key: Streamlit's element key.
        name: what they show, for those who do not see it.
        seconds: from the first to the last. Those who want less motion get a frame a second.
        stills: how many stand beside it, at most.
        playing: whether it plays at once, for where the reader has just asked for that.
        side: of the picture at most, a length in CSS: what a window has for it.
        film: what those beside it follow, if any do.
        at: where each frame is on the x axis of the curves that follow.
    """
    sent = [{"label": frame.label, "picture": _url(frame.png)} for frame in frames]
    options: dict[str, Any] = {"name": name, "seconds": seconds, "stills": stills, "playing": playing}
    options |= {"side": side, "film": film, "at": list(at)}
    _component(key=key, data=options | {"frames": sent})


def _url(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


_component = browser_component("film_player")
