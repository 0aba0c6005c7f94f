"""Objectives that are compared, on the page of the DCGAN."""

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import DCGANConfig
from genmodels.runs.groups import groups, new_group
from genmodels.runs.store import Store
from tests.support.pages import press, started, texts
from tests.support.pretrained import ship
from tests.ui.test_dcgan_page import TINY, open_tab

__all__ = ["started"]  # a fixture


def start(page: AppTest, objectives: list[str], **numbers: int) -> None:
    """Fill the form, its number fields by what their keys end in, and press Compare."""
    page.multiselect(key="compare:objectives").set_value(objectives)
    for field, value in numbers.items():
        page.number_input(key=f"compare:{field}").set_value(value)
    press(page, "Compare")


def test_a_comparison_starts_one_run_an_objective_with_one_seed_and_budget(started: list[Any]):
    page = open_tab("Compare objectives")
    start(page, ["hinge", "wasserstein-gp"], epochs=2, seed=7)
    assert started == [
        DCGANConfig(objective=objective, epochs=2, seed=7, width=32) for objective in ("hinge", "wasserstein-gp")
    ]
    names = [run.name for run in reversed(Store().runs())]
    assert [name.partition(": ")[0] for name in names] == ["hinge", "wasserstein-gp"]  # what differs, before any cut
    (group,) = groups(Store().runs(), "objectives")
    assert page.selectbox(key="compare:chosen").value == group.key
    (title,) = {name.partition(": ")[2] for name in names}
    assert title == "Comparison 1"
    assert page.selectbox(key="compare:chosen").options[0].startswith("Comparison 1, ")
    table = page.dataframe[0].value
    assert table["objective"].tolist() == ["Hinge", "Wasserstein, gradient penalty"]


def test_what_has_not_trained_yet_has_no_chart(started: list[Any]):
    page = open_tab("Compare objectives")
    start(page, ["hinge", "wasserstein-gp"], epochs=2)
    one, _other = Store().runs()

    def charts() -> int:
        return sum('"rows"' in each.proto.json and '"Losses"' in each.proto.json for each in page.get("bidi_component"))

    assert charts() == 0
    Store().add_metrics(one.id, 5, 0.5, {"train/d_loss": 1.0})
    page.run()
    assert charts() == 1


def test_the_pretrained_models_are_compared_where_there_are_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, fid in (("one", 10.0), ("two", 20.0)):
        folder = ship(tmp_path / f"{name}: {name} objective", TINY, {"fid": fid, "samples": 5000}, previews=2)
        folder.rename(tmp_path / name)
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", tmp_path)
    page = open_tab("Compare objectives")
    assert page.selectbox(key="compare:chosen").value == "The pretrained models"
    assert page.table[0].value.loc["FID"].to_dict() == {
        "ONE OBJECTIVE": "10.0",
        "TWO OBJECTIVE": "20.0",
        "real images": "",
        "noise": "",
    }
    assert "Of 5,000 samples of each" in texts(page)
    assert "FID **10.0**" in texts(page)


def test_before_a_start_it_says_how_many_runs_there_will_be_and_how_large_their_networks_are():
    said = texts(open_tab("Compare objectives"))
    assert "3 runs as one group, one after another on a device." in said
    assert "weights, 3 layers" in said


def test_a_comparison_of_nothing_is_refused(started: list[Any]):
    page = open_tab("Compare objectives")
    page.multiselect(key="compare:objectives").set_value([])
    press(page, "Compare")
    assert [error.value for error in page.error] == ["Nothing to compare: tick an objective or two."]
    assert started == []


def test_a_double_click_on_compare_starts_each_objective_once(started: list[Any]):
    page = press(open_tab("Compare objectives"), "Compare")
    assert "Compare" not in [button.label for button in page.button], "the results are pushed down by the form"
    page = press(press(page, "New comparison"), "Compare")
    assert [config.objective for config in started] == ["minimax", "non-saturating", "least-squares"]
    (group,) = groups(Store().runs())
    assert page.selectbox(key="compare:chosen").value == group.key
    press(press(page, "New comparison"), "Compare")  # a third click, as long as they follow each other
    assert len(started) == 3


def test_what_a_run_is_called_neither_brings_it_into_a_comparison_nor_takes_it_out():
    mark = new_group("objectives")
    runs = [Store().create(DCGANConfig(objective=name).model_dump(), group=mark) for name in ("minimax", "hinge")]
    Store().describe(runs[1].id, name="My best one")
    Store().create(DCGANConfig().model_dump(), "Comparison 01 Nov 10.00.00: alone")
    page = open_tab("Compare objectives")
    assert page.selectbox(key="compare:chosen").value == mark
    assert page.dataframe[0].value["objective"].tolist() == ["Minimax (saturating)", "Hinge"]


def test_two_comparisons_of_one_second_are_two(started: list[Any]):
    marks = [new_group("objectives") for _ in range(2)]
    for mark in marks:
        Store().update(Store().create(TINY.model_dump(), group=mark).id, created=1e9)
    page = open_tab("Compare objectives")
    shown = page.selectbox(key="compare:chosen").options
    assert len({*shown[:2]}) == 2
    assert all(mark.rpartition("-")[2] in "".join(shown[:2]) for mark in marks)


def test_a_comparison_takes_several_seeds_and_tells_mean_spread_and_every_run(started: list[Any]):
    page = open_tab("Compare objectives")
    start(page, ["minimax", "hinge"], seed=3, seeds=2)
    assert [(config.objective, config.seed) for config in started] == [
        ("minimax", 3),
        ("minimax", 4),
        ("hinge", 3),
        ("hinge", 4),
    ]
    store = Store()
    for place, run in enumerate(reversed(store.runs())):
        store.add_metrics(
            run.id, 8, 1.0, {"score/fid": 100.0 + place, "train/d_loss": 1.0, "train/g_loss": 2.0 + place}
        )
    page.run()
    spread, single = (each.value for each in page.dataframe[:2])
    assert spread["FID of 256 samples"].to_dict() == {
        "Minimax (saturating)": "100.5 ± 0.71 (2 seeds)",
        "Hinge": "102.5 ± 0.71 (2 seeds)",
    }
    assert single["FID of 256 samples"].tolist() == [100.0, 101.0, 102.0, 103.0]
    assert single["seed"].tolist() == [3, 4, 3, 4]
    assert "FID **100.5 ± 0.7** :small[2 seeds]" in texts(page)


def test_seeds_beyond_the_largest_are_refused_in_one_sentence(started: list[Any]):
    page = open_tab("Compare objectives")
    page.number_input(key="compare:seed").set_value(2**31 - 1)
    page.number_input(key="compare:seeds").set_value(2)
    press(page, "Compare")
    assert [error.value.startswith("seed must be 0 to") for error in page.error] == [True]
    assert started == []
