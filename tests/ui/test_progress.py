"""How far something long is, on a page."""

from typing import Any

import pytest

from genmodels.storage.progress import following, watched
from genmodels.ui.widgets import progress


class Place:
    """A place on a page, which remembers what stood there."""

    def __init__(self) -> None:
        self.stood: list[Any] = []

    def progress(self, share: float, text: str) -> None:
        self.stood.append((share, text))

    def empty(self) -> None:
        self.stood.append(None)


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Place:
    """Where the bar stands; each look at the clock takes a second."""
    place, seconds = Place(), iter(range(100))
    monkeypatch.setattr(progress.st, "empty", lambda: place)
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(seconds))
    return place


def test_after_a_moment_it_says_how_far_it_is_and_how_long_it_will_take(place: Place):
    with progress.working():
        for _ in following([range(500)] * 4, 2000, "encoding"):
            pass
    assert place.stood == [
        (0.5, "encoding: 1,000 of 2,000 images, about 2 s left"),
        (0.75, "encoding: 1,500 of 2,000 images, about 1 s left"),
        (1.0, "encoding: 2,000 of 2,000 images, about 0 s left"),
        None,
    ]


def test_it_goes_where_something_fails(place: Place):
    with pytest.raises(ValueError, match="damaged"), progress.working(), watched("reading", 3, "files"):
        raise ValueError("damaged")
    assert place.stood == [None]


def test_durations_are_told_in_words():
    assert [progress.duration(seconds) for seconds in (59.6, 61, 3725)] == ["1 min 0 s", "1 min 1 s", "1 h 2 min"]
