"""The app of an installed package, served by its command from a folder that has nothing of the project."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import serve_by
from tests.support.wheel import build, install

SIDEBAR = "rgb(246, 246, 251)"  # of the light theme in .streamlit/config.toml


@pytest.mark.exhaustive
@pytest.mark.slow
def test_it_has_its_pages_its_explanations_its_pretrained_models_and_its_theme(page: Page, tmp_path: Path, home: Path):
    programs = install(build(tmp_path / "wheel"), tmp_path / "environment")
    (tmp_path / "elsewhere").mkdir()
    log = tmp_path / "log"
    with serve_by([str(programs / "genmodels"), "app"], tmp_path / "elsewhere", log=log) as server:
        page.goto(server.url)
        expect(page.get_by_role("heading", name="Generative Models Lab")).to_be_visible()
        expect(page.get_by_test_id("stSidebar")).to_have_css("background-color", SIDEBAR)
        page.goto(f"{server.url}vae?run=vae-mnist")
        expect(page.get_by_role("img", name="Samples")).to_be_visible()
        page.get_by_text("Details", exact=True).click()
        expect(page.get_by_text("genmodels train vae ")).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
    assert "Traceback" not in log.read_text()
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert home.is_dir()
