"""No name of a stranger's run makes a visitor's browser ask another server for anything, or becomes a link to one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Request, expect

from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.browser.app import button, press_tab, wait_for_script
from tests.support.hostile import EVIL, hostile_run
from tests.support.tiers import some

MODELS = {"vae": "vae-mnist", "dcgan": "dcgan-mnist", "cgan": "cgan-mnist", "infogan": "infogan-mnist"}
TABS = {
    "vae": ["Train", "Latent space", "Decoder", "VAE vs. GAN"],
    "dcgan": ["Train", "Compare objectives", "Latent space", "Inside the network", "Film"],
    "cgan": ["Train", "Classes", "Complete the picture", "Label fidelity", "Inside the network"],
    "infogan": ["Train", "Codes", "What the codes mean"],
}
PAGES = {"cgan": "conditional", "infogan": "conditional"}


@pytest.fixture(scope="module")
def runs(lab: Path) -> dict[str, Run]:
    store = Store(lab)
    names = {"dcgan": "Comparison: "}
    return {family: hostile_run(store, model, name=names.get(family, "")) for family, model in MODELS.items()}


@pytest.fixture
def asked(page: Page) -> Iterator[list[str]]:
    """The addresses that the page has asked for."""
    addresses: list[str] = []

    def note(request: Request) -> None:
        addresses.append(request.url)

    page.on("request", note)
    yield addresses
    page.remove_listener("request", note)


def assert_own(page: Page, asked: list[str], address: str) -> None:
    expect(page.locator(f"a[href*='{EVIL}']")).to_have_count(0)
    assert asked
    assert [
        url for url in asked if not url.startswith((address, address.replace("http", "ws"), "data:", "blob:"))
    ] == []


@pytest.mark.parametrize("family", some(TABS, "cgan"))
def test_on_the_pages_of_a_family(page: Page, address: str, runs: dict[str, Run], asked: list[str], family: str):
    page.goto(f"{address}{PAGES.get(family, family)}?run={runs[family].id}")
    expect(page.get_by_text("![m](https://evil.example").first).to_be_visible()
    for opened in TABS[family]:
        press_tab(page, opened)
        page.wait_for_url(f"**/*tab={opened.replace(' ', '+')}*" if opened != "Train" else "**")
        wait_for_script(page)
        assert_own(page, asked, address)


def test_on_the_page_of_all_runs(page: Page, address: str, runs: dict[str, Run], asked: list[str]):
    page.goto(f"{address}runs?run={runs['vae'].id}")
    expect(page.get_by_role("heading", name="![m](https://evil.example")).to_be_visible()
    wait_for_script(page)
    button(page, "Delete").click()
    expect(page.get_by_role("dialog").get_by_text("![m](https://evil.example")).to_be_visible()
    button_of_dialog = page.get_by_role("dialog").get_by_role("button", name="Keep")
    button_of_dialog.click()
    page.goto(f"{address}runs?run={runs['vae'].id}&run={runs['dcgan'].id}")
    expect(page.get_by_role("heading", name="2 runs compared")).to_be_visible()
    wait_for_script(page)
    assert_own(page, asked, address)


def test_in_the_sidebar_while_it_trains_and_when_it_has_ended(
    page: Page, address: str, lab: Path, runs: dict[str, Run], asked: list[str]
):
    import os

    from genmodels.jobs.queue import hold

    store, run = Store(lab), runs["vae"]
    held = hold(store, run.id)
    store.update(run.id, state="running")
    page.goto(address)
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_role("link", name="![m](https://evil.example")).to_be_visible()
    store.update(run.id, state="finished")
    os.close(held)
    expect(page.get_by_test_id("stToast").get_by_text("![m](https://evil.example")).to_be_visible()
    assert_own(page, asked, address)
