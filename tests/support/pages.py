"""A page of the app, opened and pressed without a browser."""

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Button

from genmodels.config.families import FAMILIES, VAEConfig
from genmodels.jobs import groups, queue
from genmodels.runs.groups import Kind, new_group
from genmodels.runs.store import Run, Store
from genmodels.storage.paths import PROJECT
from genmodels.ui import session

APP = PROJECT / "streamlit_app.py"
PAGES = APP.parent / "pages"


@cache
def registered_pages() -> dict[str, Any]:
    """What the app declares at its first run, which is of the overview."""
    return AppTest.from_file(str(APP), default_timeout=60).run()._registered_pages


def open_page(name: str, **query: str | list[str]) -> AppTest:
    """A page, with the form that starts a run, or several, open.

    It is opened by its address: a visit to the overview before it would take longer than most pages.
    """
    app = AppTest.from_file(str(APP), default_timeout=60)
    app._registered_pages = registered_pages()
    page = app.switch_page(f"pages/{name}.py")
    for form in (*FAMILIES, "compare"):
        page.session_state[f"{form}:form:open"] = True
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception
    return page


def ended(page: AppTest) -> None:
    """The app's script comes to its end, after that of the page, which is all that runs again here."""
    now = time.monotonic()
    written = page.session_state[session.WRITTEN]
    page.session_state[session.WRITTEN] = {key: replace(each, ended=now) for key, each in written.items()}


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[VAEConfig]:
    """The configs that pages start runs with; no worker is started."""
    configs = []

    def start(store: Store, config: VAEConfig, name: str = "", owner: str = "") -> Run:
        configs.append(config)
        return store.create(config.model_dump(), name, queue.command_line(config), owner)

    def start_group(store: Store, group: Mapping[str, VAEConfig], kind: Kind, owner: str = "") -> list[Run]:
        configs.extend(group.values())
        mark = new_group(kind)
        return [
            store.create(config.model_dump(), name, queue.command_line(config), owner, group=mark)
            for name, config in group.items()
        ]

    monkeypatch.setattr(queue, "start", start)
    monkeypatch.setattr(groups, "start", start_group)
    return configs


def button(page: AppTest, label: str) -> Button:
    return next(button for button in page.button if button.label == label)


def press(page: AppTest, label: str) -> AppTest:
    button(page, label).click()
    page.run()
    assert not page.exception
    return page


def press_again(page: AppTest, label: str, form: str = "vae") -> AppTest:
    """A second press in the ``form`` of a family, which the start has closed, but not for a press on its way."""
    page.session_state[f"{form}:form:open"] = True
    return press(page.run(), label)


def texts(page: AppTest) -> str:
    """What a page says, and what is said where one asks for help on a text."""
    said = [element.value for kind in (page.markdown, page.error, page.warning, page.caption) for element in kind]
    return "\n".join(
        [*said, *(element.help for kind in (page.markdown, page.caption) for element in kind if element.help)]
    )


def numbers(page: AppTest) -> dict[str, str]:
    """The numbers that a page tells in bold, by what stands before each."""
    told = (re.fullmatch(r"(.+) \*\*(.+)\*\*", element.value) for element in page.markdown)
    return {found[1]: found[2] for found in told if found}


def choose_folder(folder: Path) -> AppTest:
    page = open_page("vae")
    page.selectbox(key="vae.dataset").set_value("folder")
    page.run()
    page.text_input(key="vae.folder").set_value(str(folder))
    return press(page.run(), "Check the images")
