"""The app below a path of another server, under a name that it does not know."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from genmodels.runs.store import Store
from genmodels.storage.files import lock
from genmodels.storage.paths import PROJECT
from tests.browser.app import button, wait_for_script
from tests.browser.charts import wait_for_rows
from tests.browser.proxy import NAME, behind_a_proxy
from tests.browser.serving import serve
from tests.browser.test_runs import import_zip, title
from tests.support.archives import a_run

PATH = "models/lab"


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its home."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="module")
def address(lab: Path) -> Iterator[str]:
    """The address that the proxy has."""
    environment = {"GENMODELS_HOME": str(lab), "STREAMLIT_SERVER_CORS_ALLOWED_ORIGINS": f"http://{NAME}"}
    with serve(PROJECT / "streamlit_app.py", PATH, environment) as server, behind_a_proxy(server.url) as proxied:
        yield proxied


@pytest.mark.exhaustive
def test_pages_links_and_pictures(page: Page, address: str):
    lost: list[str] = []
    page.on("response", lambda response: lost.append(response.url) if response.status >= 400 else None)
    page.goto(address)
    picture = page.get_by_role("img", name="Samples of vae-mnist", exact=True)
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.naturalWidth") > 0
    page.get_by_role("link", name="VAE on mnist").first.click()
    page.wait_for_url(f"{address}vae?run=vae-mnist")
    wait_for_rows(page, run="vae-mnist")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Runs").click()
    page.wait_for_url(f"{address}runs")
    expect(page.get_by_text("No run yet: train")).to_be_visible()
    assert lost == []


@pytest.mark.exhaustive
def test_a_tick_a_download_and_an_upload(page: Page, address: str, lab: Path, tmp_path: Path):
    store = Store(lab)
    run = a_run(store, state="running", step=1, epoch=0.1, total_steps=100)
    held = lock(store.folder(run.id) / "worker.lock")  # as its worker does
    assert held is not None
    page.goto(f"{address}runs?run={run.id}")
    for epoch in (0.5, 1.5):
        store.update(run.id, step=round(50 * epoch), epoch=epoch)
        expect(page.get_by_text(f"epoch {epoch} of 2").first).to_be_visible()
    store.update(run.id, state="finished")
    os.close(held)
    # A page that is drawn anew takes its download back: first both the run and the table are to know that it has ended.
    expect(button(page, "Delete")).to_be_enabled()
    expect(page.get_by_text("finished").filter(visible=True).first).to_be_visible()
    expect(page.get_by_test_id("stDataFrame").get_by_text("finished")).to_be_attached()
    wait_for_script(page)

    with page.expect_download() as download:
        button(page, "Download as zip").click()
    file = tmp_path / "run.zip"
    download.value.save_as(file)
    store.delete(run.id)
    page.goto(f"{address}runs")
    expect(page.get_by_text("No run yet: train")).to_be_visible()
    import_zip(page, file)
    expect(title(page, run)).to_be_visible()
    page.wait_for_url(f"{address}runs?run={run.id}")
