"""The model families a user can choose: what each lets one set, and the curves it draws, one file each.

This is the one place where a family is registered. Its networks and training step are then found in ``genmodels.models``, its
scores, if it has some of its own, in ``genmodels.metrics.scores``, each in the module of its name; the page that shows it is
named by its config. This half stays free of torch, for the pages.
"""

from typing import Any

from pydantic import ValidationError

from genmodels.config.base import Page, RunConfig
from genmodels.config.families.cgan import CGANConfig
from genmodels.config.families.classifier import ClassifierConfig
from genmodels.config.families.dcgan import DCGANConfig
from genmodels.config.families.flow import FlowConfig
from genmodels.config.families.gan import GANConfig
from genmodels.config.families.infogan import InfoGANConfig
from genmodels.config.families.latent_flow import LatentFlowConfig
from genmodels.config.families.transport import TransportConfig
from genmodels.config.families.vae import ACTIVE_VARIANCE, VAEConfig
from genmodels.config.wording import clauses, explain
from genmodels.errors import UserError
from genmodels.language import N_

__all__ = [
    "ACTIVE_VARIANCE",
    "FAMILIES",
    "CGANConfig",
    "ClassifierConfig",
    "DCGANConfig",
    "FlowConfig",
    "GANConfig",
    "InfoGANConfig",
    "LatentFlowConfig",
    "TransportConfig",
    "VAEConfig",
    "altered",
    "families_of",
    "is_known",
    "pages",
    "parse",
    "understood",
]

REGISTERED: tuple[type[RunConfig], ...] = (
    VAEConfig,
    DCGANConfig,
    CGANConfig,
    InfoGANConfig,
    FlowConfig,
    LatentFlowConfig,
    ClassifierConfig,
)
FAMILIES: dict[str, type[RunConfig]] = {config.model_fields["family"].default: config for config in REGISTERED}


def pages() -> list[Page]:
    """The pages of all families, in the order of registration."""
    return list(dict.fromkeys(config.page for config in FAMILIES.values() if config.page))


def families_of(page: Page | None) -> tuple[str, ...]:
    """The families whose runs a page shows."""
    return tuple(name for name, config in FAMILIES.items() if config.page == page)


def parse(values: dict) -> RunConfig:
    """The config of a run from plain values such as those of a ``config.json``; raises ``KeyError`` or ``ValidationError``."""
    return FAMILIES[str(values["family"])].model_validate(values)


def understood(values: dict, name: str) -> RunConfig:
    """As ``parse``, of the run or model ``name``, which another version may have written; raises ``UserError``, which says what
    this version does not know of it."""
    try:
        return parse(values)
    except KeyError:
        unknown = N_("the family {family} of {name}", family=values.get("family"), name=name)
    except ValidationError as error:
        reasons = clauses(error, FAMILIES[values["family"]]).values()
        unknown = N_("all settings of {name} ({reason})", name=name, reason=next(iter(reasons)))
    raise UserError(N_("This version does not know {unknown}: use the version that made it.", unknown=unknown))


def altered(config: RunConfig, **values: Any) -> RunConfig:
    """``config`` with other values, as somebody has typed them; raises ``UserError``, which names the first that is not allowed."""
    try:
        return type(config).model_validate(config.model_dump() | values)
    except ValidationError as error:
        raise UserError(next(iter(explain(error, type(config)).values()))) from error


def is_known(values: dict) -> bool:
    """Whether this version understands all of a config."""
    try:
        return bool(parse(values))
    except (KeyError, ValidationError):
        return False
