"""Runs come back from a repository of the Hub, checked like an import."""

import io
import pickle
from pathlib import Path

import pytest

from genmodels.jobs import hub_mirror
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.jobs.test_hub_mirror import hub, look, named
from tests.support.archives import contents, packed, rezipped
from tests.support.helpers import Malicious
from tests.support.hub import Hub

__all__ = ["hub", "named", "packed"]


def test_a_run_that_is_here_already_is_left_as_it_is(hub: Hub, packed: tuple[Run, bytes]):
    run, data = packed
    store = Store()
    hub_mirror.unpack(store, io.BytesIO(data))
    store.describe(run.id, note="newer than the copy")
    hub.files[f"{run.id}.zip"] = data
    assert look(hub).refused == {}
    found = store.get(run.id)
    assert found is not None
    assert found.note == "newer than the copy"
    hub.api.hf_hub_download.assert_not_called()


@pytest.mark.parametrize("kind", ["cut short", "changed", "pickle", "way up", "foreign", "too large"])
def test_a_bad_copy_is_refused_and_the_good_ones_come_back(
    hub: Hub, home: Path, packed: tuple[Run, bytes], monkeypatch: pytest.MonkeyPatch, kind: str
):
    run, data = packed
    if kind == "too large":
        monkeypatch.setattr(hub_mirror, "MOST_BYTES", len(data))
    hub.files["vae-bad.zip"] = {
        "cut short": data[:-40],
        "changed": data.replace(b"IHDR", b"IHDX"),
        "pickle": pickle.dumps(Malicious()),
        "way up": rezipped(contents(data) | {f"{run.id}/../../evil": b"evil"}),
        "foreign": rezipped({"readme.txt": b"hello"}),
        "too large": data + b"x",
    }[kind]
    hub.files[f"{run.id}.zip"] = data
    kept = look(hub)
    assert list(kept.refused) == ["vae-bad.zip"]
    assert (kept.ready, kept.trouble) == (True, "")
    assert Store().runs() == [run]
    assert not list(home.parent.rglob("*evil*"))
    assert not Path("ran").exists()
    assert [path.name for path in Store().runs_folder.iterdir()] == [run.id]


@pytest.mark.parametrize("name", ["../evil.zip", "a/b.zip", "Evil.zip", ".zip", "evil.zip/x", "evil.tar"])
def test_names_that_are_no_runs_are_passed_over(hub: Hub, packed: tuple[Run, bytes], name: str):
    hub.files[name] = packed[1]
    kept = look(hub)
    assert (kept.ready, kept.refused) == (True, {})
    hub.api.hf_hub_download.assert_not_called()


def test_what_the_hub_did_not_give_at_first_comes_back_later(hub: Hub, packed: tuple[Run, bytes]):
    run, data = packed
    hub.files[f"{run.id}.zip"] = data
    hub.api.hf_hub_download.side_effect = OSError("Consistency check failed")
    kept = look(hub)
    assert (kept.ready, Store().runs()) == (False, [])
    hub.api.hf_hub_download.side_effect = hub.hf_hub_download
    assert kept.look()
    assert Store().runs() == [run]
