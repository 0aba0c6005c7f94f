"""Runs in a repository of the Hub as well: sent, and nothing that goes wrong there harms anything here."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from genmodels.config.families import VAEConfig
from genmodels.jobs import hub_mirror, queue
from genmodels.jobs.hub_mirror import Mirror
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.support.archives import a_run, add_checkpoint, contents, packed, zipped
from tests.support.hub import REPOSITORY, TOKEN, Hub, lose_disk

__all__ = ["packed"]


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets the mirror's clock go on by some seconds, which it does not by itself."""
    now = [1000.0]
    monkeypatch.setattr(hub_mirror.time, "monotonic", lambda: now[0])

    def go_on(seconds: float) -> None:
        now[0] += seconds

    return go_on


@pytest.fixture(autouse=True)
def named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENMODELS_MIRROR", REPOSITORY)
    monkeypatch.setenv("HF_TOKEN", TOKEN)


def look(hub: Hub, store: Store | None = None) -> Mirror:
    """The first look of a server that has just started."""
    kept = Mirror(store or Store(), REPOSITORY, hub.api)
    kept.look()
    return kept


def events(store: Store, run: Run) -> list[str]:
    return [event["text"] for event in store.events(run.id) if "mirrored" in event["text"]]


def under_way(store: Store) -> Run:
    """A run that trains, without a checkpoint yet."""
    run = store.create(VAEConfig().model_dump())
    store.update(run.id, state="running", total_steps=10)
    return run


# To the Hub


def test_a_run_comes_back_whole_after_the_disk_was_lost(hub: Hub, home: Path):
    store = Store()
    run = a_run(store)
    look(hub)
    assert hub.private is True
    before, rows = contents(zipped(store, run)), store.metrics(run.id)
    lose_disk(home)
    kept = look(hub)
    assert (kept.ready, kept.trouble, kept.refused) == (True, "", {})
    assert Store().runs() == [run]
    assert contents(zipped(Store(), run)) == before
    assert Store().metrics(run.id)[["name", "step", "value"]].equals(rows[["name", "step", "value"]])
    assert hub.uploads == [f"{run.id}.zip"], "what has just come back is not sent again"


def test_a_run_under_way_is_sent_at_a_checkpoint_but_not_too_often_and_when_it_ends(
    hub: Hub, clock: Callable[[float], None]
):
    store = Store()
    run = under_way(store)
    kept = look(hub)
    assert hub.uploads == []
    for step, waited, sent in ((1, 0, 1), (2, 1, 1), (3, hub_mirror.PAUSE, 2), (3, hub_mirror.PAUSE, 2)):
        if step != max(hub_mirror.steps(store.folder(run.id) / "checkpoints"), default=0):
            add_checkpoint(store.folder(run.id), step)
        clock(waited)
        assert kept.look()
        assert len(hub.uploads) == sent, step
    add_checkpoint(store.folder(run.id), 4)
    store.update(run.id, state="finished")
    kept.look()
    kept.look()
    assert len(hub.uploads) == 3
    assert f"{run.id}/checkpoints/step-00000004/weights.safetensors" in contents(hub.files[f"{run.id}.zip"])


def test_a_new_note_is_sent_too_and_a_restarted_server_sends_nothing_twice(hub: Hub, clock: Callable[[float], None]):
    store = Store()
    run = a_run(store)
    look(hub)
    look(hub)
    assert len(hub.uploads) == 1
    store.describe(run.id, note="another")
    look(hub)
    assert len(hub.uploads) == 2
    assert json.loads(contents(hub.files[f"{run.id}.zip"])[f"{run.id}/run.json"])["note"] == "another"


def test_a_run_that_could_not_be_sent_says_so_once_and_is_sent_later(hub: Hub, clock: Callable[[float], None]):
    store = Store()
    run = a_run(store)
    kept = look(hub, store)
    store.describe(run.id, note="another")
    hub.failing = OSError(None, "the line is cut")
    for _ in range(3):
        clock(hub_mirror.PAUSE)
        assert not kept.look()
    (told,) = events(store, run)
    assert "the line is cut" in told
    assert "the line is cut" in kept.trouble
    hub.failing = None
    clock(hub_mirror.PAUSE)
    assert kept.look()
    assert (kept.trouble, len(hub.uploads)) == ("", 2)
    assert not list((store.root / "mirror" / "scratch").iterdir())


def test_an_upload_that_is_cut_off_leaves_the_copy_from_before(hub: Hub, home: Path, clock: Callable[[float], None]):
    store = Store()
    run = a_run(store)
    kept = look(hub, store)
    hub.api.upload_file.side_effect = ConnectionResetError(104, "Connection reset by peer")
    store.describe(run.id, note="another")
    clock(hub_mirror.PAUSE)
    assert not kept.look()
    lose_disk(home)
    look(hub)
    assert Store().runs() == [run]


def test_one_run_that_cannot_be_sent_does_not_keep_the_others(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, clock: Callable[[float], None]
):
    store = Store()
    bad, good = a_run(store), a_run(store)
    pack = hub_mirror.pack

    def failing(store: Store, run_id: str, file: Any) -> None:
        if run_id == bad.id:
            raise PermissionError(13, "Permission denied")
        pack(store, run_id, file)

    monkeypatch.setattr(hub_mirror, "pack", failing)
    kept = look(hub, store)
    for _ in range(2):
        clock(hub_mirror.PAUSE)
        kept.look()
    assert hub.uploads == [f"{good.id}.zip"]
    assert len(events(store, bad)) == 1
    assert events(store, good) == []


def test_a_public_repository_gets_nothing(hub: Hub):
    a_run(Store())
    hub.private = False
    assert "is public: make it private" in look(hub).trouble
    assert hub.uploads == []


# What is deleted


def test_the_copy_of_a_deleted_run_goes_as_soon_as_the_hub_can_be_reached(hub: Hub, home: Path):
    store = Store()
    run, other = a_run(store), a_run(store)
    look(hub)
    hub.failing = OSError()
    queue.delete(store, run.id)
    assert look(hub).trouble
    hub.failing = None
    look(hub)
    assert Store().runs() == [other], "it is not brought back first"
    assert set(hub.files) == {".gitattributes", f"{other.id}.zip"}
    lose_disk(home)
    look(hub)
    assert Store().runs() == [other]


def test_a_run_that_is_deleted_before_it_was_sent_is_no_trouble(hub: Hub):
    store = Store()
    queue.delete(store, a_run(store).id)
    assert look(hub).trouble == ""
    assert not list((store.root / "mirror" / "deleted").iterdir())


def test_a_deleted_run_that_is_imported_again_keeps_its_copy(hub: Hub):
    store = Store()
    run = a_run(store)
    look(hub)
    data = zipped(store, run)
    queue.delete(store, run.id)
    hub_mirror.unpack(store, io.BytesIO(data))
    look(hub)
    assert f"{run.id}.zip" in hub.files


def test_a_lost_store_deletes_nothing_on_the_hub(hub: Hub, home: Path):
    store = Store()
    run = a_run(store)
    kept = look(hub, store)
    store.delete(run.id)  # not by a visitor
    kept.look()
    assert f"{run.id}.zip" in hub.files
