"""Several runs compared on the page of all runs, without a browser."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.runs.store import Store
from genmodels.ui.runs.compare import HUES
from tests.ui.test_pages import open_page, texts
from tests.ui.test_runs_page import create, labels, select


def drawn(page: AppTest) -> dict[str, Any]:
    """The message that the chart was last sent."""
    (chart,) = page.get("bidi_component")
    return json.loads(chart.proto.json)


def test_several_runs_are_drawn_in_one_chart_as_many_as_there_are_colours():
    runs = [create(f"run {index}") for index in range(len(HUES) + 1)]
    page = select(open_page("runs"), *runs[:2])
    assert page.subheader[0].value == "2 runs compared"
    assert "colour" not in texts(page)
    select(page, *runs)
    assert f"The first {len(HUES)} are drawn" in texts(page)
    assert f"Delete these {len(runs)} runs" in labels(page)


def test_a_curve_that_none_of_the_runs_has_is_said_to_be_missing():
    page = select(open_page("runs"), create(), create())
    assert "None of these runs" not in texts(page)
    page.selectbox(key="overlay:curve").set_value("KL divergence")
    page.run()
    assert "None of these runs has values of this curve on test images yet: choose another curve." in texts(page)


def test_smoothed_curves_have_those_as_measured_in_pale_behind_them_and_the_chart_says_so():
    one, other = create("one"), create("other")
    for step, value in ((60, 91.5), (70, 201.5)):
        Store().add_metrics(one.id, step, step / 5, {"test/neg_elbo": value})
    page = select(open_page("runs"), one, other)
    (panel,) = drawn(page)["panels"]
    assert (panel["title"], len(panel["series"])) == ("negative ELBO, test", 2)
    page.slider(key="overlay:smoothing").set_value(0.5)
    message = drawn(page.run())
    (panel,) = message["panels"]
    assert panel["title"] == "negative ELBO, test, smoothed by 0.5; in pale, as measured"
    assert [(series["label"], series["pale"]) for series in panel["series"]] == [
        ("one", True),
        ("other", True),
        ("one", False),
        ("other", False),
    ]
    assert message["rows"][one.id][1] == [101.5, 91.5, 201.5]
    assert message["rows"][f"{one.id}:average"][1] == pytest.approx([101.5, 94.8333, 155.786])
    assert message["rows"][f"{other.id}:average"][1] == [101.5]


def test_curves_without_values_can_be_smoothed():
    page = select(open_page("runs"), create(), create())
    page.slider(key="overlay:smoothing").set_value(0.5)
    page.selectbox(key="overlay:curve").set_value("KL divergence")
    page.run()
    assert not page.exception
    assert drawn(page)["rows"] == {}


def test_a_score_is_a_curve_too():
    one, other = create("one"), create("other")
    Store().add_metrics(other.id, 50, 10.0, {"score/fid": 12.5})
    page = select(open_page("runs"), one, other)
    page.selectbox(key="overlay:curve").set_value("score: fid")
    assert drawn(page.run())["rows"] == {other.id: [[10.0], [12.5]]}
    assert page.dataframe[1].value["score: fid"].dropna().tolist() == [12.5]


def test_what_differs_between_runs_stands_below_their_curves():
    one, other = create("one"), create("other", config={"latent_dim": 2})
    page = select(open_page("runs"), one, other)
    table = page.dataframe[1].value
    assert list(table) == ["name", "Latent size (dimensions)", "negative ELBO, test"]
    assert table.values.tolist() == [["one", 16, 101.5], ["other", 2, 101.5]]
    assert "All settings of these runs are the same." not in texts(page)
    assert "All settings of these runs are the same." in texts(select(page, one, create("a copy")))
