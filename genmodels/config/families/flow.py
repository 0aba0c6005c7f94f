"""What flow matching and diffusion in pixels let one set."""

from typing import ClassVar, Literal

from genmodels.config.base import Page, option
from genmodels.config.families.transport import TransportConfig


class FlowConfig(TransportConfig):
    """A U-Net that leads noise to an image in many small steps, by flow matching or by denoising diffusion."""

    title: ClassVar[str] = "Flow matching and diffusion"
    acronym: ClassVar[str] = "Flow"
    abilities: ClassVar[tuple[str, ...]] = ("Draw new images", "Draw a given class", "Complete a picture")

    page: ClassVar[Page] = Page(
        "flow",
        "Part 4: flow and diffusion",
        "Part 4: flow matching and diffusion",
        ":material/air:",
        "A network learns the velocity that carries noise to images. Follow it in many small steps or in a few, straight or with "
        "fresh noise, to any class; see where each point of the way would end, and have a picture completed. Or let it carry noise "
        "to the codes of a VAE, whose samples become good.",
    )

    family: Literal["flow"] = "flow"
    width: int = option(
        24, "Channels at the highest resolution; each lower one has so many more, up to four times.", "Model", "channels", ge=4, le=256
    )  # fmt: skip
    blocks: int = option(
        1, "Residual blocks at each resolution, on the way down and on the way up.", "Model", "blocks", ge=1, le=4
    )
