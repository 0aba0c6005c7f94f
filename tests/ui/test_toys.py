"""The tab of Part 4 that trains on the plane."""

from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.storage.background import Progress
from genmodels.toys.film import FORMS, NUMBERS, SIZES, Film
from genmodels.toys.prepared import prepared
from genmodels.toys.setup import Setup
from genmodels.toys.toy import Toy
from genmodels.ui.components.toy_player import next_message
from genmodels.ui.flow import toys
from tests.support.pages import button, open_page, press, texts


def a_film(moments: int = 4) -> Film:
    """Of numbers that mean nothing."""
    rng = np.random.default_rng(0)
    sizes = {"M": moments, "K": len(NUMBERS), "N": 20, **SIZES}
    arrays = {
        name: rng.integers(0, 200, [sizes[axis] for axis in form.axes]).astype(form.dtype)
        for name, form in FORMS.items()
    }
    return Film(arrays | {"steps": np.arange(moments, dtype=np.int32)})


class FakeToy:
    """Steps through given states of a training; remembers what was begun."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *looks: Progress) -> None:
        self.looks, self.started, self.cancelled = list(looks), list[Setup](), 0
        self.shown: dict[str, Any] = {}
        fake = self

        def start(toy: Toy, owner: str = "") -> bool:
            fake.started.append(toy.setup)
            return True

        def cancel(toy: Toy) -> None:
            fake.cancelled += 1

        monkeypatch.setattr(Toy, "look", lambda toy: fake.looks[min(len(fake.started), len(fake.looks) - 1)])
        monkeypatch.setattr(Toy, "start", start)
        monkeypatch.setattr(Toy, "cancel", cancel)
        monkeypatch.setattr(toys, "toy_player", lambda film, **options: fake.shown.update(options, film=film))


def tab() -> AppTest:
    return open_page("flow", tab="See the flow")


def choose(page: AppTest, key: str, value: str) -> AppTest:
    groups: Any = page.get("button_group")
    next(group for group in groups if group.key == key).set_value(value)
    page.run()
    assert not page.exception
    return page


def test_nothing_is_trained_until_that_is_asked_for_and_then_once(monkeypatch: pytest.MonkeyPatch):
    film = a_film(2)
    fake = FakeToy(monkeypatch, Progress("missing"), Progress("running", film, 0.4))
    page = tab()
    assert fake.started == []
    assert fake.shown["film"] is prepared(Setup())
    assert not fake.shown["going"]
    assert "comes with the app, with 8 of its moments" in texts(page)
    choose(page, "toys:target", "rings")
    assert "comes with the app" not in texts(page)
    choose(page, "toys:target", "moons")
    press(page, "Train all three")
    page.run()
    assert fake.started == [Setup("moons", 0, "random")]
    assert fake.shown["film"] is film
    assert fake.shown["going"]
    press(page, "Cancel")
    assert fake.cancelled == 1


def test_what_is_chosen_is_what_is_trained(monkeypatch: pytest.MonkeyPatch):
    fake = FakeToy(monkeypatch, Progress("missing"), Progress("running"))
    page = choose(choose(tab(), "toys:target", "spiral"), "toys:pairs", "transport")
    page.number_input(key="toys:seed").set_value(7).run()
    press(page, "Train all three")
    assert fake.started == [Setup("spiral", 7, "transport")]


def test_a_film_that_is_there_is_shown_at_once(monkeypatch: pytest.MonkeyPatch):
    fake = FakeToy(monkeypatch, Progress("done", a_film(), 1.0))
    page = tab()
    assert fake.started == []
    assert not fake.shown["going"]
    assert fake.shown["total_steps"] == 2000
    assert "Train all three" not in [each.label for each in page.button]
    assert "Grey points" in texts(page)


def test_an_own_target_is_drawn_first(monkeypatch: pytest.MonkeyPatch):
    fake = FakeToy(monkeypatch, Progress("missing"), Progress("running"))
    drawings: list[np.ndarray | None] = [None]
    monkeypatch.setattr(toys, "draw_pad", lambda key: drawings[0])
    page = choose(tab(), "toys:target", "drawing")
    assert "Draw where points are to be" in texts(page)
    assert "Train all three" not in [each.label for each in page.button]
    drawings[0] = np.eye(112, dtype=np.uint8)
    press(page.run(), "Train all three")
    assert fake.started == [Setup("drawing")]


def test_who_may_not_train_starts_nothing_but_sees_what_is_there(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    fake = FakeToy(monkeypatch, Progress("missing"))
    page = tab()
    assert "Train all three" not in [each.label for each in page.button]
    assert "nobody trains" in page.info[-1].value
    fake.looks = [Progress("running", a_film(), 0.3)]
    assert "Cancel" not in [each.label for each in page.run().button]
    assert len(fake.shown["film"]) == 4


def test_another_training_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    FakeToy(monkeypatch, Progress("missing"))
    monkeypatch.setattr(Toy, "start", lambda toy, owner: False)
    page = press(tab(), "Train all three")
    assert "this one begins when that is done" in page.info[-1].value


@pytest.mark.parametrize(
    ("look", "said"),
    [
        (Progress("failed", error="Nothing is drawn."), "The training failed: Nothing is drawn."),
        (Progress("cancelled"), "The training was cancelled."),
    ],
)
def test_what_has_ended_early_says_so_and_begins_again(look: Progress, said: str, monkeypatch: pytest.MonkeyPatch):
    fake = FakeToy(monkeypatch, look, Progress("running"))
    page = tab()
    assert [warning.value for warning in page.warning] == [said]
    assert fake.shown["film"] is prepared(Setup())
    button(page, "Train it again").click()
    page.run()
    assert fake.started == [Setup()]


def test_a_browser_is_sent_each_moment_once():
    film = a_film(4)
    first = next_message(Film({name: array[:2] for name, array in film.arrays.items()}), "a")
    assert (first["start"], first["end"], "film" in first) == (0, 2, True)
    more = next_message(film, "a", "a", 2)
    assert (more["start"], more["end"], "film" in more) == (2, 4, False)
    assert len(more["moments"]["flow_ways"]["bytes"]) == len(first["moments"]["flow_ways"]["bytes"])
    assert "moments" not in next_message(film, "a", "a", 4)
    other = next_message(film, "b", "a", 4)
    assert (other["start"], other["end"], "film" in other) == (0, 4, True)


def test_a_film_is_small_enough_to_be_sent():
    message = next_message(a_film(60), "a")
    assert sum(len(column["bytes"]) for column in message["moments"].values()) < 2.5e6
