"""On a server with an operator, a browser is known again by the token that it keeps."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from genmodels.config.families import VAEConfig
from genmodels.runs.ownership import mark
from genmodels.runs.store import Store
from tests.browser.app import button, open_form
from tests.browser.serving import serve_app

ENVIRONMENT = {"GENMODELS_OPERATOR_PASSWORD": "abracadabra"}
TOKEN = "localStorage.getItem('genmodels:token')"


@pytest.mark.exhaustive
def test_a_run_stays_its_visitors_over_a_reload_and_in_another_tab(browser: Browser, address: str, lab: Path):
    with browser.new_context() as own, browser.new_context() as another:
        page = own.new_page()
        page.goto(address)
        expect(button(page, "Start the tour")).to_be_visible()
        token = page.evaluate(TOKEN)
        assert token not in page.content()
        store = Store(lab)
        run = store.create(VAEConfig().model_dump(), owner=mark(lab, f"browser {token}"))
        store.update(run.id, state="stopped")
        shown = f"{address}vae?run={run.id}"
        page.goto(shown)
        expect(button(page, "Resume")).to_be_enabled()
        tab = own.new_page()
        tab.goto(shown)
        expect(button(tab, "Resume")).to_be_enabled()
        stranger = another.new_page()
        stranger.goto(shown)
        open_form(stranger)
        expect(button(stranger, "Start training")).to_be_visible()
        expect(button(stranger, "Resume")).to_be_disabled()
        assert stranger.evaluate(TOKEN) not in (None, token)
    assert token not in (lab / "server.log").read_text()


@pytest.mark.exhaustive
def test_where_a_browser_keeps_nothing_the_token_lasts_as_long_as_the_page(browser: Browser, address: str):
    with browser.new_context() as context:
        context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })")
        page = context.new_page()
        page.goto(address)
        expect(button(page, "Start the tour")).to_be_visible()


@pytest.mark.exhaustive
def test_after_a_wrong_password_the_right_one_is_taken(page: Page, tmp_path: Path):
    with serve_app(tmp_path, {"GENMODELS_TRAIN": "password", "GENMODELS_PASSWORD": "sesame"}) as server:
        page.goto(f"{server.url}vae")
        open_form(page)
        field = page.get_by_role("textbox", name="Password")
        for password, answer in (
            ("sesam", page.get_by_text("That is not the password of this server.")),
            ("sesame", button(page, "Start training")),
        ):
            page.wait_for_timeout(2_000)  # as long as a person takes, in which the page comes to rest
            field.fill(password)
            field.press("Enter")
            expect(answer).to_be_visible()
