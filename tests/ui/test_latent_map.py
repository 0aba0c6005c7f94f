"""The Python half of the latent map: what goes to the browser, and what is believed of what comes back."""

import base64
import json
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.ui.components.latent_map import (
    STEPS,
    Kind,
    _colours,
    _Memory,
    _place,
    choose,
    digest,
    next_message,
    pack,
    unpack,
)

PARTS: dict[str, dict[str, Any]] = {"points": {"x": [1]}, "colours": {"kinds": []}}
KINDS = [Kind("one", "red"), Kind("two", "blue")]


def unpacked(packed: dict[str, Any]) -> np.ndarray:
    """As the browser does it."""
    steps = np.frombuffer(base64.b64decode(packed["steps"]), "<u2")
    return np.where(steps > STEPS, np.nan, packed["low"] + steps * packed["step"])


def test_numbers_come_back_to_within_half_a_step():
    values = np.random.default_rng(0).normal(100, 3, 5_000)
    packed = pack(values)
    assert np.abs(unpacked(packed) - values).max() <= 0.5 * np.ptp(values) / STEPS + 1e-12
    assert len(json.dumps(packed)) < 3 * len(values)


@pytest.mark.parametrize("values", [[], [2.5], [3.0, 3.0], [np.nan, 1.0, np.inf, 2.0], [np.nan]])
def test_odd_numbers_are_packed_as_valid_json(values: list[float]):
    packed = pack(np.array(values))
    json.dumps(packed, allow_nan=False)
    np.testing.assert_allclose(unpacked(packed), np.where(np.isfinite(values), values, np.nan))


def test_a_part_is_sent_once():
    memory = _Memory("run", 1, turn=1)
    first = next_message(memory, PARTS)
    assert {name: part["content"] for name, part in first["parts"].items()} == PARTS
    memory.sent = {name: digest(part) for name, part in PARTS.items()}
    moved = PARTS | {"points": {"x": [2]}}
    second = next_message(memory, moved)
    assert second["parts"]["points"]["content"] == {"x": [2]}
    assert second["parts"]["colours"] == {"digest": digest(PARTS["colours"])}


def test_the_selection_is_told_only_to_a_browser_that_starts_from_nothing():
    memory = _Memory("run", 8, turn=1, selected="Aw==")
    assert next_message(memory, PARTS)["selected"] == "Aw=="
    memory.sent = {"points": digest(PARTS["points"])}
    assert "selected" not in next_message(memory, PARTS)


def test_bits_become_indices_in_order():
    assert unpack(base64.b64encode(bytes([0b1000_0001, 0b10])).decode(), 10) == (0, 7, 9)
    assert unpack(base64.b64encode(bytes(2)).decode(), 10) == ()


@pytest.mark.parametrize("bits", ["", "/w==", "////", "no base64", "ü", None, 7, ["/w=="], "/" * 10_000], ids=repr)
def test_bits_that_do_not_fit_select_nothing(bits: Any):
    """Ten points have two bytes, of which the last six bits are clear."""
    assert unpack(bits, 10) == ()


@pytest.mark.parametrize(
    ("kind_of", "values"),
    [
        pytest.param(None, None, id="no colours"),
        pytest.param([0, 1], [0.0, 1.0], id="two colours"),
        pytest.param([0, 1, 0], None, id="another number"),
        pytest.param([0, 2], None, id="no such kind"),
        pytest.param([0, -1], None, id="a negative kind"),
    ],
)
def test_colours_that_do_not_fit_are_refused(kind_of: list[int] | None, values: list[float] | None):
    with pytest.raises(ValueError, match=r"colour|kind"):
        _colours(2, KINDS, np.array(kind_of) if kind_of else None, np.array(values) if values else None, "")


def test_what_python_selects_is_told_to_the_browser_as_a_new_turn(monkeypatch: pytest.MonkeyPatch):
    memory = _Memory("run", 10, turn=1, sent={"points": "known"})
    monkeypatch.setattr("genmodels.ui.components.latent_map.st.session_state", {"map:map": memory})
    choose("map", [0, 7, 9])
    assert unpack(next_message(memory, PARTS)["selected"], 10) == (0, 7, 9)
    assert memory.turn == 2


@pytest.mark.parametrize(
    ("sent", "place"),
    [([1, 2.5], (1.0, 2.5)), (None, None), ([1], None), (["1", 2], None), ([float("nan"), 1], None), ({"x": 1}, None)],
)
def test_a_place_that_is_not_two_numbers_is_none(sent: Any, place: tuple[float, float] | None):
    assert _place(sent) == place


def app() -> None:
    import numpy as np
    import streamlit as st

    from genmodels.ui.components.latent_map import Kind, latent_map

    token = st.session_state.setdefault("token", "run")
    points = np.zeros((10, 2))
    selected = latent_map(points, [Kind("all", "red")], kind_of=np.zeros(10, int), key="map", token=token)
    st.text(str(selected))


def test_the_session_remembers_what_was_sent_and_selected_until_the_token_changes():
    page = AppTest.from_function(app).run()
    assert not page.exception
    memory = page.session_state["map:map"]
    assert set(memory.sent) == {"points", "colours", "extra"}
    memory.selected = base64.b64encode(bytes([0b101, 0])).decode()
    assert page.run().text[0].value == "(0, 2)"
    page.session_state["token"] = "another"
    assert page.run().text[0].value == "()"
    assert page.session_state["map:map"].turn == memory.turn + 1
