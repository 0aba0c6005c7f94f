"""Runs of a later version on the pages: one sentence in the place of what cannot be drawn, and nothing else suffers."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import DCGANConfig
from genmodels.runs.store import Store
from tests.jobs.test_future_runs import UNKNOWN, of_the_future
from tests.support.pages import open_page, texts
from tests.ui.test_runs_page import labels, select

CASES = [values for name, (values, _) in UNKNOWN.items() if name != "a family"]
TABS = ["Train", "Compare objectives", "Latent space", "Inside the network", "Film"]


def dcgan(**query: str) -> AppTest:
    return open_page("dcgan", **query)


@pytest.mark.parametrize("values", CASES)
def test_the_page_opens_on_another_run(values: dict[str, Any]):
    known = Store().create(DCGANConfig().model_dump(), "Today's")
    of_the_future(values)
    page = dcgan()
    assert page.selectbox(key="dcgan:choice").value == known.id
    assert not page.error


@pytest.mark.parametrize("values", CASES)
@pytest.mark.parametrize("tab", TABS)
def test_the_run_itself_is_refused(values: dict[str, Any], tab: str):
    run = of_the_future(values, name="Comparison 1: hinge")
    page = dcgan(run=run.id, tab=tab)
    (told,) = [error.value for error in page.error]
    assert "use the version that made it." in told


@pytest.mark.parametrize("values", CASES)
def test_it_can_be_taken_away_and_deleted_on_the_page_of_all_runs(values: dict[str, Any]):
    run, other = of_the_future(values), of_the_future({})
    page = select(open_page("runs"), run)
    assert "use the version that made it." in page.info[0].value
    assert "Delete" in labels(page)
    assert "2 runs compared" in select(page, run, other).subheader[0].value


def test_the_command_of_a_run_is_made_from_its_config():
    run = of_the_future({"epochs": 7})
    shown = open_page("dcgan", run=run.id)
    commands = [code.value for code in shown.code if code.value.startswith("python")]
    assert commands == ["python train.py dcgan --epochs 7"]
    assert "evil.example" not in texts(shown)
