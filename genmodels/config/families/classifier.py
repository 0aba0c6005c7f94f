"""What a classifier lets one set, and the curves it draws. It generates nothing: it judges what the others generate."""

from typing import ClassVar, Literal

from genmodels.config.base import Curve, RunConfig, option
from genmodels.language import N_


class ClassifierConfig(RunConfig):
    """A convolutional classifier of the data set's own labels, which says what a generated image shows."""

    title: ClassVar[str] = "Classifier"
    acronym: ClassVar[str] = "Classifier"
    curves: ClassVar[tuple[Curve, ...]] = (
        Curve(
            "loss", "cross-entropy", "Cross-entropy", "nats per image", "Minus the log-probability of the right label."
        ),
        Curve("accuracy", "accuracy", "Accuracy", "share", "Images whose most probable label is the right one."),
    )
    pictures: ClassVar[dict[str, str]] = {}

    family: Literal["classifier"] = "classifier"
    width: int = option(
        32, "Channels of the first convolution; deeper ones have more.", "Model", "channels", ge=4, le=256
    )
    dropout: float = option(0.3, "Share of the features left out at random in training.", "Model", ge=0, lt=1)
    shift: int = option(
        2, "Training images are moved by up to so many pixels either way.", "Training", "pixels", ge=0, le=8
    )

    def refused_classes(self, count: int) -> str | None:
        few = N_("A classifier needs images of at least 2 classes: put them into one subfolder a class.")
        return few if count < 2 else None
