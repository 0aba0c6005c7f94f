"""An imported run that was trained on a folder, on the page of all runs: its owner says where the images are now."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.export.html_report import html_report, run_data
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.jobs.test_images_folder import imported, pictures
from tests.ui.test_pages import open_page, press, texts
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
    (settings,) = (table.value["value"] for table in page.dataframe if "folder" in table.value.index)
    told = f"{pictures} (on another machine)"
    assert f"--folder '{told}'" in command
    assert settings["folder"] == told
    report = html_report(run_data(Store(), [imported.id]))
    assert report.count(told) == 2, "in the command, and among the settings"
    assert "elsewhere:" not in report


@pytest.mark.parametrize("limit", [("GENMODELS_OWN_IMAGES", "0"), ("GENMODELS_TRAIN", "nobody")])
def test_who_may_not_is_not_asked(imported: Run, limit: tuple[str, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(*limit)
    assert BUTTON not in labels(select(open_page("runs"), imported))
