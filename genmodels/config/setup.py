"""A set-up in an address, ``latent_dim:2,beta:4``: what of a config one may hand to others, to be looked at in a form.

An address may come from anywhere: it names settings of the form only, and no file or machine of whoever opens it.
"""

from typing import Any

from pydantic import ValidationError

from genmodels.config.base import RunConfig, matters
from genmodels.config.wording import clauses
from genmodels.errors import UserError
from genmodels.language import N_

# Of a machine and of who trains there; and which family it is, the page says.
PRIVATE = ("family", "folder", "class_folders", "device", "processes", "log_with")
OWN_IMAGES = "folder"  # a data set that is nowhere else
LONGEST = 1500  # characters; with all settings of the largest form it has some 900


class SetupError(UserError):
    """A set-up that the form does not take."""


def setup_text(config: RunConfig) -> str:
    """What differs from the defaults, as it stands in an address; empty where nothing does."""
    return ",".join(f"{name}:{_as_text(value)}" for name, value in differing(config).items())


def differing(config: RunConfig) -> dict[str, Any]:
    """The settings that differ from the defaults, but for those that are of a machine."""
    values = config.model_dump()
    defaults = config.defaults(values)
    return {
        name: value
        for name in config.options()
        if name not in PRIVATE
        and (value := values[name]) != defaults[name]
        and not (name == "dataset" and value == OWN_IMAGES)
        and matters(type(config).model_fields[name], values)
    }


def read_setup(config: type[RunConfig], text: str) -> RunConfig:
    """The config that ``setup_text`` wrote; raises ``SetupError``, which names the first setting that is not allowed."""
    if len(text) > LONGEST:
        raise _refused(N_("it is longer than any that this form gives"))
    values: dict[str, Any] = {}
    for part in filter(None, text.split(",")):
        name, colon, value = (word.strip() for word in part.partition(":"))
        if not colon or not name:
            raise _refused(N_("{part!r} is no setting with its value, as in epochs:5", part=part[:100]))
        if name in PRIVATE or (name == "dataset" and value == OWN_IMAGES):
            raise _refused(N_("no link can set {part}, which belongs to the page or to one machine", part=part[:100]))
        if name in values:
            raise _refused(N_("it gives {name} more than once", name=name[:100]))
        values[name] = value
    try:
        return config.model_validate(values)
    except ValidationError as error:
        raise _refused(next(iter(clauses(error, config).values()))) from error


def changed(config: RunConfig, **changes: Any) -> dict[str, Any]:
    """The values of ``config`` with some changed, and those that thereby get other defaults, as an objective gives them."""
    before = config.model_dump()
    after = before | changes
    old, new = config.defaults(before), config.defaults(after)
    return after | {name: new[name] for name in new if new[name] != old[name] and name not in changes}


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).removesuffix(".0")


def _refused(reason: str) -> SetupError:
    return SetupError(
        N_(
            "The settings in this address were not taken, because {reason}: correct it, or set them in the form.",
            reason=reason,
        )
    )
