"""The page of all runs, without a browser."""

import json
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import VAEConfig
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.runs.store import Run, Store
from genmodels.ui.runs.filters import Filter
from genmodels.ui.training import run_panel
from tests.support.archives import a_run, zipped
from tests.support.pages import open_page, press, texts


def create(name: str = "", **values: Any) -> Run:
    """A run that is there to be looked at."""
    store = Store()
    run = store.create(VAEConfig().model_dump() | values.pop("config", {}), name)
    store.update(
        run.id, **{"state": "finished", "step": 50, "total_steps": 100, "epoch": 10.0, "seconds": 90.0} | values
    )
    store.add_metrics(run.id, 50, 10.0, {"test/neg_elbo": 101.5, "train/neg_elbo": 99.5})
    found = store.get(run.id)
    assert found is not None
    return found


def select(page: AppTest, *runs: Run) -> AppTest:
    """As if the rows of these runs were ticked, which AppTest cannot do."""
    page.session_state["runs:selected"] = [run.id for run in runs]
    page.session_state["runs:shown"] = None
    page.run()
    assert not page.exception
    return page


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_an_empty_home_says_what_to_do_next():
    page = open_page("runs")
    assert "train a first one in Part 1" in page.info[0].value


def test_an_empty_home_shows_how_the_pretrained_models_were_trained():
    page = open_page("runs")
    table = page.dataframe[0].value
    assert {"vae-mnist", "dcgan-mnist", "classifier-mnist"} <= {*table["name"]}
    (chart,) = (each for each in page.get("bidi_component") if '"rows"' in each.proto.json)
    assert "vae-mnist/test/neg_elbo" in json.loads(chart.proto.json)["rows"]


def test_all_runs_are_listed_pinned_ones_first_then_the_newest():
    runs = [create("first"), create("second", pinned=True, note="keep this"), create("third", state="stopped")]
    table = open_page("runs").dataframe[0].value
    assert table["name"].tolist() == ["second", "third", "first"]
    row = table.iloc[0].to_dict()
    assert row["started"].timestamp() == pytest.approx(runs[1].created, abs=1)
    shown = {
        name: row[name] for name in ("pinned", "state", "progress", "negative ELBO, test", "family", "data", "trained")
    }
    assert shown == {
        "pinned": "★",
        "state": ["finished"],
        "progress": 50,
        "negative ELBO, test": 101.5,
        "family": "VAE",
        "data": "mnist-sample",
        "trained": 1.5,
    }
    assert (row["note"], table["state"].tolist()[1]) == ("keep this", ["stopped"])


def test_runs_are_found_by_name_note_and_id_and_by_family_and_state():
    one = create("Wide", note="blurred")
    other = create("Narrow", state="failed")
    page = open_page("runs")
    for text, expected in (
        ("wide", ["Wide"]),
        ("BLUR", ["Wide"]),
        (other.id[-8:], ["Narrow"]),
        ("", ["Narrow", "Wide"]),
    ):
        page.text_input(key="runs:text").set_value(text)
        assert page.run().dataframe[0].value["name"].tolist() == expected
    page.multiselect(key="runs:state").set_value(["failed"])
    assert page.run().dataframe[0].value["name"].tolist() == ["Narrow"]
    page.text_input(key="runs:text").set_value("wide")
    page.run()
    assert not page.dataframe
    assert "No run fits" in texts(page)
    assert Filter(family="vae").fits(one)
    assert not Filter(family="dcgan").fits(one)


def test_the_table_tells_the_health_of_each_run():
    create("collapsed", health="collapse, frozen")
    create("old")
    page = open_page("runs")
    frame = page.dataframe[0].value
    assert dict(zip(frame["name"], frame["health"], strict=True)) == {"collapsed": "collapse, frozen", "old": ""}


def test_a_selected_run_that_a_filter_hides_stays_selected():
    one = create("Wide")
    create("Narrow")
    page = select(open_page("runs"), one)
    assert page.subheader[0].value.startswith("Wide")
    page.text_input(key="runs:text").set_value("narrow")
    assert page.run().dataframe[0].value["name"].tolist() == ["Narrow"]
    assert page.subheader[0].value.startswith("Wide")
    assert page.session_state["runs:selected"] == [one.id]
    assert "1 selected, 1 of them hidden by the search or a filter" in texts(page)
    press(page, "Select none")
    assert not page.subheader


def test_runs_of_a_family_that_this_version_does_not_know_are_listed_and_can_be_deleted():
    known, unknown = create(), create("From the future", config={"family": "diffusion"})
    page = open_page("runs")
    assert page.dataframe[0].value["family"].tolist() == ["DIFFUSION", "VAE"]
    assert any("does not know the family diffusion" in info.value for info in select(page, unknown).info)
    assert "Delete" in labels(page)
    assert "negative ELBO" in str(select(page, known, unknown).multiselect(key="overlay:curves").options)


def test_a_name_and_a_note_are_kept():
    run = create("Old")
    page = select(open_page("runs"), run)
    page.text_input(key=f"{run.id}:name").set_value("  New ")
    page.run()
    page.text_area(key=f"{run.id}:note").set_value("It was too wide.")
    page.run()
    assert page.dataframe[0].value[["name", "note"]].values.tolist() == [["New", "It was too wide."]]
    Store().path.unlink()
    found = Store().get(run.id)
    assert found is not None
    assert (found.name, found.note) == ("New", "It was too wide.")


def test_an_empty_name_is_not_taken():
    run = create("Old")
    page = select(open_page("runs"), run)
    page.text_input(key=f"{run.id}:name").set_value("   ")
    page.run()
    assert page.text_input(key=f"{run.id}:name").value == "Old"
    assert Store().runs() == [run]


def test_a_run_is_pinned_and_stays_selected():
    run, other = create("one"), create("other")
    page = press(select(open_page("runs"), run), "Pin")
    assert page.dataframe[0].value["name"].tolist() == ["one", "other"]
    assert page.session_state["runs:selected"] == [run.id]
    press(page, "Unpin")
    assert [found.pinned for found in Store().runs()] == [False, False]
    assert page.dataframe[0].value["name"].tolist() == ["other", "one"]
    assert Store().get(other.id) == other


def test_a_run_that_was_stopped_is_resumed_and_a_refusal_is_shown(monkeypatch: pytest.MonkeyPatch):
    run = create(state="stopped")

    def refuse(store: Store, run_id: str, epochs: float) -> Run:
        raise queue.JobError(f"No, not {run_id}.")

    monkeypatch.setattr(queue, "resume", refuse)
    page = press(select(open_page("runs"), run), "Resume")
    assert page.error[0].value == f"No, not {run.id}."


def test_a_run_under_way_can_be_stopped_and_cannot_be_deleted(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "mark_interrupted", lambda store: None)
    run = create(state="running")
    page = select(open_page("runs"), run)
    (delete,) = (button for button in page.button if button.label == "Delete")
    assert delete.disabled
    assert "Stop" in labels(page)


def test_a_worker_that_has_died_shows_as_interrupted():
    create(state="running", pid=2**22)
    assert open_page("runs").dataframe[0].value["state"].tolist() == [["interrupted"]]


def test_deleting_asks_first():
    run, other = create("this one"), create("other")
    page = press(select(open_page("runs"), run), "Delete")
    assert "this one" in texts(page)
    assert len(Store().runs()) == 2
    page.button(key="runs:keep").click().run()
    assert len(Store().runs()) == 2
    press(page, "Delete")
    page.button(key="runs:sure").click().run()
    assert not page.exception
    assert Store().runs() == [other]
    assert page.dataframe[0].value["name"].tolist() == ["other"]
    assert page.session_state["runs:selected"] == []


def test_a_run_that_was_resumed_while_the_question_stood_is_not_deleted(monkeypatch: pytest.MonkeyPatch):
    run = create("this one")

    def refuse(store: Store, run_id: str) -> None:
        raise UserError("It is under way.")

    monkeypatch.setattr(queue, "delete", refuse)
    page = press(select(open_page("runs"), run), "Delete")
    page.button(key="runs:sure").click().run()
    assert "It is under way." in texts(page)
    assert Store().runs() == [run]


def upload(page: AppTest, name: str, data: bytes) -> AppTest:
    page.file_uploader[0].upload(name, data, "application/zip")
    page.run()
    assert not page.exception
    return page


def test_an_imported_run_is_there_and_selected_whatever_was_searched_for(tmp_path: Path):
    elsewhere = Store(tmp_path / "elsewhere")
    run = a_run(elsewhere)
    create("here before")
    page = open_page("runs")
    page.text_input(key="runs:text").set_value("before")
    upload(page.run(), "run.zip", zipped(elsewhere, run))
    assert page.session_state["runs:selected"] == [run.id]
    assert page.subheader[0].value.startswith("A name with ü")
    assert Store().get(run.id) == run


def test_a_zip_that_is_refused_says_why_and_the_next_one_is_taken(tmp_path: Path):
    elsewhere = Store(tmp_path / "elsewhere")
    run = a_run(elsewhere)
    data = zipped(elsewhere, run)
    page = upload(open_page("runs"), "half.zip", data[:1000])
    assert page.error[0].value.startswith("half.zip: This file is not a zip, or it is cut short")
    assert Store().runs() == []
    upload(page, "whole.zip", data)
    assert not page.error
    assert Store().runs() == [run]
    upload(page, "whole.zip", data)
    assert "here already" in page.error[0].value


def test_an_imported_run_shows_all_it_has_on_its_page_without_its_data(
    tmp_path: Path, no_network: None, monkeypatch: pytest.MonkeyPatch
):
    drawn: list[int] = []
    monkeypatch.setattr(run_panel, "live_curves", lambda panels, rows, **options: drawn.append(len(rows)))
    elsewhere = Store(tmp_path / "elsewhere")
    run = a_run(elsewhere, dataset="mnist")
    upload(open_page("runs"), "run.zip", zipped(elsewhere, run))
    page = open_page("vae", run=run.id)
    assert page.selectbox(key="vae:choice").value == run.id
    assert set(drawn) == {10}
    assert not page.error
