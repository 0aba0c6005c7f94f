"""What a conditional GAN lets one set."""

from typing import Any, ClassVar, Literal, Self

from pydantic import model_validator

from genmodels.config.base import Curve, Page, option
from genmodels.config.families.gan import GANConfig
from genmodels.language import N_


class CGANConfig(GANConfig):
    """A conditional GAN (Mirza & Osindero 2014, arXiv:1411.1784): both networks are conditioned on a class, or on a part of the image."""

    title: ClassVar[str] = "Conditional GAN"
    acronym: ClassVar[str] = "CGAN"
    curves: ClassVar[tuple[Curve, ...]] = (
        *GANConfig.curves,
        Curve("diversity", "difference", "Two completions of one picture", "of the noise's",
              "How much two completions of the same picture differ, for the difference of their z; 0: all are alike.",
              test=False),
    )  # fmt: skip
    pictures: ClassVar[dict[str, str]] = {
        "samples": "Samples, always of the same z. Conditioned on a class: one class a row, the same z in each column.",
        "completions": "Completions, one test image a row: whole, what the network is shown, and what it makes of six z.",
    }
    abilities: ClassVar[tuple[str, ...]] = (*GANConfig.abilities, "Draw a given class")
    page: ClassVar[Page] = Page(
        "conditional",
        "Part 3: CGAN and InfoGAN",
        "Part 3: conditional GAN and InfoGAN",
        ":material/category:",
        "Condition both networks on a class and choose it, or on a part of a picture and have the rest drawn; or give the "
        "generator a code that nobody explains, and see what it comes to mean.",
    )

    family: Literal["cgan"] = "cgan"
    condition: Literal["label", "picture"] = option(
        "label",
        "What both networks are conditioned on: the class, or a part of the image, which is to be completed.",
        "Model",
    )
    embedding: int = option(
        16, "Length of the vector that the condition becomes, to be joined with the noise.", "Model", "dimensions",
        "Condition size", ge=1, le=512,
    )  # fmt: skip
    hidden: Literal["half or box", "half", "box"] = option(
        "half or box", "What is hidden of a training image: one of its halves, or a box of any place and size.", "Model",
        title="Hidden part", only_if=("condition", "picture"),
    )  # fmt: skip

    diversity_weight: float = option(
        5.0, "Weight of the difference between two completions of the same picture; 0 leaves it out.", "Loss",
        only_if=("condition", "picture"), ge=0, le=100,
    )  # fmt: skip

    @model_validator(mode="after")
    def _what_is_shown_stays_where_it_is(self) -> Self:
        if self.condition == "picture" and self.augment != "none":
            raise ValueError(N_("augment: must be none with the condition picture, which the image has to fit"))
        return self

    @classmethod
    def defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        """A picture has more to say than a class."""
        return super().defaults(values) | ({"embedding": 64} if values.get("condition") == "picture" else {})

    def refused_classes(self, count: int) -> str | None:
        if self.condition == "label" and count == 0:
            return N_(
                "These images have no classes: put them into one subfolder a class, or choose the condition picture."
            )
        return None

    def drawn(self) -> tuple[Curve, ...]:
        differs = self.condition == "picture" and self.diversity_weight > 0
        return tuple(curve for curve in super().drawn() if differs or curve.name != "diversity")
