"""How the states of a run look, in the order in which it goes through them."""

from typing import TYPE_CHECKING

from genmodels.language import N_

if TYPE_CHECKING:
    from genmodels.ui.components.live_curves import Colour

STATES: "dict[str, tuple[str, Colour]]" = {  # the icon, and the colour of its badge
    N_("queued"): ("hourglass", "gray"),
    N_("running"): ("play_arrow", "blue"),
    N_("stopped"): ("pause", "orange"),
    N_("finished"): ("check", "green"),
    N_("failed"): ("error", "red"),
    N_("interrupted"): ("power_off", "orange"),
}
