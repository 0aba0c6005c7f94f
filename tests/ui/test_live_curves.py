"""The Python half of the live curves: which rows go to the browser, and how."""

import json
import math

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.ui.components.live_curves import MAX_POINTS, Panel, Series, next_message

PANELS = [Panel("Loss", "nats", (Series("train/loss", "train"), Series("test/loss", "test", dash=True)))]


def frame(*values: float, name: str = "train/loss") -> pd.DataFrame:
    return pd.DataFrame([(name, i / 10, value) for i, value in enumerate(values)], columns=["name", "x", "value"])


def test_the_first_message_is_full():
    message = next_message(PANELS, frame(3.0, 2.0), "run")
    assert message["panels"][0]["title"] == "Loss"
    assert (message["start"], message["end"]) == (0, 2)
    assert message["rows"] == {"train/loss": [[0.0, 0.1], [3.0, 2.0]]}


def test_a_delta_carries_only_new_rows():
    first = next_message(PANELS, frame(3.0), "run")
    delta = next_message(PANELS, frame(3.0, 2.0, 1.0), "run", first["token"], first["end"])
    assert "panels" not in delta
    assert (delta["start"], delta["end"]) == (1, 3)
    assert delta["rows"] == {"train/loss": [[0.1, 0.2], [2.0, 1.0]]}


def test_without_new_rows_the_message_stays_the_same_and_small():
    """Streamlit does not call the component's script for data that did not change."""
    first = next_message(PANELS, frame(3.0), "run")
    idle = next_message(PANELS, frame(3.0), "run", first["token"], 1)
    assert idle["rows"] == {}
    assert idle == next_message(PANELS, frame(3.0), "run", idle["token"], idle["end"])
    assert len(json.dumps(idle)) < 100


def test_a_run_can_start_without_rows():
    message = next_message(PANELS, frame(), "run")
    assert (message["start"], message["end"], message["rows"]) == (0, 0, {})


@pytest.mark.parametrize(
    ("panels", "rows", "token"),
    [
        pytest.param(PANELS, frame(1.0, 2.0, 3.0), "another run", id="another run"),
        pytest.param(PANELS, frame(1.0), "run", id="rows were dropped"),
        pytest.param([*PANELS, Panel("New", "", ())], frame(1.0, 2.0, 3.0), "run", id="other panels"),
        pytest.param(PANELS, frame(*range(MAX_POINTS + 3)), "run", id="too many for a delta"),
    ],
)
def test_what_cannot_follow_on_is_sent_in_full(panels: list[Panel], rows: pd.DataFrame, token: str):
    sent = next_message(PANELS, frame(1.0, 2.0), "run")
    message = next_message(panels, rows, token, sent["token"], sent["end"])
    assert "panels" in message
    assert (message["start"], message["end"]) == (0, len(rows))


def test_a_resync_sends_everything_under_the_same_token():
    """The browser keeps its charts, and their zoom, for a full message of a token that it knows."""
    first = next_message(PANELS, frame(3.0), "run")
    again = next_message(PANELS, frame(3.0, 2.0), "run")
    assert again["token"] == first["token"]
    assert again["start"] == 0


def test_what_is_not_finite_becomes_null_and_valid_json():
    message = next_message(PANELS, frame(1.0, math.nan, math.inf, -math.inf), "run")
    assert message["rows"]["train/loss"][1] == [1.0, None, None, None]
    json.dumps(message, allow_nan=False)


def test_rows_that_nobody_draws_count_but_are_not_sent():
    message = next_message(PANELS, frame(1.0, name="train/other"), "run")
    assert (message["end"], message["rows"]) == (1, {})


def app() -> None:
    import streamlit as st

    from genmodels.ui.components.live_curves import Panel, Series, live_curves

    count = st.session_state.setdefault("count", 0)
    rows = [("train/loss", i / 10, 1.0) for i in range(count)]
    live_curves([Panel("Loss", "nats", (Series("train/loss", "train"),))], rows, key="loss", reset_token="run")


def test_the_session_remembers_what_was_sent():
    page = AppTest.from_function(app).run()
    assert not page.exception
    assert page.session_state["loss:sent"][1] == 0
    page.session_state["count"] = 3
    page.run()
    assert not page.exception
    assert page.session_state["loss:sent"][1] == 3


def test_rows_that_may_change_are_sent_again_in_full_when_one_has_and_not_before():
    first = next_message(PANELS, frame(3.0, 2.0), "run", grows=False)
    sent = (first["token"], first["end"])
    assert next_message(PANELS, frame(3.0, 2.0), "run", *sent, grows=False) | {"start": 0} == {
        "token": first["token"],
        "start": 0,
        "end": first["end"],
        "rows": {},
    }
    changed = next_message(PANELS, frame(3.0, 1.0), "run", *sent, grows=False)
    assert changed["token"] == first["token"], "the zoom stays"
    assert changed["end"] != first["end"]
    assert changed["rows"] == {"train/loss": [[0.0, 0.1], [3.0, 1.0]]}
    assert "panels" in changed
