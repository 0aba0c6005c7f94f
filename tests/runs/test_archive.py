"""A run as a zip: what is packed comes back whole, also when it was packed while the run went on."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from PIL import Image

from genmodels.checkpoints.integrity import STATE, TRAINING, WEIGHTS
from genmodels.config.families import VAEConfig, parse
from genmodels.data.load import load_for
from genmodels.errors import DataError
from genmodels.jobs import queue
from genmodels.runs import archive
from genmodels.runs.archive import ArchiveError, opened, pack, unpack
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.support.archives import a_run, contents, packed, rezipped, zipped
from tests.support.helpers import come_and_go, looks_meanwhile, marked

__all__ = ["packed"]
ROWS = ["name", "step", "epoch", "value"]


def test_a_run_comes_back_whole(packed: tuple[Run, bytes], tmp_path: Path):
    run, data = packed
    store, elsewhere = Store(), Store(tmp_path / "elsewhere")
    assert unpack(store, io.BytesIO(data)) == run
    assert store.get(run.id) == run
    pd.testing.assert_frame_equal(store.metrics(run.id)[ROWS], elsewhere.metrics(run.id)[ROWS])
    assert store.events(run.id) == elsewhere.events(run.id)
    there, here = (
        {
            path.relative_to(s.folder(run.id)): path.read_bytes()
            for path in s.folder(run.id).rglob("*")
            if path.is_file()
        }
        for s in (elsewhere, store)
    )
    assert here == {name: data for name, data in there.items() if name.suffix != ".lock"}
    assert len(list(store.runs_folder.iterdir())) == 1


def test_the_lock_in_a_folder_that_was_zipped_by_hand_is_left_out(packed: tuple[Run, bytes]):
    run, data = packed
    assert unpack(Store(), io.BytesIO(rezipped(contents(data) | {f"{run.id}/worker.lock": b"host"}))) == run
    assert not (Store().folder(run.id) / "worker.lock").exists()


def test_what_came_back_survives_the_loss_of_the_store(packed: tuple[Run, bytes]):
    run, data = packed
    store = Store()
    unpack(store, io.BytesIO(data))
    store.path.unlink()
    assert Store().get(run.id) == run


def test_a_deleted_run_can_be_imported_again(packed: tuple[Run, bytes]):
    run, data = packed
    store = Store()
    for _ in range(2):
        unpack(store, io.BytesIO(data))
        store.delete(run.id)
    unpack(store, io.BytesIO(data))
    assert Store().get(run.id) == run
    assert len(Store().metrics(run.id)) == 10


def test_a_run_that_was_under_way_arrives_as_interrupted(tmp_path: Path):
    elsewhere = Store(tmp_path / "elsewhere")
    run = a_run(elsewhere, state="running", pid=7, stop_requested=True)
    arrived = unpack(Store(), io.BytesIO(zipped(elsewhere, run)))
    assert (arrived.state, arrived.pid, arrived.stop_requested) == ("interrupted", None, False)
    assert Store().get(run.id) == arrived


def test_a_run_with_its_curves_alone_is_fine(tmp_path: Path):
    elsewhere = Store(tmp_path / "elsewhere")
    run = elsewhere.create(VAEConfig().model_dump())
    elsewhere.add_metrics(run.id, 1, 0.1, {"train/kl": 1.0})
    elsewhere.update(run.id, state="failed")
    unpack(Store(), io.BytesIO(zipped(elsewhere, run)))
    assert Store().last_metrics(run.id) == {"train/kl": 1.0}


def test_the_rows_in_the_zip_are_the_newest(tmp_path: Path):
    elsewhere = Store(tmp_path / "elsewhere")
    run = a_run(elsewhere)
    elsewhere.add_metrics(run.id, 6, 1.5, {"train/neg_elbo": 3.0})
    unpack(Store(), io.BytesIO(zipped(elsewhere, run)))
    assert Store().last_metrics(run.id)["train/neg_elbo"] == 3.0


def test_options_that_an_earlier_version_did_not_have_get_their_defaults(packed: tuple[Run, bytes]):
    run, data = packed
    files = contents(data)
    config = {key: value for key, value in run.config.items() if key != "kl_estimator"}
    files[f"{run.id}/config.json"] = json.dumps(config).encode()
    row = json.loads(files[f"{run.id}/run.json"]) | {"config": config}
    files[f"{run.id}/run.json"] = json.dumps({key: value for key, value in row.items() if key != "note"}).encode()
    arrived = unpack(Store(), io.BytesIO(rezipped(files)))
    assert (arrived.config, arrived.note) == (run.config, "")
    assert json.loads((Store().folder(run.id) / "config.json").read_text()) == run.config


@pytest.mark.parametrize("brought", ["{secrets}", "elsewhere:{secrets}", "~"])
def test_an_imported_run_reads_no_folder_of_this_machine(tmp_path: Path, brought: str):
    secrets = tmp_path / "secrets"
    secrets.mkdir()
    for number in range(5):
        marked(Image.new("L", (28, 28), 100 + number)).save(secrets / f"{number}.png")
    folder, there = brought.format(secrets=secrets), Store(tmp_path / "elsewhere")
    run = a_run(there, dataset="folder", images=folder)
    here = Store()
    arrived = unpack(here, io.BytesIO(zipped(there, run)))
    assert arrived.config["folder"] == "elsewhere:" + folder.removeprefix("elsewhere:")
    assert arrived.config == json.loads((here.folder(run.id) / "config.json").read_text())
    config = parse(arrived.config)
    with pytest.raises(DataError, match="stay where it comes from"):
        load_for(config, "test")
    with pytest.raises(DataError, match="stay where it comes from"):
        queue.resume(here, run.id)
    with opened(io.BytesIO(zipped(here, arrived))) as (unpacked, _):  # as ``genmodels.load`` looks into a zip
        assert json.loads((unpacked / "config.json").read_text()) == arrived.config


def test_what_a_killed_import_left_goes_at_the_next(packed: tuple[Run, bytes]):
    run, data = packed
    store = Store()
    left = store.runs_folder / ".importing-x7" / run.id
    left.mkdir(parents=True)
    (left / "run.json").write_bytes(contents(data)[f"{run.id}/run.json"])
    store.path.unlink()
    store = Store()
    assert store.runs() == []
    unpack(store, io.BytesIO(data))
    assert [path.name for path in store.runs_folder.iterdir()] == [run.id]


def test_a_folder_that_has_no_row_is_kept_aside(packed: tuple[Run, bytes]):
    run, data = packed
    store = Store()
    store.folder(run.id).mkdir()
    (store.folder(run.id) / "run.json").write_text("cut sho")
    unpack(store, io.BytesIO(data))
    (aside,) = (path for path in store.runs_folder.iterdir() if path.name != run.id)
    assert (aside / "run.json").read_text() == "cut sho"
    store.path.unlink()
    assert Store().runs() == [run]


def test_neither_torch_nor_streamlit_is_loaded_for_it():
    code = "import sys, genmodels.runs.archive; print({'torch', 'streamlit'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True)
    assert run.stdout.strip() == "set()"


# Packing while the run goes on


def test_nothing_temporary_is_packed(tmp_path: Path):
    store = Store()
    run = a_run(store)
    folder = store.folder(run.id)
    (folder / "checkpoints" / ".writing-00000006").mkdir()
    (folder / "checkpoints" / ".writing-00000006" / WEIGHTS).write_bytes(b"half")
    (folder / ".metrics.csv.x7").write_text("half")
    (folder / "pictures" / ".samples.png.x7").write_text("half")
    (tmp_path / "secret").write_text("not of this run")
    (folder / "secret").symlink_to(tmp_path / "secret")
    names = [name.removeprefix(f"{run.id}/") for name in contents(zipped(store, run))]
    assert sorted(names) == sorted(
        ["config.json", "metrics.csv", "run.json", "worker.log", "pictures/samples-00000005.png"]
        + ["latents/step-00000005-test-2000/codes.npz", "codes/mu-00000005.npy"]
        + [f"checkpoints/step-0000000{step}/{name}" for step in (4, 5) for name in (WEIGHTS, TRAINING, STATE)]
    )


@pytest.mark.parametrize("damage", ["half gone", "changed"])
def test_a_checkpoint_that_is_not_whole_is_left_out(tmp_path: Path, damage: str):
    elsewhere = Store(tmp_path / "elsewhere")
    run = a_run(elsewhere)
    weights = elsewhere.folder(run.id) / "checkpoints" / "step-00000004" / WEIGHTS
    if damage == "half gone":
        weights.unlink()
    else:
        weights.write_bytes(weights.read_bytes()[:-1] + b"!")
    unpack(Store(), io.BytesIO(zipped(elsewhere, run)))
    assert [path.name for path in (Store().folder(run.id) / "checkpoints").iterdir()] == ["step-00000005"]


@pytest.mark.parametrize("moment", ["checked", "opened", "saved"])
def test_a_checkpoint_that_goes_while_packing_is_whole_or_left_out(
    moment: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """As a worker removes the oldest at each save: between any two things that packing does."""
    elsewhere = Store(tmp_path / "elsewhere")
    run = a_run(elsewhere)
    folder = elsewhere.folder(run.id) / "checkpoints"

    def remove() -> None:
        for path in [*(folder / "step-00000004").glob("*")]:
            path.unlink()

    def then(original: Callable) -> Callable:
        def wrapped(*arguments: Any) -> Any:
            result = original(*arguments)
            remove()
            return result

        return wrapped

    if moment == "checked":
        monkeypatch.setattr(archive, "verify", then(archive.verify))
    elif moment == "opened":
        monkeypatch.setattr(archive, "_open_whole", then(archive._open_whole))
    else:
        monkeypatch.setattr(elsewhere, "save_copy", then(elsewhere.save_copy))
    data = zipped(elsewhere, run)
    monkeypatch.undo()
    unpack(Store(tmp_path / "third"), io.BytesIO(data))
    kept = sorted(path.name for path in (Store(tmp_path / "third").folder(run.id) / "checkpoints").iterdir())
    assert kept == (["step-00000005"] if moment == "checked" else ["step-00000004", "step-00000005"])


def test_pictures_and_codes_may_come_and_go_while_a_run_is_packed(tmp_path: Path):
    store = Store(tmp_path / "elsewhere")
    run = a_run(store)
    whole = contents(zipped(store, run)).keys()
    folder = store.folder(run.id)
    packed = looks_meanwhile(lambda: contents(zipped(store, run)).keys(), lambda: come_and_go(folder), 1000)
    assert all(whole <= names for names in packed)


def test_a_run_that_is_gone_cannot_be_packed():
    with pytest.raises(ArchiveError, match="no longer there"):
        pack(Store(), "vae-20260101-000000-00000000", io.BytesIO())
    assert Store().runs() == []
