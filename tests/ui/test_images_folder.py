"""An imported run that was trained on a folder, on the page of all runs: its owner says where the images are now."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints import test_images
from genmodels.config.families import parse
from genmodels.errors import DataError
from genmodels.export.html_report import html_report, run_data
from genmodels.latent.codes import Codes, folder_of
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from genmodels.ui.models import loading
from genmodels.ui.models.test_images import held_out
from tests.jobs.test_images_folder import imported, pictures
from tests.support.pages import open_page, press, texts
from tests.ui.test_runs_page import labels, select

__all__ = ["imported", "pictures"]  # fixtures
BUTTON = "Use this folder"


def point(page: AppTest, run: Run, folder: Path) -> AppTest:
    page.text_input(key=f"{run.id}:folder").set_value(str(folder))
    return press(page, BUTTON)


def test_its_owner_names_the_folder(imported: Run, pictures: Path):
    page = select(open_page("runs"), imported)
    assert "There is no folder" in texts(point(page, imported, pictures / "nothing"))
    assert BUTTON not in labels(point(page, imported, pictures))
    run = Store().get(imported.id)
    assert run is not None
    assert run.config["folder"] == str(pictures)


def test_its_page_and_its_report_tell_the_folder_in_words(imported: Run, pictures: Path):
    page = open_page("vae", run=imported.id)
    (command,) = (code.value for code in page.code if "--folder" in code.value)
    (settings,) = (table.value["value"] for table in page.dataframe if "Folder" in table.value.index)
    assert "--folder FOLDER " in command
    assert "where FOLDER is the folder with the same images" in texts(page)
    assert settings["Folder"] == "a folder on another machine"
    report = html_report(run_data(Store(), [imported.id]))
    for told in ("--folder FOLDER", "where FOLDER is the folder with the same images", "a folder on another machine"):
        assert told in report
    for hidden in (str(pictures), "elsewhere:"):
        assert hidden not in report


@pytest.mark.parametrize("limit", [("GENMODELS_OWN_IMAGES", "0"), ("GENMODELS_TRAIN", "nobody")])
def test_who_may_not_is_not_asked(imported: Run, limit: tuple[str, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(*limit)
    assert BUTTON not in labels(select(open_page("runs"), imported))


def keep_images(run: Run) -> None:
    """Three black test images, alone and with their codes."""
    folder, size = Store().folder(run.id), run.config["latent_dim"]
    images, codes, zeros = np.zeros((3, 1, 28, 28), np.uint8), np.zeros((3, size), np.float32), np.zeros(3, np.float32)
    test_images.save(folder, test_images.Images(images, None, ()))
    Codes(folder_of(folder, run.step, "test", 2000), images, images, None, (), codes, codes, zeros).save()


def test_where_folders_are_not_read_no_page_shows_what_a_run_has_kept_of_one(
    imported: Run, monkeypatch: pytest.MonkeyPatch
):
    keep_images(imported)
    assert len(loading.codes(imported, "test", 2000)) == len(held_out(imported)) == 3
    monkeypatch.setenv("GENMODELS_OWN_IMAGES", "0")
    for look in (lambda: loading.codes(imported, "test", 2000), lambda: held_out(imported)):
        with pytest.raises(
            DataError, match="shows no images of runs that were trained on a folder: choose another run"
        ):
            look()


def test_where_folders_are_not_read_no_preview_of_test_images_is_shown(imported: Run, monkeypatch: pytest.MonkeyPatch):
    drawn = Store().folder(imported.id) / "pictures" / "samples-00000005.png"
    drawn.with_name("reconstructions-00000005.png").write_bytes(drawn.read_bytes())
    for allowed, shown in (("1", {"samples", "reconstructions"}), ("0", {"samples"})):
        monkeypatch.setenv("GENMODELS_OWN_IMAGES", allowed)
        (record,) = run_data(Store(), [imported.id])
        assert set(record.pictures) == shown
        captions = texts(open_page("vae", run=imported.id))
        assert ("in each pair a test image" in captions) == ("reconstructions" in shown)


def test_an_imported_run_without_its_images_leads_to_where_its_owner_names_them(
    imported: Run, monkeypatch: pytest.MonkeyPatch
):
    folder = Store().folder(imported.id)
    model = SimpleNamespace(folder=folder, step=imported.step, config=parse(imported.config))
    monkeypatch.setattr(loading, "model", lambda *arguments: model)
    for look in (lambda: loading.codes(imported, "test", 2000), lambda: held_out(imported)):
        with pytest.raises(DataError, match=r"its owner can point it to a folder of this machine on the page Runs\.$"):
            look()
