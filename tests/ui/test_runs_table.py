"""The table of all runs: its columns, its order, its selection, and tags, without a browser."""

import json
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.runs.groups import new_group
from genmodels.runs.run import MOST_TAGS, Run
from genmodels.runs.store import Store
from genmodels.ui.runs import columns, table
from tests.support.pages import open_page, press, texts
from tests.ui.test_runs_page import create, select

TAGS = "runs:tags"


def names(page: AppTest) -> list[str]:
    return page.dataframe[0].value["name"].tolist()


def ticked(page: AppTest) -> list[str]:
    """The names of the runs whose rows the browser is to tick."""
    rows = page.session_state["runs:rows"]["selection"]["rows"]
    return [names(page)[row] for row in rows]


def tags_of(run: Run) -> list[str]:
    found = Store().get(run.id)
    assert found is not None
    return found.tags


def test_a_selected_run_stays_ticked_wherever_its_row_goes():
    old, other = create("old"), create("other")
    page = select(open_page("runs"), old)
    assert ticked(page) == ["old"]
    create("newer")
    assert ticked(page.run()) == ["old"]
    press(page, "Pin")
    assert names(page) == ["old", "newer", "other"]
    assert ticked(page) == ["old"]
    page.text_input(key="runs:text").set_value(other.id)
    assert ticked(page.run()) == []
    page.text_input(key="runs:text").set_value("")
    assert ticked(page.run()) == ["old"]


def test_what_is_ticked_and_unticked_leaves_alone_what_a_filter_hides(monkeypatch: pytest.MonkeyPatch):
    state: dict[str, Any] = {table.SELECTED: ["hidden", "a"], table.SHOWN: ["a", "b", "c"]}
    monkeypatch.setattr(st, "session_state", state)
    for rows, expected in (([0, 2], ["hidden", "a", "c"]), ([1, 2], ["hidden", "c", "b"]), ([], ["hidden"])):
        state[table.TABLE] = {"selection": {"rows": rows, "columns": []}}
        table._note_selection()
        assert state[table.SELECTED] == expected


def test_a_click_on_a_header_sorts_from_the_least_then_from_the_greatest_then_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
):
    state: dict[str, Any] = {}
    monkeypatch.setattr(st, "session_state", state)
    for selected, expected in (
        (["name"], ("name", False)),
        ([], ("name", True)),  # the browser takes the second click on the same header for "no column"
        ([], ("name", True)),  # rows were ticked
        (["name"], None),
        (["trained"], ("trained", False)),
        (["name"], ("name", False)),
    ):
        columns.sort_by_header(selected)
        assert state[columns.SORTED] == expected


def test_the_table_is_sorted_by_numbers_words_and_tags_with_nothing_last():
    Store().describe(create("b", seconds=90.0).id, tags=["x"])
    create("C", seconds=30.0)
    Store().describe(create("a", seconds=60.0).id, tags=["A"])
    page = open_page("runs")
    for column, expected in (("name", ["a", "b", "C"]), ("trained", ["C", "a", "b"]), ("tags", ["C", "a", "b"])):
        page.session_state["runs:sorted"] = (column, False)
        assert names(page.run()) == expected
        page.session_state["runs:sorted"] = (column, True)
        assert names(page.run()) == expected[::-1]
    create("no loss")
    Store().drop_metrics_after(Store().runs()[0].id, 0)
    for greatest_first in (False, True):
        page.session_state["runs:sorted"] = ("negative ELBO, test", greatest_first)
        assert names(page.run())[-1] == "no loss"


def test_settings_and_curves_can_be_columns():
    create("wide", config={"latent_dim": 7})
    page = open_page("runs")
    chosen = page.multiselect(key="runs:columns")
    assert "negative ELBO, test" in chosen.value
    assert "Latent size (dimensions)" in chosen.options
    chosen.set_value(["name", "Latent size (dimensions)", "negative ELBO, train", "id"])
    frame = page.run().dataframe[0].value
    assert frame.iloc[0].tolist() == ["wide", 7, 99.5, Store().runs()[0].id]
    assert list(page.run().dataframe[0].value) == list(frame)
    page.multiselect(key="runs:columns").set_value([])
    assert list(page.run().dataframe[0].value) == ["name"]


def test_a_tag_of_a_run_is_kept_shown_and_found():
    run, other = create("one"), create("other")
    page = select(open_page("runs"), run)
    page.multiselect(key=TAGS).set_value(["<b>seed</b> study"]).run()
    assert tags_of(run) == ["<b>seed</b> study"]
    assert tags_of(other) == []
    assert [list(tags) for tags in page.dataframe[0].value["tags"]] == [[], ["<b>seed</b> study"]]
    page.multiselect(key="runs:tag").set_value(["<b>seed</b> study"])
    assert names(page.run()) == ["one"]
    page.multiselect(key="runs:tag").set_value([])
    page.text_input(key="runs:text").set_value("SEED")
    assert names(page.run()) == ["one"]


def test_a_tag_of_several_runs_is_added_to_each_and_taken_from_each():
    one, other = create("one"), create("other")
    Store().describe(one.id, tags=["own", "both"])
    Store().describe(other.id, tags=["both"])
    page = select(open_page("runs"), one, other)
    assert page.multiselect(key=TAGS).value == ["both"]
    page.multiselect(key=TAGS).set_value(["both", "new"]).run()
    assert (tags_of(one), tags_of(other)) == (["both", "new", "own"], ["both", "new"])
    page.multiselect(key=TAGS).set_value(["new"]).run()
    assert (tags_of(one), tags_of(other)) == (["new", "own"], ["new"])


def test_a_tag_too_many_is_refused_and_none_is_lost():
    one, other = create("one"), create("other")
    full = [f"{number:02}" for number in range(MOST_TAGS)]
    Store().describe(one.id, tags=full)
    page = select(open_page("runs"), one, other)
    page.multiselect(key=TAGS).set_value(["one more"]).run()
    assert f"a run has at most {MOST_TAGS} tags" in texts(page)
    assert (tags_of(one), tags_of(other)) == (full, [])


def test_a_group_is_sorted_by_the_name_that_its_line_says():
    mark = new_group("pair")
    store = Store()
    for config in (VAEConfig(), DCGANConfig()):
        store.create(config.model_dump(), f"A {config.acronym}", group=mark)
    create("Filler")
    page = open_page("runs")
    page.session_state[columns.SORTED] = ("name", False)
    assert [name.partition(" (")[0] for name in names(page.run())] == ["Filler", "VAE, DCGAN on mnist-sample"]


@pytest.mark.parametrize(("language", "side"), [("en", None), ("fa", "right")])
def test_words_stand_below_their_heading_at_the_side_where_reading_begins(language: str, side: str | None):
    create("a run")
    looks = json.loads(open_page("runs", lang=language).dataframe[0].proto.columns)
    assert looks["name"].get("alignment") == side
