"""What a launcher of several processes, such as torchrun, tells each of them."""

import os

from genmodels.errors import UserError
from genmodels.language import N_


def of_launcher(name: str) -> int | None:
    """The number that a launcher such as torchrun has set; None where it is not set, or empty. Raises ``UserError``."""
    text = os.environ.get(name, "").strip()
    if not text:
        return None
    if not text.isdecimal():
        raise UserError(
            N_(
                "{name} is {text!r} in the environment, which is no number: unset it, or start by a launcher such as torchrun.",
                name=name,
                text=text,
            )
        )
    return int(text)
