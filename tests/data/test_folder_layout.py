"""What the folders around own images say: splits, classes and their order, and what is told of it."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from genmodels.config.datasets import ClassFolders
from genmodels.config.families import ClassifierConfig
from genmodels.data import folder_layout
from genmodels.data.folder_check import inspect_folder
from genmodels.data.folder_layout import arrange
from genmodels.data.load import load_dataset
from genmodels.inference.load import load_model
from genmodels.metrics.evaluate import evaluate
from genmodels.storage.callbacks import Report
from genmodels.training.trainer import Trainer
from tests.data.test_folder import fill, noise_image
from tests.support.helpers import refusal
from tests.support.training import train


def loaded(
    folder: Path, class_folders: ClassFolders = "auto"
) -> dict[str, tuple[set[int], tuple[str, ...], list[str]]]:
    """Of each split: which of the images of ``fill`` there are, the classes, and the class of each image."""
    known = {np.asarray(noise_image(seed).resize((28, 28))).tobytes(): seed for seed in range(40)}
    found = {}
    for split in ("train", "test"):
        images = load_dataset(
            "folder", split, image_size=28, channels=3, folder=str(folder), class_folders=class_folders
        )
        seeds = {known[image.permute(1, 2, 0).numpy().tobytes()] for image in images.images}
        labels = [] if images.labels is None else [images.classes[label] for label in images.labels]
        found[split] = (seeds, images.classes, labels)
    return found


@pytest.mark.parametrize("held_out", ["test", "val", "Validation"])
def test_folders_of_training_and_test_images_are_the_splits(tmp_path: Path, held_out: str):
    for split, first in (("train", 0), (held_out, 10)):
        fill(tmp_path / split / "cats", 3, first)
        fill(tmp_path / split / "dogs", 3, first + 3)
    found = loaded(tmp_path)
    assert found["train"][:2] == (set(range(6)), ("cats", "dogs"))
    assert found["test"][:2] == (set(range(10, 16)), ("cats", "dogs"))
    assert sorted(found["test"][2]) == ["cats"] * 3 + ["dogs"] * 3
    said = " ".join(inspect_folder(tmp_path).summary())
    assert f"The folder {held_out.lower()} holds the test images (6), which are never trained on." in said


def test_what_lies_in_neither_split_is_left_out(tmp_path: Path):
    fill(tmp_path / "train", 4)
    fill(tmp_path / "test", 2, 10)
    fill(tmp_path / "val", 2, 20)
    fill(tmp_path, 1, 30)
    found = loaded(tmp_path)
    assert (found["train"][0], found["test"][0]) == ({0, 1, 2, 3}, {10, 11})
    assert found["train"][1] == ()
    assert "neither there nor in train are left out (3)." in " ".join(inspect_folder(tmp_path).summary())


def test_two_training_images_and_one_test_image_are_enough_and_fewer_are_refused(tmp_path: Path):
    fill(tmp_path / "train", 1)
    fill(tmp_path / "test", 5, 10)
    assert "has 1 readable image to train on: at least 2 are needed" in refusal(folder=str(tmp_path))
    fill(tmp_path / "train", 1, 1)
    assert loaded(tmp_path)["train"][0] == {0, 1}


def test_test_images_without_a_class_leave_a_part_of_the_training_images_held_out(tmp_path: Path):
    """As where a competition keeps the answers."""
    fill(tmp_path / "train" / "cats", 5)
    fill(tmp_path / "train" / "dogs", 5, 5)
    fill(tmp_path / "test", 5, 10)
    assert loaded(tmp_path)["train"][1] == ()
    found = loaded(tmp_path, "outermost")
    assert found["train"][0] | found["test"][0] == set(range(10))
    assert found["test"][1] == ("cats", "dogs")
    assert "held out instead" in " ".join(inspect_folder(tmp_path, class_folders="outermost").summary())


def test_classes_are_in_natural_order(tmp_path: Path):
    for number in (12, 2, 1, 10):
        fill(tmp_path / str(number), 3, number)
    assert loaded(tmp_path)["train"][1] == ("1", "2", "10", "12")
    names = [f"{name}/x.png" for name in ("class 10", "class 9", "b", "01", "1", "class 9b")]
    assert arrange(names).classes == ("01", "1", "b", "class 9", "class 9b", "class 10")
    for ten, two, one in (("۱۰", "۲", "۱"), ("رقم ١٠", "رقم ٢", "رقم ١"), ("१०", "२", "१")):
        assert arrange([f"{name}/x.png" for name in (ten, two, one)]).classes == (one, two, ten)


BESIDE = ["cats/1.png", "cats/2.png", "dogs/3.png", "4.png"]
NESTED = ["cats/small/1.png", "cats/large/2.png", "dogs/small/3.png", "dogs/4.png"]


@pytest.mark.parametrize(
    ("names", "choice", "classes", "said"),
    [
        (BESIDE, "auto", (), "Beside the class folders lie images (1), so none has a label: set the class folders to"),
        (BESIDE, "outermost", ("cats", "dogs"), "Images beside the class folders are left out (1)."),
        (BESIDE, "none", (), "The folders are not taken as classes."),
        (NESTED, "auto", ("cats", "dogs"), "the outermost is the class (cats); set the class folders to innermost"),
        (NESTED, "innermost", ("dogs", "large", "small"), "the innermost is the class (small)"),
        (["1.png", "2.png"], "outermost", (), ""),
    ],
)
def test_images_beside_class_folders_and_folders_in_folders_are_told_with_a_way_to_choose(
    names: list[str], choice: ClassFolders, classes: tuple[str, ...], said: str
):
    layout = arrange(names, choice)
    assert layout.classes == classes
    assert said in " ".join(layout.remarks)
    assert set(layout.train) == (set(names) if not layout.classes else {name for name in names if "/" in name})
    assert layout.test == ()


SPLITS_ELSEWHERE = {
    "one folder around all": (["data/train/a/1.png", "data/train/b/2.png", "data/test/a/3.png"], ("a", "b")),
    "two folders around all": (["x/y/train/a/1.png", "x/y/train/b/2.png", "x/y/test/a/3.png"], ("a", "b")),
    "one folder around all without classes": (["data/train/1.png", "data/train/2.png", "data/test/3.png"], ()),
    "in each class folder": (["a/train/1.png", "b/train/2.png", "b/test/3.png"], ("a", "b")),
    "in each class folder, with one around all": (
        ["data/a/train/1.png", "data/b/train/2.png", "data/b/test/3.png"],
        ("a", "b"),
    ),
}


@pytest.mark.parametrize("choice", ["auto", "outermost", "innermost"])
@pytest.mark.parametrize("name", SPLITS_ELSEWHERE)
def test_splits_are_known_at_whatever_level_they_lie(name: str, choice: ClassFolders):
    names, classes = SPLITS_ELSEWHERE[name]
    layout = arrange([*names, "cover.png"], choice)
    assert (layout.train, layout.test, layout.classes) == (tuple(names[:2]), tuple(names[2:]), classes)
    said = " ".join(layout.remarks)
    assert "the test images (1), which are never trained on." in said
    assert "neither there nor in train are left out (1)." in said


@pytest.mark.parametrize(
    "names",
    [
        ["a/1.png", "b/2.png", "test/3.png"],
        ["a/1.png", "b/2.png", "a/test/3.png"],
        ["train/a/1.png", "data/test/a/2.png"],
        ["train2017/1.png", "val2017/2.png"],
        *(
            [
                ["train/1.png", f"{name}/2.png"]
                for name in ("dev", "Eval", "holdout", "hold-out", "held_out", "test_set")
            ]
        ),
    ],
)
def test_a_folder_that_is_named_like_test_images_is_not_trained_on_without_a_word(names: list[str]):
    (said,) = [remark for remark in arrange(names).remarks if "The images of the folder" in remark]
    assert "(1) are taken like all others, and most are trained on: name the folders train and test" in said
    assert not [each for each in arrange(["valley/1.png", "tests/2.png", "deva/3.png"]).remarks if "taken like" in each]


def test_classes_that_only_test_images_show_are_named():
    assert "No training image is of these classes, which test images show: b, c." in " ".join(
        arrange(["train/a/1.png", "train/a/2.png", "test/a/3.png", "test/c/4.png", "test/b/5.png"]).remarks
    )


@pytest.mark.parametrize("choice", ["auto", "outermost", "innermost"])
def test_training_images_without_class_folders_are_trained_on_without_labels(choice: ClassFolders):
    layout = arrange(["train/1.png", "train/2.png", "test/a/3.png", "test/b/4.png"], choice)
    assert (len(layout.train), len(layout.test), layout.classes) == (2, 2, ())
    said = " ".join(layout.remarks)
    assert "The training images lie in no class folders, so none has a label." in said
    assert "set the class folders" not in said


def test_the_choice_reaches_the_labels(tmp_path: Path):
    fill(tmp_path / "cats" / "small", 3)
    fill(tmp_path / "dogs" / "large", 3, 3)
    fill(tmp_path, 2, 6)
    assert loaded(tmp_path)["train"][1] == ()
    assert loaded(tmp_path, "outermost")["train"][1] == ("cats", "dogs")
    assert loaded(tmp_path, "innermost")["train"][1] == ("large", "small")
    assert loaded(tmp_path, "outermost")["train"][0] <= set(range(6))


def test_a_run_of_a_version_with_another_order_keeps_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """When it is resumed, and when it is scored."""
    folder = tmp_path / "images"
    for name, level in (("2", 0), ("10", 255)):
        for number in range(10):
            (folder / name).mkdir(parents=True, exist_ok=True)
            image = Image.new("L", (28, 28), level)
            image.paste(255 - level, (0, 0, 28, 4))
            image.save(folder / name / f"{number}.png")
    config = ClassifierConfig(dataset="folder", folder=str(folder), epochs=20, width=4, batch_size=16, device="cpu")
    with monkeypatch.context() as earlier:
        earlier.setattr(folder_layout, "natural", str)
        train(config, tmp_path / "run", stop_at=1)
    resumed = Trainer(config, tmp_path / "run", Report())
    assert resumed.run() == "finished"
    for images in (resumed.train_set, resumed.test_set):
        assert images.classes == ("10", "2")
        assert images.labels is not None
        assert torch.equal(images.labels == 0, images.images[:, 0, -1, 0] == 255)
    (tmp_path / "run" / "config.json").write_text(config.model_dump_json())
    assert evaluate(load_model(tmp_path / "run"))["accuracy"] == 1.0
