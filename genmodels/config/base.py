"""What a run is configured by: one declaration for the command line, the page's form, validation and ``config.json``.

Free of torch, so that a page can draw its form without loading it.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator, model_validator
from pydantic.fields import FieldInfo

from genmodels.config.datasets import DATASETS, ClassFolders
from genmodels.config.devices import PATTERN, refused_by_mps
from genmodels.language import N_, Message

MONITORED = 256  # samples that training evaluates at a time; an evaluation of its own takes many more


@dataclass(frozen=True)
class Curve:
    """One line of a run's live plots.

    ``name`` is what the training step reports; curves of the same ``panel`` share axes; ``unit`` labels them; ``test``
    says whether it is measured on test images too.
    """

    name: str
    label: str
    panel: str
    unit: str
    help: str
    test: bool = True


@dataclass(frozen=True)
class Page:
    """A page of the app, which shows the runs of a family, or of several.

    ``name``: of its file in ``pages/``, and in addresses; ``title`` is in the navigation, ``heading`` on the page itself;
    ``icon`` and ``teaser``, Markdown, introduce it on the overview.
    """

    name: str
    title: str
    heading: str
    icon: str
    teaser: str


def option(
    default: Any,
    help: str,
    group: str,
    unit: str = "",
    title: str = "",
    only_if: tuple[str, Any] | None = None,
    **bounds: Any,
) -> Any:
    """A field of a config with its help line, the group it is shown in, its unit, and its bounds (``ge``, ``le``, ...).

    ``title`` is its name in a form, made of the field's name if it is not given; ``only_if`` names another field and the
    value of it without which this one has no meaning.
    """
    extra: dict[str, Any] = {"group": group, "unit": unit, "only_if": only_if}
    return Field(default, title=title or None, description=help, json_schema_extra=extra, **bounds)


class RunConfig(BaseModel):
    """Everything that decides what a run computes, for any family."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: ClassVar[str]
    acronym: ClassVar[str]
    curves: ClassVar[tuple[Curve, ...]]
    pictures: ClassVar[dict[str, str]]  # what the family's previews show, by name
    abilities: ClassVar[tuple[str, ...]] = ()  # what a trained model can do, as lines of a table
    page: ClassVar[Page | None] = None  # that shows its runs, beside the page of all runs
    inherited: ClassVar[
        tuple[str, ...]
    ] = ()  # options that must be those of the run whose weights a new one begins with

    family: str
    dataset: Literal["mnist-sample", "mnist", "fashion-mnist", "kmnist", "cifar10", "folder"] = option(
        "mnist-sample",
        "What to learn from; mnist-sample is embedded and needs no network, and cifar10 is seen in colour, at 32 pixels, unless one says otherwise.",
        "Data",
    )
    folder: str = option(
        "",
        "Path of your own images on the machine that trains; subfolders are the classes, but train and test (or val) the splits.",
        "Data",
        only_if=("dataset", "folder"),
        max_length=4096,  # as of a path
    )
    class_folders: ClassFolders = option(
        "auto",
        "Which of the folders around an image is its class, or none; auto: the outermost, if every image lies in one.",
        "Data",
        only_if=("dataset", "folder"),
    )
    train_images: int = option(
        0, "Train on so many images only, the first ones of the set; 0 takes all.", "Data", "images", "Training images",
        ge=0, le=10**9,
    )  # fmt: skip
    validation_images: int = option(
        0, "So many of these are held back: the best checkpoint is chosen on them, and test images are scored once, at the end; with 0 "
        "it is chosen on test images.",
        "Data", "images", "Validation images", ge=0, le=10**9,
    )  # fmt: skip
    image_size: Literal[28, 32, 64] = option(28, "Side of the square images that the networks see.", "Data", "pixels")
    channels: Literal[1, 3] = option(1, "1 for grey images, 3 for colour.", "Data")

    epochs: int = option(20, "Passes over the training images.", "Training", "epochs", ge=1, le=2000)
    batch_size: int = option(
        64, "Images in one optimisation step, over all processes together.", "Training", "images", ge=2, le=8192
    )
    learning_rate: float = option(1e-3, "Adam's step size at its highest.", "Training", gt=0, le=1)
    schedule: Literal["cosine", "constant"] = option(
        "cosine", "cosine lets the learning rate fall to nearly zero at the last step.", "Training"
    )
    ema_decay: float = option(
        0.999,
        "Samples and scores use a moving average of the weights; 0 turns it off.",
        "Training",
        title="EMA decay",
        ge=0,
        lt=1,
    )
    seed: int = option(0, "The same seed gives the same run again.", "Training", ge=0, le=2**31 - 1)

    device: str = option(
        "auto", "auto, cpu, cuda, cuda:N (the N-th visible GPU, from 0 on) or mps.", "Machine", pattern=PATTERN
    )
    processes: int = option(
        1, "Processes that train together on the same global batch: one a GPU, from the first on; 0 takes all visible GPUs.",
        "Machine", "processes", ge=0, le=64,
    )  # fmt: skip
    precision: Literal["fp32", "bf16"] = option(
        "fp32",
        "bf16 is faster on recent hardware; the weights stay in fp32.",
        "Machine",
        title="Numeric precision",
    )
    compile: Literal["auto", "on", "off"] = option(
        "auto",
        "Whether torch.compile makes the networks faster, which takes it minutes; auto measures on CUDA whether that pays.",
        "Machine",
    )
    deterministic: bool = option(False, "Only algorithms that repeat bit for bit; slower on CUDA.", "Machine")
    checkpoint_every: float = option(
        1.0, "Distance of two checkpoints; the last step is always kept.", "Machine", "epochs", gt=0, le=100
    )
    preview_every: float = option(1.0, "Distance of two sample grids; 0 draws none.", "Machine", "epochs", ge=0, le=100)
    check_every: float = option(
        1.0, "Evaluation interval: samples are evaluated so often, which does not change training; 0 turns it off.",
        "Machine", "epochs", ge=0, le=100,
    )  # fmt: skip
    log_with: Literal["none", "tensorboard", "trackio", "wandb"] = option(
        "none", "A tracker that gets the curves too; its package must be installed, and wandb without a key stays offline.",
        "Machine", title="Tracker",
    )  # fmt: skip

    @field_validator("*", mode="before")
    @classmethod
    def _choice_from_text(cls, value: Any, info: ValidationInfo) -> Any:
        """``32`` for the text ``"32"`` of a command line: pydantic reads numbers from text, but not choices."""
        choices = get_args(cls.model_fields[info.field_name or ""].annotation)
        return next((choice for choice in choices if str(choice) == value), value)

    @model_validator(mode="after")
    def _fits_the_data(self) -> Self:
        if self.dataset == "folder" and not self.folder:
            raise ValueError(N_("folder: give the path of the folder with your images, or choose another data set"))
        return self

    @model_validator(mode="after")
    def _fits_the_device(self) -> Self:
        if self.device == "mps" and (refusal := refused_by_mps(self.model_dump())):
            raise ValueError(refusal)
        return self

    @model_validator(mode="before")
    @classmethod
    def _fill_in_defaults(cls, values: Any) -> Any:
        return cls.defaults(values) | values if isinstance(values, dict) else values

    @classmethod
    def defaults(cls, values: dict[str, Any]) -> dict[str, Any]:
        """What each field is that ``values`` leave out; a data set has its own size and channels, and a family may let more
        depend on other fields."""
        usual = {name: field.default for name, field in cls.model_fields.items()}
        images = DATASETS.get(str(values.get("dataset", usual["dataset"])))
        return usual | ({"image_size": images.image_size, "channels": images.channels} if images else {})

    @classmethod
    def defaults_with(cls, name: str, value: Any) -> dict[str, Any]:
        """The other fields that have another default with this value of a field, each with that default."""
        usual, given = cls.defaults({}), cls.defaults({name: value})
        return {other: new for other, new in given.items() if new != usual[other] and other != name}

    @property
    def default_name(self) -> Message:
        """What a run of this config is called until someone gives it a name."""
        return self.name_for(self.model_dump())

    @classmethod
    def name_for(cls, values: dict[str, Any]) -> Message:
        """The same for these values, unchecked; raises ``KeyError`` where one is missing or unknown."""
        dataset = str(values["dataset"])
        images = N_("folder") if dataset == "folder" else N_(dataset)  # all others have names of their own
        return N_("{models} on {images}", models=N_(cls.acronym), images=images)

    def drawn(self) -> tuple[Curve, ...]:
        """The curves that a run of this config has."""
        return self.curves

    def refused_classes(self, count: int) -> str | None:
        """Why a run of this config cannot learn from images of so many classes, as a sentence; None where it can."""
        return None

    def lines(self) -> dict[str, tuple[tuple[float, str], ...]]:
        """Reference lines, as (height, label), by the panel they are drawn in."""
        return {}

    @classmethod
    def options(cls) -> dict[str, FieldInfo]:
        """The fields that one sets: all but the family's name and what follows from another field, neither of which has a group."""
        return {name: field for name, field in cls.model_fields.items() if extra(field, "group")}

    @classmethod
    def groups(cls) -> dict[str, list[str]]:
        """The names of the fields by the group they are shown in, in order of declaration, the family's own group after the data."""
        groups: dict[str, list[str]] = {"Data": [], "Model": [], "Loss": []}
        for name, field in cls.options().items():
            groups.setdefault(extra(field, "group"), []).append(name)
        return {group: names for group, names in groups.items() if names}


def condition(field: FieldInfo) -> tuple[str, Any] | None:
    """Another field and the value of it without which this one has no meaning, or None."""
    needed: tuple[str, Any] | None = extra(field, "only_if")
    return needed


def matters(field: FieldInfo, values: dict[str, Any]) -> bool:
    """Whether a field has a meaning beside the other ``values``."""
    needed = condition(field)
    return needed is None or values.get(needed[0]) == needed[1]


def extra(field: FieldInfo, key: str) -> Any:
    return field.json_schema_extra.get(key) if isinstance(field.json_schema_extra, dict) else None
