"""Several runs as one: started from the form, a line of the table that opens, stopped, resumed and deleted together."""

import json
import os
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints.test_images import Images
from genmodels.config.families import InfoGANConfig, VAEConfig
from genmodels.jobs import queue
from genmodels.runs.groups import new_group
from genmodels.runs.run import LOCK, Run
from genmodels.runs.store import Store
from genmodels.storage.files import lock
from genmodels.ui.models import loading
from tests.support.pages import button, open_page, press, press_again, started, texts
from tests.ui.test_runs_page import create, labels, select
from tests.ui.test_runs_table import names

__all__ = ["started"]  # a fixture


def group(*betas: float, seeds: int = 2, **values: Any) -> list[Run]:
    """Finished runs of some values of beta, each with so many seeds."""
    mark = new_group("sweep")
    runs = []
    for beta in betas:
        for seed in range(seeds):
            run = create(f"beta {beta:g}, seed {seed}", config={"beta": beta, "seed": seed})
            Store().update(run.id, group=mark, **values)
            Store().add_metrics(run.id, 60, 12.0, {"test/neg_elbo": 100.0 + beta + seed})
            runs.append(run)
    return Store().get_many(run.id for run in runs)


@pytest.fixture
def under_way() -> Iterator[list[Run]]:
    """A group of two whose workers live."""
    runs = group(1.0, state="running")
    held = [lock(Store().folder(run.id) / LOCK) for run in runs]
    yield runs
    for one in held:
        assert one is not None
        os.close(one)


def drawn(page: AppTest) -> dict[str, Any]:
    """The curves of the selected runs."""
    return json.loads(next(each for each in page.get("bidi_component") if '"rows"' in each.proto.json).proto.json)


# The form


def test_several_seeds_are_started_as_one_group(started: list[Any]):
    page = open_page("vae")
    page.number_input(key="vae.epochs").set_value(3)
    page.number_input(key="vae:several:seeds").set_value(3).run()
    press(page, "Start 3 runs")
    assert started == [VAEConfig(epochs=3, seed=seed) for seed in range(3)]
    runs = list(reversed(Store().runs()))
    assert len({run.group for run in runs}) == 1
    assert runs[0].group
    assert [run.name for run in runs] == [f"seed {seed}: VAE on mnist-sample" for seed in range(3)]
    assert page.query_params["run"] == runs[0].id
    links = [link.proto.label for link in page.get("page_link")]
    assert "One of 3 runs, 3 seeds: VAE on mnist-sample" in links


def test_values_of_a_setting_are_started_with_every_seed(started: list[Any]):
    page = open_page("vae")
    page.selectbox(key="vae:several:setting").set_value("beta").run()
    assert "Give two values or more." in texts(page)
    assert button(page, "Start training").disabled
    page.text_input(key="vae:several:beta").set_value("1, 4").run()
    page.number_input(key="vae:several:seeds").set_value(2).run()
    press(page, "Start 4 runs")
    assert [(config.beta, config.seed) for config in started] == [(1, 0), (1, 1), (4, 0), (4, 1)]


def test_a_value_that_is_not_allowed_is_told_at_its_field(started: list[Any]):
    page = open_page("vae")
    page.selectbox(key="vae:several:setting").set_value("beta").run()
    page.text_input(key="vae:several:beta").set_value("1, -3").run()
    assert "Beta must be 0 to 100, not '-3'." in texts(page).replace("\\", "")
    assert button(page, "Start training").disabled


def test_choices_are_chosen_and_not_typed(started: list[Any]):
    page = open_page("vae")
    page.selectbox(key="vae:several:setting").set_value("schedule").run()
    page.multiselect(key="vae:several:schedule").set_value(["cosine", "constant"]).run()
    press(page, "Start 2 runs")
    assert [config.schedule for config in started] == ["cosine", "constant"]


def test_a_double_click_starts_one_group(started: list[Any]):
    page = open_page("vae")
    page.number_input(key="vae:several:seeds").set_value(2).run()
    press_again(press(page, "Start 2 runs"), "Start 2 runs")
    assert len(started) == 2


# The table


def test_a_group_is_one_line_with_the_means_of_its_runs_that_opens():
    alone = create("alone")
    runs = group(1.0, 4.0)
    page = open_page("runs")
    title = "Beta 1, 4 × 2 seeds: VAE on mnist-sample (4 runs)"
    assert names(page) == [title, "alone"]
    assert page.dataframe[0].value["negative ELBO, test"].tolist() == [103.0, 101.5]
    page = select(page, *runs)
    press(page, "Open group")
    inside = [name.strip() for name in names(page)[1:-1]]
    assert sorted(inside) == sorted(run.name for run in runs)
    assert names(page)[-1] == alone.name
    press(page, "Close group")
    assert names(page) == [title, "alone"]


def test_a_line_of_a_group_ticks_all_of_its_runs_and_one_of_them_unticks_it(monkeypatch: pytest.MonkeyPatch):
    import streamlit as st

    from genmodels.ui.runs import table

    state: dict[str, Any] = {
        table.SELECTED: [],
        table.SHOWN: ["group", "a", "b", "c"],
        table.MEMBERS: {"group": ["a", "b"]},
    }
    monkeypatch.setattr(st, "session_state", state)
    for rows, expected in (
        ([0], ["a", "b"]),
        ([0, 1, 2, 3], ["a", "b", "c"]),
        ([0, 1, 3], ["a", "c"]),  # b was unticked, and the line of the group still had its tick
        ([1, 3, 0], ["a", "c", "b"]),
        ([1, 2, 3], ["c"]),
    ):
        state[table.TABLE] = {"selection": {"rows": rows, "columns": []}}
        table._note_selection()
        assert state[table.SELECTED] == expected


def test_a_link_names_a_group_in_the_place_of_its_runs():
    runs = group(1.0)
    page = open_page("runs", group=runs[0].group)
    assert page.session_state["runs:selected"] == [run.id for run in runs]
    assert page.query_params["run"] == [run.id for run in runs]
    assert "What this link names is not on this server" in texts(open_page("runs", group="sweep-gone"))


# As one


def test_mean_spread_and_every_single_run_are_told():
    runs = group(1.0, 4.0)
    page = select(open_page("runs"), *runs)
    assert "Beta 1, 4 × 2 seeds: VAE on mnist-sample" in [each.value for each in page.subheader]
    spread = next(
        each.value for each in page.dataframe if "negative ELBO, test" in each.value and "name" not in each.value
    )
    assert spread["negative ELBO, test"].to_dict() == {
        "Beta 1": "101.5 ± 0.71 (2 seeds)",
        "Beta 4": "104.5 ± 0.71 (2 seeds)",
    }
    assert "Chosen without labels: **beta 1, seed 0" in texts(page)
    figure = json.loads(page.get("plotly_chart")[0].proto.spec)
    assert figure["data"][1]["y"] == [101.0, 102.0, 104.0, 105.0]
    assert figure["data"][0]["error_y"]["array"] == pytest.approx([0.7071, 0.7071], abs=1e-3)


def test_curves_of_several_seeds_are_a_band_with_every_run_in_pale():
    runs = group(1.0)
    page = select(open_page("runs"), *runs)
    (panel,) = drawn(page)["panels"]
    looks = [(one["edge"], one["pale"]) for one in panel["series"]]
    assert looks == [("lowest", False), ("highest", False), ("", True), ("", True), ("", False)]
    rows = drawn(page)["rows"]
    assert rows[panel["series"][-1]["name"]] == [[10.0, 12.0], [101.5, 101.5]]
    page.toggle(key="overlay:seeds").set_value(False).run()
    assert [one["label"] for one in drawn(page)["panels"][0]["series"]] == [run.name for run in runs]


def test_all_are_stopped_as_one(under_way: list[Run]):
    page = select(open_page("runs"), *under_way)
    press(page, "Stop all 2")
    assert [run.stop_requested for run in Store().runs()] == [True, True]
    assert "Stopping…" in labels(page)


def test_all_are_resumed_and_deleted_as_one(monkeypatch: pytest.MonkeyPatch):
    runs = group(1.0, state="stopped")
    resumed: list[str] = []

    def launch(store: Store, run: Run, held: int) -> None:
        os.close(held)
        resumed.append(run.id)

    monkeypatch.setattr(queue, "launch", launch)
    page = select(open_page("runs"), *runs)
    press(page, "Resume 2")
    assert sorted(resumed) == sorted(run.id for run in runs)
    press(press(page, "Delete these 2 runs"), "Delete")
    assert Store().runs() == []


def test_who_may_not_resume_is_told_why(monkeypatch: pytest.MonkeyPatch):
    runs = group(1.0, state="stopped")
    monkeypatch.setenv("GENMODELS_LONGEST_QUEUE", "1")
    page = press(select(open_page("runs"), *runs), "Resume 2")
    assert "room for 1 of these 2 runs" in texts(page)
    assert [run.state for run in Store().runs()] == ["stopped", "stopped"]


def test_of_infogans_the_medoid_stands_beside_the_choice_by_labels(monkeypatch: pytest.MonkeyPatch):
    mark, rng = new_group("sweep"), np.random.default_rng(0)
    labels = rng.integers(0, 4, 200)
    read = {0: rng.integers(0, 4, 200), 1: np.where(rng.random(200) < 0.3, 0, labels), 2: (labels + 1) % 4}
    for seed in read:
        Store().create(InfoGANConfig(seed=seed, categories=4).model_dump(), f"seed {seed}", group=mark)
        Store().update(Store().runs()[0].id, state="finished")
    images = Images(np.zeros((200, 1, 28, 28), np.uint8), labels, tuple("abcd"))
    monkeypatch.setattr("genmodels.ui.runs.medoid.held_out", lambda run: images)
    monkeypatch.setattr(loading, "step", lambda run, kind="": 1)
    monkeypatch.setattr(loading, "read_codes", lambda run, images: (np.eye(4)[read[run.config["seed"]]], None))
    page = select(open_page("runs"), *reversed(Store().runs()))
    page.toggle(key="medoid:asked").set_value(True).run()
    assert not page.exception
    table = next(each.value for each in page.dataframe if "code accuracy" in each.value)
    assert table["code accuracy"].tolist()[2] == 1.0
    assert table["agreement with the others"].idxmin() == 0
    assert "By labels: **seed 2**, code accuracy **1.000**" in texts(page)
    assert "The medoid, without labels: **seed" in texts(page)
