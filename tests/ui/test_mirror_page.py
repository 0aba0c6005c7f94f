"""What the page of all runs says of the mirror."""

import pytest
import streamlit

from genmodels.jobs import hub_mirror
from genmodels.jobs.hub_mirror import Mirror
from genmodels.runs.store import Store
from tests.support.archives import a_run
from tests.support.hub import REPOSITORY, TOKEN, Hub
from tests.support.pages import open_page, press, texts
from tests.ui.test_runs_page import select


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def kept(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """The mirror that the server keeps, without its thread."""
    monkeypatch.setenv("GENMODELS_MIRROR", REPOSITORY)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    kept = Mirror(Store(), REPOSITORY, hub.api)
    monkeypatch.setattr(hub_mirror, "start", lambda store: kept)
    return kept


def test_the_page_tells_what_the_mirror_does_and_what_is_in_the_way(kept: Mirror, monkeypatch: pytest.MonkeyPatch):
    page = open_page("runs")
    assert any("being brought back" in info.value for info in page.info)
    kept.look()
    assert f"copied to {REPOSITORY}" in texts(page.run())
    assert not page.warning
    kept.trouble = "The Hub is away."
    kept.refused = {"vae-1.zip": "It is damaged."}
    page.run()
    assert "not being mirrored. The Hub is away." in page.warning[0].value
    assert page.warning[1].value == "vae-1.zip in the mirror was not brought back. It is damaged."
    assert TOKEN not in texts(page)


def test_the_mirror_may_refuse_more_while_the_page_tells_of_it(kept: Mirror, monkeypatch: pytest.MonkeyPatch):
    def said_meanwhile(text: str, **options: object) -> None:
        told.append(text)
        kept.refused[f"vae-{len(kept.refused) + 1}.zip"] = "It is damaged."

    told: list[str] = []
    kept.refused = {"vae-1.zip": "It is damaged."}
    monkeypatch.setattr(streamlit, "warning", said_meanwhile)
    assert not open_page("runs").exception
    assert told == ["vae-1.zip in the mirror was not brought back. It is damaged."]


def test_deleting_a_run_says_that_its_copy_goes_too_and_does_so(kept: Mirror, hub: Hub):
    run = a_run(Store())
    kept.look()
    assert f"{run.id}.zip" in hub.files
    page = press(select(open_page("runs"), run), "Delete")
    assert f"and the copy in {REPOSITORY}" in texts(page)
    page.button(key="runs:sure").click()
    page.run()
    assert Store().runs() == []
    kept.look()
    assert f"{run.id}.zip" not in hub.files
