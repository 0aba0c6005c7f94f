"""What the folders around the user's own images say: which are trained on, and of which class each is. Names alone, free of torch."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from genmodels.config.datasets import ClassFolders

TRAIN = ("train", "training")
HELD_OUT = ("test", "testing", "val", "valid", "validation")  # the first of them that is there is the test split


def natural(name: str) -> tuple[list[str | int], str]:
    """A key to sort names by, numbers in them by their value: 2 before 12."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split("([0-9]+)", name))], name


@dataclass(frozen=True)
class Layout:
    """Images by their names within the folder.

    train, test: of each split, ``test`` empty where the folders tell no splits; class_of: what each of both shows, empty
    without labels; remarks: what was understood, or left out, and what else can be chosen, each a sentence.
    """

    train: tuple[str, ...]
    test: tuple[str, ...]
    class_of: dict[str, str]
    remarks: tuple[str, ...]

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """All of them in natural order."""
        return tuple(sorted(set(self.class_of.values()), key=natural))

    def labels(self, names: Sequence[str]) -> list[int]:
        """The place of each image's class among ``classes``; 0 without labels."""
        place = {known: index for index, known in enumerate(self.classes)}
        return [place[self.class_of[name]] if self.classes else 0 for name in names]


def arrange(names: Sequence[str], class_folders: ClassFolders = "auto") -> Layout:
    """What the folders in ``names`` say, with slashes between, and with classes as ``class_folders`` chooses."""
    splits, remarks = _splits(names)
    # What lies around each image within its split.
    folders = {name: name.split("/")[:-1][bool(splits) :] for split in splits or [names] for name in split}
    beside = [name for name, around in folders.items() if not around]
    class_of: dict[str, str] = {}
    if len(beside) == len(folders):
        pass
    elif class_folders == "none":
        remarks.append("The folders are not taken as classes.")
    elif class_folders == "auto" and beside:
        remarks.append(
            f"Beside the class folders lie images ({len(beside):,}), so none has a label: set the class folders to outermost or "
            "innermost to leave these out."
        )
    else:
        inner = -1 if class_folders == "innermost" else 0
        class_of = {name: around[inner] for name, around in folders.items() if around}
        remarks += _about_classes(folders, beside, inner)
    kept = class_of or folders
    train, test = (tuple(name for name in split if name in kept) for split in splits or (names, ()))
    if splits and not test:
        remarks.append("None of them are test images, so a part of the training images is held out instead.")
    return Layout(train, test, class_of, tuple(remarks))


def _splits(names: Sequence[str]) -> tuple[tuple[list[str], list[str]] | None, list[str]]:
    """The images of the folders of training and test images, if there are both, and what to say of it."""
    tops = {name: name.partition("/")[0].casefold() for name in names if "/" in name}
    held_out = next((known for known in HELD_OUT if known in tops.values()), None)
    train = [name for name, top in tops.items() if top in TRAIN]
    if held_out is None or not train:
        return None, []
    test = [name for name, top in tops.items() if top == held_out]
    remarks = [f"The folder {held_out} holds the test images ({len(test):,}), which are never trained on."]
    if rest := len(names) - len(train) - len(test):
        remarks.append(f"Images that lie neither there nor in train are left out ({rest:,}).")
    return (train, test), remarks


def _about_classes(folders: dict[str, list[str]], beside: list[str], inner: int) -> list[str]:
    """What to say of the choice of the folders that are the classes."""
    remarks = []
    if beside:
        remarks.append(f"Images beside the class folders are left out ({len(beside):,}).")
    if any(len(around) > 1 for around in folders.values()):
        taken, other = ("innermost", "outermost") if inner else ("outermost", "innermost")
        example = max(folders.values(), key=len)
        remarks.append(
            f"Folders lie in folders: the {taken} is the class ({example[inner]}); set the class folders to {other} for the "
            f"other ({example[-1 - inner]})."
        )
    return remarks
