"""A model to take away as a web page."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.errors import UserError
from genmodels.export.web import write
from genmodels.ui.models import web_page
from tests.support.pages import open_page

MAKE = "dcgan-mnist:web-page"


@pytest.fixture(autouse=True)
def nothing_made(monkeypatch: pytest.MonkeyPatch) -> None:
    web_page._page.clear()


def downloads(page: AppTest) -> list[str]:
    buttons: Any = page.get("download_button")
    return [button.label for button in buttons if "Download dcgan" in button.label]


def test_a_page_is_made_once_and_then_there_to_download(monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []

    def make(source: Any, trained: Any) -> tuple[str, bytes]:
        made.append(source.name)
        return f"{source.name}.html", bytes(2_000_000)

    monkeypatch.setattr(write, "download", make)
    page = open_page("dcgan", run="dcgan-mnist")
    assert downloads(page) == []
    page.button(key=MAKE).click().run()
    page.button(key=MAKE).click().run()
    assert downloads(page) == ["Download dcgan-mnist.html (2.0 MB)"]
    page.run()
    assert downloads(page) == ["Download dcgan-mnist.html (2.0 MB)"]
    assert made == ["dcgan-mnist"]


def test_a_page_that_cannot_be_made_is_told_with_the_way_out(monkeypatch: pytest.MonkeyPatch):
    def fail(*given: Any) -> None:
        raise UserError("It needs *a runtime*: run npm ci.")

    monkeypatch.setattr(write, "download", fail)
    page = open_page("dcgan", run="dcgan-mnist")
    page.button(key=MAKE).click().run()
    assert [error.value for error in page.error] == [r"It needs \*a runtime\*: run npm ci."]
    page.run()
    assert not page.error
    assert downloads(page) == []
