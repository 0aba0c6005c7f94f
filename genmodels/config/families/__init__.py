"""The model families a user can choose: what each lets one set, and the curves it draws, one file each.

The networks and training steps are in ``genmodels.models``, one file a family; this half stays free of torch, for the pages.
"""

from genmodels.config.base import RunConfig
from genmodels.config.families.cgan import CGANConfig
from genmodels.config.families.classifier import ClassifierConfig
from genmodels.config.families.dcgan import DCGANConfig
from genmodels.config.families.gan import GANConfig
from genmodels.config.families.infogan import InfoGANConfig
from genmodels.config.families.vae import ACTIVE_VARIANCE, VAEConfig

__all__ = [
    "ACTIVE_VARIANCE",
    "FAMILIES",
    "CGANConfig",
    "ClassifierConfig",
    "DCGANConfig",
    "GANConfig",
    "InfoGANConfig",
    "VAEConfig",
    "parse",
]

FAMILIES: dict[str, type[RunConfig]] = {
    "vae": VAEConfig,
    "dcgan": DCGANConfig,
    "cgan": CGANConfig,
    "infogan": InfoGANConfig,
    "classifier": ClassifierConfig,
}


def parse(values: dict) -> RunConfig:
    """The config of a run from plain values such as those of a ``config.json``; raises ``KeyError`` or ``ValidationError``."""
    return FAMILIES[values["family"]].model_validate(values)
