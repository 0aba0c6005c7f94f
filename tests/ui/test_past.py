"""What a run was before it began, in its charts."""

import json
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints.integrity import START
from genmodels.config.families import VAEConfig
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from genmodels.ui.components.live_curves import Panel
from tests.support.pages import open_page

Drawn = list[tuple[Panel, pd.DataFrame]]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    """The first chart of each drawing of a run's page, and the rows that it was given."""
    found: Drawn = []

    def note(panels: list[Panel], rows: pd.DataFrame, **options: Any) -> None:
        if panels and panels[0].title == "Negative ELBO":
            found.append((panels[0], rows))

    monkeypatch.setattr("genmodels.ui.training.run_panel.live_curves", note)
    return found


def trained(values: list[float], origin: Run | None = None, step: int = 0) -> Run:
    """A finished run, of 10 steps an epoch and one value each, that began with the weights of that step of another."""
    store = Store()
    run = store.create(VAEConfig(epochs=len(values)).model_dump(), f"Run {len(store.runs())}")
    for epoch, value in enumerate(values, start=1):
        store.add_metrics(run.id, 10 * epoch, epoch, {"train/neg_elbo": value, "test/neg_elbo": value + 1})
    steps, epochs = 10 * len(values), float(len(values))
    store.update(
        run.id, state="finished", step=steps, total_steps=steps, epoch=epochs, parent=origin.id if origin else ""
    )
    if origin:
        (store.folder(run.id) / START / f"step-{step:08d}").mkdir(parents=True)
    return run


def line(drawn: Drawn, name: str) -> list[tuple[float, float]]:
    """The points of a curve in the last chart."""
    rows = drawn[-1][1]
    own = rows[rows["name"] == name]
    return list(zip(own["x"], own["value"], strict=True))


def test_the_curves_of_a_run_that_goes_on_from_others_go_on_from_theirs(drawn: Drawn):
    first = trained([100.0, 90.0, 95.0])
    second = trained([80.0], first, step=20)  # the best checkpoint of the first, say
    third = trained([70.0], second, step=10)
    open_page("vae", run=third.id)
    assert line(drawn, "before/train/neg_elbo") == [(1.0, 100.0), (2.0, 90.0), (3.0, 80.0)]
    assert line(drawn, "before/test/neg_elbo") == [(1.0, 101.0), (2.0, 91.0), (3.0, 81.0)]
    assert line(drawn, "train/neg_elbo") == [(4.0, 70.0)]
    series = {one.name: one for one in drawn[-1][0].series}
    assert series["before/train/neg_elbo"].label == "before: Run 1"
    assert [one.past for one in series.values()] == [True, True, False, False]


def test_a_run_that_began_anew_or_whose_origin_was_deleted_has_its_own_alone(drawn: Drawn):
    first = trained([100.0, 90.0])
    second = trained([80.0], first, step=20)
    open_page("vae", run=first.id)
    assert line(drawn, "train/neg_elbo") == [(1.0, 100.0), (2.0, 90.0)]
    Store().delete(first.id)
    open_page("vae", run=second.id)
    assert line(drawn, "train/neg_elbo") == [(1.0, 80.0)]
    assert [one.label for one in drawn[-1][0].series] == ["train", "test"]


def test_on_the_page_of_all_runs_it_stands_before_a_run_too_but_not_by_step():
    first = trained([100.0, 90.0])
    second = trained([80.0], first, step=20)
    page = open_page("runs", run=[first.id, second.id])
    name = "test/neg_elbo"
    assert points(page, f"{first.id}/{name}") == [[1.0, 2.0], [101.0, 91.0]]
    assert points(page, f"{second.id}/before/{name}") == [[1.0, 2.0], [101.0, 91.0]]
    assert points(page, f"{second.id}/{name}") == [[3.0], [81.0]]
    page.segmented_control(key="overlay:axis").set_value("step").run()
    assert points(page, f"{second.id}/{name}") == [[10.0], [81.0]]
    assert points(page, f"{second.id}/before/{name}") is None


def points(page: AppTest, name: str) -> list[list[float]] | None:
    """The x and the values that the chart of runs has of a curve."""
    (chart,) = (each for each in page.get("bidi_component") if '"rows"' in each.proto.json)
    found: list[list[float]] | None = json.loads(chart.proto.json)["rows"].get(name)
    return found
