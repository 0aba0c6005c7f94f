"""Several runs compared on the page of all runs, without a browser."""

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import DCGANConfig
from genmodels.runs.store import Store
from genmodels.ui.runs.chart import HUES
from tests.support.pages import open_page, texts
from tests.ui.test_runs_page import create, labels, select


def drawn(page: AppTest) -> dict[str, Any]:
    """The message that the chart was last sent."""
    (chart,) = (each for each in page.get("bidi_component") if '"rows"' in each.proto.json)
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
    page.multiselect(key="overlay:curves").set_value(["KL divergence"])
    page.run()
    assert "None of these runs has values of KL divergence, test yet." in texts(page)


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
    name = "test/neg_elbo"
    assert message["rows"][f"{one.id}/{name}"][1] == [101.5, 91.5, 201.5]
    assert message["rows"][f"{one.id}/{name}:average"][1] == pytest.approx([101.5, 94.8333, 155.786])
    assert message["rows"][f"{other.id}/{name}:average"][1] == [101.5]


def test_curves_without_values_can_be_smoothed():
    page = select(open_page("runs"), create(), create())
    page.slider(key="overlay:smoothing").set_value(0.5)
    page.multiselect(key="overlay:curves").set_value(["KL divergence"])
    page.run()
    assert not page.exception
    assert drawn(page)["rows"] == {}


def test_a_score_is_a_curve_too():
    one, other = create("one"), create("other")
    Store().add_metrics(other.id, 50, 10.0, {"score/fid": 12.5})
    page = select(open_page("runs"), one, other)
    page.multiselect(key="overlay:curves").set_value(["score: FID of 256 samples"])
    assert drawn(page.run())["rows"] == {f"{other.id}/score/fid": [[10.0], [12.5]]}
    assert page.dataframe[1].value["score: FID of 256 samples"].dropna().tolist() == [12.5]


def test_what_differs_between_runs_stands_below_their_curves():
    one, other = create("one"), create("other", config={"latent_dim": 2})
    page = select(open_page("runs"), one, other)
    table = page.dataframe[1].value
    assert list(table) == ["name", "Latent size (dimensions)", "negative ELBO, test"]
    assert table.values.tolist() == [["one", 16, 101.5], ["other", 2, 101.5]]
    assert "All settings of these runs are the same." not in texts(page)
    assert "All settings of these runs are the same." in texts(select(page, one, create("a copy")))


def test_several_curves_are_drawn_at_once_and_some_are_chosen_for_each_family():
    page = select(open_page("runs"), create("one"), create("other"))
    assert page.multiselect(key="overlay:curves").value == ["neg_elbo"]
    page.multiselect(key="overlay:curves").set_value(["negative ELBO", "KL divergence", "reconstruction"])
    Store().add_metrics(Store().runs()[0].id, 50, 10.0, {"test/kl": 5.0, "test/recon": 96.5})
    assert [panel["title"] for panel in drawn(page.run())["panels"]] == [
        "negative ELBO, test",
        "KL divergence, test",
        "reconstruction, test",
    ]
    gan = Store().create(DCGANConfig().model_dump())
    assert page.multiselect(key="overlay:curves").set_value([]).run() is not None
    assert drawn(page)["panels"] == []
    assert open_page("runs", run=[gan.id, Store().runs()[1].id]).multiselect(key="overlay:curves").value == [
        "d_loss",
        "neg_elbo",
    ]


def test_a_run_of_another_family_brings_its_main_curve_as_in_a_link_of_the_same_runs():
    vae, gan = create("one"), Store().create(DCGANConfig().model_dump())
    page = select(open_page("runs"), vae)
    curves = page.multiselect(key="overlay:curves")
    assert curves.value == ["neg_elbo"]
    curves.set_value(["neg_elbo", "kl"]).run()
    select(page, vae, gan)
    assert page.multiselect(key="overlay:curves").value == ["neg_elbo", "kl", "d_loss"]
    select(page, gan)
    assert page.multiselect(key="overlay:curves").value == ["d_loss"]
    select(page, vae, gan)
    both = page.multiselect(key="overlay:curves").value
    assert both == open_page("runs", run=[vae.id, gan.id]).multiselect(key="overlay:curves").value


def test_curves_go_over_steps_epochs_or_the_time_that_was_trained_on_a_logarithmic_axis_too():
    one, other = create("one"), create("other")
    Store().add_metrics(one.id, 60, 12.0, {"test/neg_elbo": 90.0}, seconds=30.0)
    page = select(open_page("runs"), one, other)
    name = f"{one.id}/test/neg_elbo"
    for axis, x, title in (
        ("step", [50.0, 60.0], "step"),
        ("epoch", [10.0, 12.0], "epoch"),
        ("time", [0.5], "minutes trained"),
    ):
        page.segmented_control(key="overlay:axis").set_value(axis)
        message = drawn(page.run())
        assert (message["rows"][name][0], message["panels"][0]["x"]) == (x, title)
    assert "an earlier version did not keep" not in texts(page)
    page.toggle(key="overlay:log").set_value(True)
    assert drawn(page.run())["panels"][0]["log"]
    select(page, other)
    assert "an earlier version did not keep: choose step or epoch." in texts(page)


def test_runs_of_a_tag_are_one_curve_with_a_band_and_those_without_one_curves_of_their_own():
    runs = [create(f"run {index}") for index in range(3)]
    for run, value in zip(runs, (80.0, 90.0, 50.0), strict=True):
        Store().add_metrics(run.id, 60, 12.0, {"test/neg_elbo": value})
    page = select(open_page("runs"), *runs)
    assert page.toggle(key="overlay:bands").disabled
    for run in runs[:2]:
        Store().describe(run.id, tags=["two seeds"])
    page.run().toggle(key="overlay:bands").set_value(True)
    message = drawn(page.run())
    (panel,) = message["panels"]
    assert [(one["label"], one["edge"]) for one in panel["series"]] == [
        ("two seeds (2)", "lowest"),
        ("two seeds (2)", "highest"),
        ("two seeds (2)", ""),
        ("run 2", ""),
    ]
    name = "tag:two seeds/test/neg_elbo"
    assert message["rows"] == {
        f"{runs[2].id}/test/neg_elbo": [[10.0, 12.0], [101.5, 50.0]],
        name: [[10.0, 12.0], [101.5, 85.0]],
        f"{name}:lowest": [[10.0, 12.0], [101.5, 80.0]],
        f"{name}:highest": [[10.0, 12.0], [101.5, 90.0]],
    }


def test_one_run_is_drawn_and_where_none_is_selected_the_first_of_the_table_are():
    one, other = create("one"), create("other")
    page = open_page("runs")
    assert "Nothing is selected: these are the curves of the first 2 runs." in texts(page)
    assert drawn(page)["rows"].keys() == {f"{run.id}/test/neg_elbo" for run in (one, other)}
    page.text_input(key="runs:text").set_value(other.id)
    assert drawn(page.run())["rows"].keys() == {f"{other.id}/test/neg_elbo"}
    assert drawn(select(page, one))["rows"].keys() == {f"{one.id}/test/neg_elbo"}
