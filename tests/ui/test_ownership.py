"""Visitors of a public server change what they have started; an operator changes all; at home everybody does."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import VAEConfig
from genmodels.jobs import queue
from genmodels.jobs.policy import Visitor, policy
from genmodels.runs.ownership import mark
from genmodels.runs.run import LOCK
from genmodels.runs.store import Run, Store
from genmodels.storage.files import lock
from genmodels.storage.paths import PROJECT
from genmodels.ui.access import commands
from tests.support.archives import a_run, contents, zipped
from tests.support.pages import button, open_page, press, started, texts
from tests.ui.test_runs_page import create, labels, select, upload

__all__ = ["started"]  # a fixture

ANNA, BEN = "a" * 64, "b" * 64  # tokens of browsers


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server where one is named."""
    monkeypatch.setenv("GENMODELS_OPERATOR_PASSWORD", "boss")


def visit(name: str, token: str, **query: str) -> AppTest:
    """The page in a browser that has told its token, which AppTest's cannot."""
    page = open_page(name, **query)
    page.session_state["browser:token"] = token
    page.run()
    assert not page.exception
    return page


def run_of(token: str, **values: Any) -> Run:
    owner = mark(Store().root, f"browser {token}")
    return create("somebody's", **{"state": "stopped", "owner": owner} | values)


def fields(page: AppTest, run: Run) -> list[bool]:
    """Whether each thing that changes a run is disabled."""
    found = [button(page, label).disabled for label in ("Resume", "Pin", "Delete")]
    return [
        *found,
        page.text_input(key=f"{run.id}:name").disabled,
        page.text_area(key=f"{run.id}:note").disabled,
    ]


@pytest.mark.usefixtures("operator")
def test_a_run_is_of_the_browser_that_started_it_and_nobody_sees_whose(started: list[VAEConfig]):
    press(visit("vae", ANNA), "Start training")
    (run,) = Store().runs()
    assert run.owner == mark(Store().root, f"browser {ANNA}")
    assert ANNA not in Store().path.read_bytes().decode("latin-1")
    page = visit("vae", BEN, run=run.id)
    assert run.owner not in str(page.main)


@pytest.mark.usefixtures("operator")
def test_a_page_opens_with_the_visitors_own_run_or_a_pretrained_model_and_not_with_somebody_elses_training():
    store = Store()
    run = run_of(ANNA)
    held = lock(store.folder(run.id) / LOCK)
    assert held is not None
    store.update(run.id, state="running")
    assert visit("vae", ANNA).selectbox(key="vae:choice").value == run.id
    assert visit("vae", BEN).selectbox(key="vae:choice").value == "vae-mnist"
    os.close(held)


@pytest.mark.usefixtures("operator")
def test_who_started_a_run_may_change_it_and_others_are_told_why_not():
    run = run_of(ANNA)
    assert fields(select(visit("runs", ANNA), run), run) == [False] * 5
    page = select(visit("runs", BEN), run)
    assert fields(page, run) == [True] * 5
    assert button(page, "Resume").help.startswith("Somebody else has started this run")
    page = visit("vae", BEN, run=run.id)
    assert button(page, "Resume").disabled


@pytest.mark.usefixtures("operator")
def test_nobody_but_the_operator_changes_a_run_from_the_command_line():
    run = create("of the command line", state="stopped")
    assert fields(select(visit("runs", ANNA), run), run) == [True] * 5


@pytest.mark.usefixtures("operator")
def test_several_runs_are_deleted_together_by_their_owner_alone():
    one, other = run_of(ANNA), run_of(BEN)
    assert button(select(visit("runs", ANNA), one, other), "Delete these 2 runs").disabled
    assert not button(select(visit("runs", BEN), other), "Delete").disabled


@pytest.mark.usefixtures("operator")
def test_the_operators_password_gives_all_rights_to_this_visitor():
    run = run_of(ANNA)
    page = select(visit("runs", BEN), run)
    page.text_input(key="permission:operator").set_value("guess")
    assert "not the operator's password" in texts(page.run())
    assert fields(page, run) == [True] * 5
    page.text_input(key="permission:operator").set_value("boss")
    assert fields(page.run(), run) == [False] * 5
    assert fields(select(visit("runs", BEN), run), run) == [True] * 5


def test_an_operator_trains_where_nobody_does(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    monkeypatch.setenv("GENMODELS_OPERATOR_PASSWORD", "boss")
    page = open_page("vae")
    assert "Start training" not in labels(page)
    page.session_state["permission:operates"] = True
    assert "Start training" in labels(page.run())


@pytest.mark.usefixtures("operator")
def test_a_browser_that_has_told_no_token_starts_nothing():
    page = open_page("vae")
    assert "Start training" not in labels(page)
    assert "This server tells visitors apart" in texts(page)


@pytest.mark.parametrize("train", ["anyone", "password"])
def test_without_an_operator_everybody_who_may_train_changes_everything(train: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", train)
    monkeypatch.setenv("GENMODELS_PASSWORD", "secret")
    run = run_of(ANNA)
    page = open_page("runs")
    page.session_state["permission:opened"] = True
    assert fields(select(page, run), run) == [False] * 5
    assert "permission:operator" not in [field.key for field in page.text_input]


def act(what: str, run: str, path: str) -> None:
    """A page that does at once what a visitor may not: as a late press on a page that was drawn when they might."""
    import streamlit as st

    from genmodels.config.families import VAEConfig
    from genmodels.errors import UserError
    from genmodels.ui.access import commands

    st.session_state["browser:token"] = "b" * 64
    try:
        if what == "start":
            commands.start(VAEConfig())
        elif what == "import_run":
            with open(path, "rb") as file:
                commands.import_run(file)
        elif what == "delete":
            commands.delete([run])
        elif what == "describe":
            commands.describe(run, pinned=True, name="mine", note="mine")
        else:
            getattr(commands, what)(run)
    except UserError as error:
        st.error(str(error))


@pytest.mark.parametrize("what", ["stop", "resume", "delete", "describe"])
@pytest.mark.usefixtures("operator")
def test_the_deed_itself_is_refused_not_only_its_button(what: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "mark_interrupted", lambda store: None)
    run = run_of(ANNA, state="running" if what == "stop" else "stopped")
    page = AppTest.from_function(act, args=(what, run.id, "")).run()
    assert [error.value for error in page.error] == [
        "Somebody else has started this run: only they and the operator of this server may change it."
    ]
    assert Store().get(run.id) == run


@pytest.mark.parametrize("what", ["start", "import_run"])
def test_who_may_not_train_starts_and_imports_nothing(what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    elsewhere = Store(tmp_path / "elsewhere")
    file = tmp_path / "run.zip"
    file.write_bytes(zipped(elsewhere, a_run(elsewhere)))
    page = AppTest.from_function(act, args=(what, "", str(file))).run()
    assert [error.value for error in page.error] == ["This server does not let you train: its pages say who may."]
    assert Store().runs() == []


@pytest.mark.usefixtures("operator")
def test_a_name_that_is_typed_on_an_old_page_is_not_taken(monkeypatch: pytest.MonkeyPatch):
    run = run_of(ANNA)
    page = select(visit("runs", ANNA), run)
    Store().update(run.id, owner="another's")
    page.text_input(key=f"{run.id}:name").set_value("New")
    assert "Not changed: Somebody else has started this run" in texts(page.run())
    assert Store().runs()[0].name == "somebody's"


def test_pages_change_runs_by_no_other_way():
    """So that none forgets to ask."""
    changing = (
        "queue.start(",
        "queue.stop(",
        "queue.resume(",
        "queue.delete(",
        "groups.start(",
        "groups.stop(",
        "groups.resume(",
        "groups.delete(",
        ".describe(",
        ".delete(",
        "archive import unpack",
    )
    paths = [*(PROJECT / "genmodels" / "ui").rglob("*.py"), *(PROJECT / "pages").glob("*.py")]
    assert len(paths) > 50
    for path in paths:
        text = path.read_text(encoding="utf-8").replace("commands.describe(", "").replace("commands.delete(", "")
        assert path == Path(commands.__file__) or not [name for name in changing if name in text], path.name


@pytest.mark.usefixtures("operator")
def test_an_imported_run_is_of_who_imported_it_whatever_the_zip_says(tmp_path: Path):
    elsewhere = Store(tmp_path / "elsewhere")
    run = a_run(elsewhere, owner=mark(Store().root, f"browser {BEN}"))
    upload(visit("runs", ANNA), "run.zip", zipped(elsewhere, run))
    (arrived,) = Store().runs()
    assert arrived.owner == mark(Store().root, f"browser {ANNA}")


def test_an_owner_is_in_no_zip_but_comes_back_with_a_lost_store():
    store = Store()
    run = run_of(ANNA)
    store.save_copy(run.id)
    files = contents(zipped(store, run))
    assert all(run.owner.encode() not in data for data in files.values())
    assert "owner" not in json.loads(files[f"{run.id}/run.json"])
    store.path.unlink()
    found = Store().get(run.id)
    assert found is not None
    assert found.owner == run.owner


def test_a_mark_is_always_the_same_and_differs_from_server_to_server(tmp_path: Path):
    here, there = tmp_path / "here", tmp_path / "there"
    assert mark(here, "anna@example.org") == mark(here, "anna@example.org")
    assert len({mark(here, "anna@example.org"), mark(here, "ben@example.org"), mark(there, "anna@example.org")}) == 3


def test_runs_under_way_count_for_their_own_visitor(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_RUNS_PER_VISITOR", "1")
    monkeypatch.setattr(queue, "mark_interrupted", lambda store: None)
    monkeypatch.setattr(queue, "_spawn", lambda *arguments: None)
    run_of(ANNA, state="running")
    assert "at most 1 of a visitor's runs" in press(visit("vae", ANNA), "Start training").error[0].value
    assert not press(visit("vae", BEN), "Start training").error


def test_an_operator_changes_what_a_visitor_may_not():
    rules = policy({"GENMODELS_OPERATOR_PASSWORD": "boss"})
    run = Run("vae-1", "", {}, owner="anna")
    assert rules.refusal(Visitor("anna"), run) is None
    assert rules.refusal(Visitor("ben", operator=True), run) is None
    for other in (Visitor("ben"), Visitor(""), Visitor("anna", trains=False)):
        assert rules.refusal(other, run)
    assert rules.refusal(Visitor(""), Run("vae-1", "", {})), "nobody in particular owns nothing"
