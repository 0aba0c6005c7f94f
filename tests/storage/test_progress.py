"""How far something long is: told to whoever waits, and to nobody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from genmodels.data.folder_check import inspect_folder
from genmodels.storage import cache
from genmodels.storage.progress import Advance, following, shown_by
from tests.data.test_folder import fill

PARTS = [[1, 2], [3, 4], [5]]


class Memory:
    """A bar that remembers what it has shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, int, int]] = []

    @contextmanager
    def bar(self, what: str, total: int, unit: str) -> Iterator[Advance]:
        done = 0

        def advance(more: int) -> None:
            nonlocal done
            done += more
            self.shown.append((f"{what} {unit}", done, total))

        yield advance


def test_each_part_is_told_when_it_is_done():
    memory = Memory()
    with shown_by(memory.bar):
        for part in following(PARTS, 5, "counting"):
            assert len(memory.shown) == PARTS.index(part)
    assert memory.shown == [("counting images", 2, 5), ("counting images", 4, 5), ("counting images", 5, 5)]


def test_only_whoever_waits_is_told():
    outer, inner = Memory(), Memory()
    with shown_by(outer.bar):
        with shown_by(inner.bar):
            list(following(PARTS, 5, "within"))
        list(following(PARTS, 5, "after"))
    assert list(following(PARTS, 5, "with nobody")) == PARTS
    assert {what for what, _, _ in inner.shown} == {"within images"}
    assert {what for what, _, _ in outer.shown} == {"after images"}


def test_a_look_at_a_large_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "CHUNK", 2)
    memory = Memory()
    with shown_by(memory.bar):
        inspect_folder(fill(tmp_path / "images", 5))
    assert [done for _, done, _ in memory.shown] == [2, 4, 5]
