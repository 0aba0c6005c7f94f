"""What a flow in the latent space of a VAE lets one set."""

from typing import Any, ClassVar, Literal

from pydantic import Field

from genmodels.config.base import Page, RunConfig, option
from genmodels.config.families.flow import FlowConfig
from genmodels.config.families.transport import MOST_STEPS, TransportConfig
from genmodels.config.families.vae import Prior, VAEConfig
from genmodels.language import N_

NAME = r"[\w-][\w.-]*"  # of a pretrained model or a run; no path
# Of the VAE, each a field here, too, by its name behind "vae_".
SHAPES = ("latent_dim", "width", "hidden", "blocks", "prior", "prior_components", "prior_couplings", "prior_width")


class LatentFlowConfig(TransportConfig):
    """An MLP that leads noise to the codes of a trained VAE, which its decoder makes images of: latent diffusion (Rombach et al. 2022,
    arXiv:2112.10752) at its smallest."""

    title: ClassVar[str] = "Flow in a VAE's latent space"
    acronym: ClassVar[str] = "Latent flow"
    abilities: ClassVar[tuple[str, ...]] = ("Draw new images", "Draw a given class")
    inherited: ClassVar[tuple[str, ...]] = ("vae",)
    page: ClassVar[Page] = FlowConfig.page

    family: Literal["latent_flow"] = "latent_flow"
    epochs: int = option(40, "Passes over the training images.", "Training", "epochs", ge=1, le=2000)
    batch_size: int = option(
        256, "Images in one optimisation step, over all processes together.", "Training", "images", ge=2, le=8192
    )

    vae: str = option(
        "vae-mnist",
        "the name of a pretrained VAE, or the id of a VAE's run, which has been trained: its codes are learned, and its decoder draws.",
        "Model", title="VAE", pattern=f"^{NAME}$",
    )  # fmt: skip
    width: int = option(384, "Numbers in each layer of the MLP.", "Model", "units", ge=4, le=4096)
    blocks: int = option(4, "Residual blocks of the MLP, of two layers each.", "Model", "blocks", ge=1, le=32)

    num_steps: int = option(3, "Steps from noise to code.", "Sampling", "steps", "Sampling steps", ge=1, le=MOST_STEPS)

    # Of the VAE, and no options: what its networks are made of again without it. As the default one has them.
    vae_latent_dim: int = Field(default=32, description="Its latent_dim.", ge=1, le=512)
    vae_width: int = Field(default=32, description="Its width.", ge=4, le=256)
    vae_hidden: int = Field(default=512, description="Its hidden.", ge=16, le=4096)
    vae_blocks: int = Field(default=1, description="Its blocks.", ge=0, le=8)
    vae_prior: Prior = Field(default="normal", description="Its prior.")
    vae_prior_components: int = Field(default=200, description="Its prior_components.", ge=1, le=2000)
    vae_prior_couplings: int = Field(default=10, description="Its prior_couplings.", ge=2, le=64)
    vae_prior_width: int = Field(default=128, description="Its prior_width.", ge=4, le=2048)

    def settled(self, vae: RunConfig) -> "LatentFlowConfig":
        """With the shapes of the networks of ``vae``; raises ``ValueError``, which says why, where that has no codes of these images."""
        if not isinstance(vae, VAEConfig):
            raise ValueError(N_("is no VAE, but a model of another family ({title})", title=vae.title))
        if (vae.image_size, vae.channels) != (self.image_size, self.channels):
            raise ValueError(
                N_(
                    "is of images of {image_size} pixels and {channels} channels, in place of {wanted_size} and "
                    "{wanted_channels}",
                    image_size=vae.image_size,
                    channels=vae.channels,
                    wanted_size=self.image_size,
                    wanted_channels=self.channels,
                )
            )
        return self.model_copy(update={f"vae_{name}": getattr(vae, name) for name in SHAPES})

    def shapes(self) -> dict[str, Any]:
        """What follows from the VAE."""
        return {f"vae_{name}": getattr(self, f"vae_{name}") for name in SHAPES}

    @property
    def autoencoder(self) -> VAEConfig:
        """The config of a VAE with the same networks."""
        shapes = {name: getattr(self, f"vae_{name}") for name in SHAPES}
        return VAEConfig(image_size=self.image_size, channels=self.channels, **shapes)
