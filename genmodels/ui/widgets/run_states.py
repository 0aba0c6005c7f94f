"""How the states of a run look, in the order in which it goes through them."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genmodels.ui.components.live_curves import Colour

STATES: "dict[str, tuple[str, Colour]]" = {  # the icon, and the colour of its badge
    "queued": ("hourglass", "gray"),
    "running": ("play_arrow", "blue"),
    "stopped": ("pause", "orange"),
    "finished": ("check", "green"),
    "failed": ("error", "red"),
    "interrupted": ("power_off", "orange"),
}
