"""Names of the disk that are no UTF-8: shown with replacement characters, stored, and kept apart."""

import os
from pathlib import Path

import pytest

from genmodels.config.families import ClassifierConfig
from genmodels.data.folder_check import inspect_folder
from genmodels.data.load import load_dataset
from genmodels.jobs.store_report import StoreReport
from genmodels.runs.store import Store
from genmodels.storage.printable import distinct, printable
from tests.data.test_folder import fill
from tests.support.helpers import refusal, see

CAFE = os.fsdecode(b"caf\xe9")  # as Latin-1 has it


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("گربه", "گربه"),
        (CAFE, "caf\ufffd"),
        ("گربه".encode().decode("ascii", "surrogateescape"), "گربه"),  # where the locale is C
        ("\ud800", "\ufffd" * 3),
    ],
)
def test_a_name_becomes_text_that_can_be_stored(name: str, text: str):
    assert printable(name) == text


def test_names_that_become_the_same_text_stay_apart():
    names = [CAFE, os.fsdecode(b"caf\xe8"), "caf\ufffd", "caf\ufffd (2)", "tea"]
    texts = distinct(names)
    assert len(set(texts.values())) == len(names)
    assert [texts[name] for name in names[2:]] == names[2:]
    assert {texts[CAFE], texts[names[1]]} == {"caf\ufffd (3)", "caf\ufffd (4)"}


def test_the_store_takes_any_text():
    store = Store()
    run = store.create(ClassifierConfig().model_dump(), name=CAFE, command=f"train {CAFE}")
    store.add_event(run.id, CAFE)
    store.update(run.id, error=CAFE, environment={"folder": CAFE})
    store.save_copy(run.id)
    found = see(store, run)
    assert [found.name, found.command, found.error] == ["caf\ufffd", "train caf\ufffd", "caf\ufffd"]
    assert [event["text"] for event in store.events(run.id)] == ["caf\ufffd"]


@pytest.fixture
def cafes(tmp_path: Path) -> Path:
    """Two classes whose names become the same text, an image that cannot be read, and one whose own name is no UTF-8."""
    try:
        for place, name in enumerate((b"caf\xe8", b"caf\xe9")):
            fill(tmp_path / os.fsdecode(name), 6, 6 * place)
    except OSError:
        pytest.skip("needs a disk that takes any bytes for a name")
    (tmp_path / CAFE / os.fsdecode(b"\xff.png")).write_text("not an image")
    (tmp_path / CAFE / "006.png").rename(tmp_path / CAFE / os.fsdecode(b"\xfe.png"))
    return tmp_path


def test_images_are_loaded_and_told_of_in_folders_of_any_name(cafes: Path):
    report = inspect_folder(cafes)
    assert report.classes == ("caf\ufffd", "caf\ufffd (2)")
    assert "12 images in 2 classes (caf\ufffd, caf\ufffd (2))." in report.summary()
    assert report.unreadable == (("caf\ufffd/\ufffd.png", "it is not an image of a known kind"),)
    store = Store()
    run = store.create(ClassifierConfig().model_dump())
    told = StoreReport(store, run, lambda text: None, lambda *values: None)
    train = load_dataset("folder", "train", image_size=28, channels=1, folder=str(cafes), progress=told.event)
    assert train.labels is not None
    assert train.labels.bincount().tolist() == [5, 5]
    assert "caf\ufffd/\ufffd.png is left out" in " ".join(event["text"] for event in store.events(run.id))


def test_a_refusal_that_names_such_a_folder_can_be_shown(tmp_path: Path):
    assert f"{tmp_path}/caf\ufffd has 0 readable images" in refusal(folder=str(fill(tmp_path / CAFE, 0)))
    assert "There is no folder caf\ufffd:" in refusal(folder=CAFE)
