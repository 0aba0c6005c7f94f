"""Folders of the server: read where its policy lets them be read, and never because an imported run says so."""

import io
import json
import os
import sqlite3
from pathlib import Path

import pytest
from PIL import Image

from genmodels.config.families import VAEConfig, parse
from genmodels.data.load import load_for
from genmodels.errors import DataError, UserError
from genmodels.jobs import queue
from genmodels.jobs.images_folder import set_images_folder
from genmodels.runs.archive import unpack
from genmodels.runs.run import LOCK, Run
from genmodels.runs.store import Store
from tests.support.archives import a_run, zipped
from tests.support.helpers import marked


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(5):
        marked(Image.new("L", (28, 28), 100 + number)).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def imported(pictures: Path, tmp_path: Path) -> Run:
    """A run in this machine's store whose config came with a path that is there."""
    there = Store(tmp_path / "there")
    run = a_run(there, dataset="folder", images=str(pictures), state="stopped")
    return unpack(Store(), io.BytesIO(zipped(there, run)))


def config_of(run_id: str) -> dict:
    """What the store and both files of the folder say, which must be the same."""
    store = Store()
    run = store.get(run_id)
    assert run is not None
    folder = store.folder(run_id)
    assert json.loads((folder / "run.json").read_text())["config"] == run.config
    assert json.loads((folder / "config.json").read_text()) == run.config
    return run.config


def test_no_folder_is_read_where_the_server_reads_none(pictures: Path, monkeypatch: pytest.MonkeyPatch):
    config = VAEConfig(dataset="folder", folder=str(pictures))
    assert len(load_for(config, "train")) == 4
    monkeypatch.setenv("GENMODELS_OWN_IMAGES", "0")
    for split in ("train", "test"):
        with pytest.raises(DataError, match="trains on its own data sets alone"):
            load_for(config, split)


def test_its_owner_points_an_imported_run_to_a_folder_again(imported: Run, pictures: Path):
    store = Store()
    report = set_images_folder(store, imported.id, str(pictures))
    assert len(report.good) == 5
    config = config_of(imported.id)
    assert config["folder"] == str(pictures)
    assert len(load_for(parse(config), "train")) == 4
    store.path.unlink()  # it is still so in a store that was made anew from the folders
    assert config_of(imported.id) == config
    assert config_of(imported.id) == config


def test_what_the_server_does_not_allow_is_not_pointed_to(
    imported: Run, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    before = config_of(imported.id)
    for folder, reason in (
        (tmp_path / "nothing", "There is no folder"),
        (f"elsewhere:{pictures}", "stay where it comes"),
    ):
        with pytest.raises(UserError, match=reason):
            set_images_folder(Store(), imported.id, str(folder))
    for variable, value in (("GENMODELS_OWN_IMAGES", "0"), ("GENMODELS_MOST_FILES", "3")):
        with monkeypatch.context() as server:
            server.setenv(variable, value)
            with pytest.raises(UserError, match="This server"):
                set_images_folder(Store(), imported.id, str(pictures))
    assert config_of(imported.id) == before


@pytest.mark.parametrize(
    ("folder", "sentence"),
    [("x" * 5000, "folder must be a text of at most 4,096 characters"), ("x" * 300, "There is no folder")],
)
def test_no_path_that_is_typed_fails_without_a_sentence(imported: Run, folder: str, sentence: str):
    with pytest.raises(UserError, match=sentence):
        set_images_folder(Store(), imported.id, folder)


def test_a_run_of_a_later_version_keeps_its_folder(imported: Run, pictures: Path):
    Store().update(imported.id, config=imported.config | {"future": 1})
    with pytest.raises(UserError, match="This version does not know all settings"):
        set_images_folder(Store(), imported.id, str(pictures))


def test_a_run_under_way_keeps_its_folder(pictures: Path):
    store = Store()
    run = a_run(store, dataset="folder", images=str(pictures))
    held = queue.hold(store, run.id)
    try:
        with pytest.raises(UserError, match="under way"):
            set_images_folder(store, run.id, str(pictures))
    finally:
        os.close(held)


def as_an_earlier_version_left_it(store: Store) -> None:
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 0")


def test_runs_that_an_earlier_version_imported_are_parted_from_their_folders(pictures: Path):
    store = Store()
    imported = a_run(store, dataset="folder", images=str(pictures))
    (store.folder(imported.id) / LOCK).unlink()  # as no zip has it
    own = a_run(store, dataset="folder", images=str(pictures))
    as_an_earlier_version_left_it(store)
    Store()
    assert config_of(imported.id)["folder"] == f"elsewhere:{pictures}"
    assert config_of(own.id)["folder"] == str(pictures)
    assert store.metrics(imported.id)["value"].tolist() == store.metrics(own.id)["value"].tolist()
