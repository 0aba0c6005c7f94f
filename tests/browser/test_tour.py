"""The tour in a browser: one press leads to the run, however slow the way to the browser is."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from genmodels.config.families import VAEConfig
from genmodels.runs.run import LOCK
from genmodels.runs.store import Store
from genmodels.storage.files import lock
from genmodels.ui.shell.sidebar import TICK
from tests.browser.app import button, newest_run


class SlowWay:
    """The server's messages to the page, which may be held back."""

    def __init__(self, page: Page) -> None:
        self.held: list[str | bytes] | None = None
        page.route_web_socket("**/_stcore/stream*", self._connect)

    def _connect(self, browser: WebSocketRoute) -> None:
        self.browser = browser
        browser.connect_to_server().on_message(self._pass_on)

    def _pass_on(self, message: str | bytes) -> None:
        if self.held is None:
            self.browser.send(message)
        else:
            self.held.append(message)

    def hold(self) -> None:
        self.held = []

    def let_go(self) -> None:
        held, self.held = self.held or [], None
        for message in held:
            self.browser.send(message)


@pytest.mark.exhaustive
def test_the_sidebar_looks_again_before_the_browser_knows_that_the_tour_has_begun(page: Page, address: str, lab: Path):
    store = Store(lab)
    waiting = store.create(VAEConfig().model_dump())
    held = lock(store.folder(waiting.id) / LOCK)
    assert held is not None
    store.update(waiting.id, state="queued")  # else the sidebar looks but every half minute
    way = SlowWay(page)
    page.goto(address)
    start = button(page, "Start the tour")
    expect(start).to_be_visible()
    expect(page.get_by_text("Training now")).to_be_visible()
    way.hold()
    start.click()
    page.wait_for_timeout(1000 * (2 * TICK + 1))
    way.let_go()
    page.wait_for_url("**/vae?run=*")
    os.close(held)
    run = newest_run(lab)
    assert run.id in page.url
    page.wait_for_timeout(1000 * (2 * TICK + 1))
    expect(page.get_by_role("heading", name="Part 1")).to_be_visible()
    expect(button(page, "Stop")).to_be_visible()
