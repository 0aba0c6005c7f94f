"""What a public server lets its visitors do. By default everything; an operator sets limits by environment variables, or by
the same names in ``.streamlit/secrets.toml``, which Streamlit puts into the environment."""

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from genmodels.config import RunConfig
from genmodels.errors import UserError

Who = Literal["anyone", "password", "nobody"]


class PolicyError(UserError):
    """Something that this server does not allow, or a limit that says nothing."""


@dataclass(frozen=True)
class Policy:
    """Who may start, stop and delete runs and import them; and how much a run may be, None for as much as one likes."""

    who: Who = "anyone"
    password: str = field(default="", repr=False)
    most_epochs: int | None = None
    most_hours: float | None = None
    longest_queue: int | None = None
    own_images: bool = True

    def opens(self, password: str) -> bool:
        """Whether this is the password, compared in a time that does not tell how much of it is right."""
        return bool(self.password) and hmac.compare_digest(password.encode(), self.password.encode())

    def check(self, config: RunConfig, queued: int) -> None:
        """Raise ``PolicyError`` when a run of ``config`` may not be started while so many are under way."""
        if self.most_epochs is not None and config.epochs > self.most_epochs:
            raise PolicyError(f"This server trains at most {self.most_epochs:,} epochs a run: choose fewer.")
        if self.longest_queue is not None and queued >= self.longest_queue:
            raise PolicyError(
                f"The queue of this server is full ({queued} runs): try again when one of them has ended."
            )
        if config.dataset == "folder" and not self.own_images:
            raise PolicyError("This server trains on its own data sets alone: choose another one than the folder.")


def policy(environment: Mapping[str, str] | None = None) -> Policy:
    """The limits in force; raises ``PolicyError`` that names the variable which says nothing."""
    values = os.environ if environment is None else environment
    who = values.get("GENMODELS_TRAIN", "anyone")
    if who not in get_args(Who):
        raise PolicyError(f"GENMODELS_TRAIN must be one of {', '.join(get_args(Who))}.")
    password = values.get("GENMODELS_PASSWORD", "")
    if who == "password" and not password:
        raise PolicyError("GENMODELS_TRAIN is password, so GENMODELS_PASSWORD must be set.")
    epochs, queue = _number(values, "GENMODELS_MOST_EPOCHS"), _number(values, "GENMODELS_LONGEST_QUEUE")
    return Policy(
        who=who,  # type: ignore[arg-type]
        password=password,
        most_epochs=None if epochs is None else int(epochs),
        most_hours=_number(values, "GENMODELS_MOST_HOURS"),
        longest_queue=None if queue is None else int(queue),
        own_images=values.get("GENMODELS_OWN_IMAGES", "1") != "0",
    )


def _number(values: Mapping[str, str], name: str) -> float | None:
    text = values.get(name, "")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not number > 0:
        raise PolicyError(f"{name} must be a number above 0.")
    return number
