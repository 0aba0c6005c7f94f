"""What the folders around the user's own images say: which are trained on, and of which class each is. Names alone, free of torch."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from genmodels.config.datasets import ClassFolders
from genmodels.language import N_
from genmodels.storage.printable import distinct, printable

TRAIN = ("train", "training")
HELD_OUT = ("test", "testing", "val", "valid", "validation")  # the first of them that is there is the test split
LIKE_HELD_OUT = re.compile(  # also val2017 and test_images
    rf"({'|'.join(HELD_OUT)}|dev|development|eval|evaluation|hold[-_ ]?out|held[-_ ]?out)([^a-z].*)?"
)
Folders = dict[str, list[str]]  # images by name: what lies around each, outermost first


def natural(name: str) -> tuple[list[str | int], str]:
    """A key to sort names by, numbers in them by their value, in the digits of any script: 2 before 12."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"(\d+)", name))], name


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
    folders = {name: name.split("/")[:-1] for name in names}
    splits, remarks = _splits(folders)
    train, test = splits or (folders, {})
    folders = train | test
    beside = [name for name, around in folders.items() if not around]
    class_of: dict[str, str] = {}
    if len(beside) == len(folders):
        pass
    elif class_folders == "none":
        remarks.append(N_("The folders are not taken as classes."))
    elif not any(train.values()):
        remarks.append(N_("The training images lie in no class folders, so none has a label."))
    elif class_folders == "auto" and beside:
        remarks.append(
            N_(
                "Beside the class folders lie images ({beside:,}), so none has a label: set the class folders to "
                "outermost or innermost to leave these out.",
                beside=len(beside),
            )
        )
    else:
        inner = -1 if class_folders == "innermost" else 0
        shown = distinct(around[inner] for around in folders.values() if around)
        class_of = {name: shown[around[inner]] for name, around in folders.items() if around}
        remarks += _about_classes(folders, beside, inner)
        remarks += _about_unseen(*({class_of[name] for name in split if name in class_of} for split in (train, test)))
    kept = class_of or folders
    trained, tested = (tuple(name for name in split if name in kept) for split in (train, test))
    if splits and not tested:
        remarks.append(N_("None of them are test images, so a part of the training images is held out instead."))
    return Layout(trained, tested, class_of, tuple(map(printable, remarks)))


def _splits(folders: Folders) -> tuple[tuple[Folders, Folders] | None, list[str]]:
    """The images of the folders of training and of test images, without these among the folders around them, and what to say of it.

    Both must be at the same level, the outermost that has both: beside each other, or in each class folder.
    """
    for level in range(max(map(len, folders.values()), default=0)):
        at = {name: around[level].casefold() for name, around in folders.items() if len(around) > level}
        held_out = next((known for known in HELD_OUT if known in at.values()), None)
        train = [name for name, folder in at.items() if folder in TRAIN]
        if held_out and train:
            test = [name for name, folder in at.items() if folder == held_out]
            above = zip(*(folders[name][:level] for name in (*train, *test)), strict=True)
            shared = sum(1 for _ in takewhile(lambda parts: len(set(parts)) == 1, above))
            hold = (
                N_("The folder {held_out} holds", held_out=held_out)
                if shared == level
                else N_("The folders {held_out} in the class folders hold", held_out=held_out)
            )
            remarks: list[str] = [
                N_("{hold} the test images ({test:,}), which are never trained on.", hold=hold, test=len(test))
            ]
            if rest := len(folders) - len(train) - len(test):
                remarks.append(N_("Images that lie neither there nor in train are left out ({rest:,}).", rest=rest))
            # What lies around all of them is no class.
            within = {name: around[shared:level] + around[level + 1 :] for name, around in folders.items()}
            return ({name: within[name] for name in train}, {name: within[name] for name in test}), remarks
    return None, _about_lone_splits(folders)


def _about_lone_splits(folders: Folders) -> list[str]:
    """What to say where folders are named like those of test images, and are not taken for them."""
    meant = Counter(
        next((folder for folder in around if LIKE_HELD_OUT.fullmatch(folder.casefold())), None)
        for around in folders.values()
    )
    return [
        N_(
            "The images of the folder {folder} ({count:,}) are taken like all others, and most are trained on: name "
            "the folders train and test, and lay them beside each other, to test on these alone.",
            folder=folder,
            count=count,
        )
        for folder, count in meant.items()
        if folder is not None
    ]


def _about_unseen(trained: set[str], tested: set[str]) -> list[str]:
    """What to say of classes that test images alone show."""
    unseen = sorted(tested - trained, key=natural)
    return (
        [N_("No training image is of these classes, which test images show: {classes}.", classes=", ".join(unseen))]
        if unseen
        else []
    )


def _about_classes(folders: Folders, beside: list[str], inner: int) -> list[str]:
    """What to say of the choice of the folders that are the classes."""
    remarks: list[str] = []
    if beside:
        remarks.append(N_("Images beside the class folders are left out ({beside:,}).", beside=len(beside)))
    if any(len(around) > 1 for around in folders.values()):
        taken, other = ("innermost", "outermost") if inner else ("outermost", "innermost")
        example = max(folders.values(), key=len)
        remarks.append(
            N_(
                "Folders lie in folders: the {taken} is the class ({example}); set the class folders to {other} for "
                "the other ({other_example}).",
                taken=taken,
                example=example[inner],
                other=other,
                other_example=example[-1 - inner],
            )
        )
    return remarks
