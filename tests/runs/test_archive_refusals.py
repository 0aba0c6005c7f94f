"""Zips that are cut short, foreign or hostile: each is refused with the reason, and changes nothing."""

import hashlib
import io
import json
import pickle
import sqlite3
import stat
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from genmodels.checkpoints.integrity import STATE, TRAINING, WEIGHTS
from genmodels.config.families import VAEConfig
from genmodels.runs import archive, zip_members
from genmodels.runs.archive import ArchiveError, unpack
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.support.archives import contents, packed, rezipped
from tests.support.helpers import Malicious, tree

__all__ = ["packed"]


def refusal(data: bytes) -> str:
    """The sentence with which a zip is refused, after which everything is as it was before."""
    store = Store()
    present = store.create(VAEConfig().model_dump())
    store.add_metrics(present.id, 1, 0.1, {"train/kl": 1.0})

    def everything() -> tuple:
        with sqlite3.connect(store.path) as connection:
            return tree(store.runs_folder), list(connection.iterdump())

    before = everything()
    with pytest.raises(ArchiveError) as caught:
        unpack(store, io.BytesIO(data))
    assert everything() == before
    assert "\n" not in str(caught.value)
    assert str(caught.value).endswith(".")
    return str(caught.value)


@pytest.mark.parametrize("part", [0, 0.01, 0.3, 0.6, 0.9, 0.99, 0.9999])
def test_a_truncated_zip_is_refused(packed: tuple[Run, bytes], part: float):
    _, data = packed
    assert "cut short" in refusal(data[: int(len(data) * part)])


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04" + b"\0" * 500, pickle.dumps(Malicious())])
def test_what_is_no_zip_is_refused(data: bytes):
    assert "not a zip" in refusal(data)


def test_no_changed_byte_goes_unnoticed(packed: tuple[Run, bytes]):
    """Of the data; a changed byte in a date or a flag of the zip itself does no harm."""
    _, data = packed
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        starts = [member.header_offset + 30 + len(member.filename) + 20 for member in file.infolist()]
    for start in starts:
        broken = data[:start] + bytes([data[start] ^ 0xFF]) + data[start + 1 :]
        assert "damaged" in refusal(broken) or "cut short" in refusal(broken), start


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"readme.txt": b"hello"},
        {"Fotos/Überall.png": b"hello", "Fotos/run.json/x": b""},
        {"a/config.json": b"{}", "a/metrics.csv": b""},
        {"a/run.json": b"{}", "b/config.json": b"{}", "b/metrics.csv": b""},
    ],
)
def test_a_foreign_zip_is_refused(files: dict[str, bytes]):
    assert "is not a run of this program" in refusal(rezipped(files))


NAMES = [
    "../evil",
    "/etc/evil",
    "{id}/../../evil",
    "{id}/a/../evil",
    "{id}/a\\..\\evil",
    "C:\\evil",
    "evil",
    "other/evil",
]
NAMES += [
    "{id}/.hidden",
    "{id}//evil",
    "./{id}/evil",
    "{id}/./evil",
    "{id}/ev\nil",
    "{id}/" + 200 * "e",
    "{id}/worker.lock",
]


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_elsewhere_are_refused(packed: tuple[Run, bytes], home: Path, name: str):
    run, data = packed
    name = name.format(id=run.id)
    assert "no plain file of a run" in refusal(rezipped(contents(data) | {name: b"evil"}))
    assert not list(home.parent.rglob("*evil*"))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFDIR])
def test_what_is_no_file_is_refused(packed: tuple[Run, bytes], kind: int):
    run, data = packed
    buffer = io.BytesIO(data)
    with zipfile.ZipFile(buffer, "a") as file:
        link = zipfile.ZipInfo(f"{run.id}/link")
        link.external_attr = (kind | 0o777) << 16
        file.writestr(link, "/etc/passwd")
    assert "no plain file of a run" in refusal(buffer.getvalue())


@pytest.mark.parametrize("of", ["ratio", "bytes", "files", "json"])
def test_a_bomb_is_refused_before_it_is_unpacked(packed: tuple[Run, bytes], of: str, monkeypatch: pytest.MonkeyPatch):
    run, data = packed
    files = contents(data)
    if of == "ratio":
        files[f"{run.id}/zeros"] = bytes(2 * zip_members.MOST_JSON)
    elif of == "bytes":
        monkeypatch.setattr(zip_members, "MOST_BYTES", 10_000)
        files[f"{run.id}/much"] = np.random.default_rng(0).bytes(10_000)
    elif of == "files":
        monkeypatch.setattr(zip_members, "MOST_FILES", 20)
        files |= {f"{run.id}/file-{index}": b"" for index in range(20)}
    else:
        monkeypatch.setattr(zip_members, "MOST_JSON", 10_000)
        files[f"{run.id}/run.json"] += b" " * 10_000
    bomb = rezipped(files)
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    assert "more than any run needs" in refusal(bomb)


def test_a_size_that_lies_is_refused(packed: tuple[Run, bytes]):
    """The directory of the zip says 1 byte, but there are more."""
    run, data = packed
    whole = rezipped(contents(data) | {f"{run.id}/zeros": bytes(10_000_000)})
    place = whole.rindex(f"{run.id}/zeros".encode()) - 46
    size = slice(place + 24, place + 28)
    assert int.from_bytes(whole[size], "little") == 10_000_000
    assert "damaged or cut short" in refusal(whole[: size.start] + (1).to_bytes(4, "little") + whole[size.stop :])


def test_a_nested_bomb_is_refused(packed: tuple[Run, bytes], monkeypatch: pytest.MonkeyPatch):
    run, data = packed
    buffer = io.BytesIO()
    np.savez_compressed(buffer, mu=np.zeros(100_000))
    monkeypatch.setattr(zip_members, "MOST_BYTES", 100_000)
    name = f"{run.id}/latents/step-00000005-test-2000/codes.npz"
    assert "codes.npz unpacks to more" in refusal(rezipped(contents(data) | {name: buffer.getvalue()}))


def test_a_nested_bomb_of_zeros_is_refused(packed: tuple[Run, bytes]):
    """Small as a zip, small as an array on the disk, and large in memory."""
    run, data = packed
    buffer = io.BytesIO()
    np.savez_compressed(buffer, mu=np.zeros(2 * zip_members.MOST_JSON, np.uint8))
    name = f"{run.id}/latents/step-00000005-test-2000/codes.npz"
    assert "codes.npz unpacks to more" in refusal(rezipped(contents(data) | {name: buffer.getvalue()}))


def test_swapped_checkpoints_are_refused(packed: tuple[Run, bytes]):
    run, data = packed
    files = contents(data)
    four, five = (f"{run.id}/checkpoints/step-0000000{step}/{WEIGHTS}" for step in (4, 5))
    files[four], files[five] = files[five], files[four]
    assert "weights.safetensors is not what was written" in refusal(rezipped(files))


@pytest.mark.parametrize("name", [WEIGHTS, TRAINING, STATE])
def test_an_incomplete_checkpoint_is_refused(packed: tuple[Run, bytes], name: str):
    run, data = packed
    files = contents(data)
    del files[f"{run.id}/checkpoints/step-00000005/{name}"]
    assert "Checkpoint step-00000005 is incomplete" in refusal(rezipped(files))


@pytest.mark.parametrize("name", [WEIGHTS, TRAINING, STATE])
@pytest.mark.parametrize("digests", ["kept", "put right", "taken out"])
def test_a_pickle_in_place_of_weights_is_refused_and_does_not_run(
    packed: tuple[Run, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, digests: str
):
    monkeypatch.chdir(tmp_path)
    run, data = packed
    files = contents(data)
    folder = f"{run.id}/checkpoints/step-00000005"
    files[f"{folder}/{name}"] = pickle.dumps(Malicious())
    if name != STATE and digests != "kept":
        state = json.loads(files[f"{folder}/{STATE}"])
        if digests == "put right":
            state["sha256"][name] = hashlib.sha256(files[f"{folder}/{name}"]).hexdigest()
        else:
            del state["sha256"][name]
        files[f"{folder}/{STATE}"] = json.dumps(state).encode()
    assert "Checkpoint step-00000005" in refusal(rezipped(files))
    assert not Path("ran").exists()


def test_a_checkpoint_of_another_version_is_refused(packed: tuple[Run, bytes]):
    run, data = packed
    files = contents(data)
    name = f"{run.id}/checkpoints/step-00000005/{STATE}"
    files[name] = json.dumps(json.loads(files[name]) | {"format": 99}).encode()
    assert "written by another version (format 99)" in refusal(rezipped(files))


CHANGES: dict[str, dict[str, Any]] = {
    "an unknown option of a row": {"colour": "red"},
    "a state that there is not": {"state": "exploded"},
    "a name that is no text": {"name": ["x"]},
    "a step below zero": {"step": -1},
    "a step that no database takes": {"step": 2**70},
    "a day that no calendar has": {"created": 1e300},
    "a time that is no number": {"created": float("nan")},
    "events that are none": {"events": [{"time": 0.0, "level": "shout", "text": "x"}]},
    "an unknown family": {"config": {"family": "diffusion"}},
    "an option of another version": {"config": VAEConfig().model_dump() | {"flow": True}},
    "a value out of bounds": {"config": VAEConfig().model_dump() | {"epochs": 10**9}},
    "a config that is none": {"config": []},
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_another_version_wrote_is_refused(packed: tuple[Run, bytes], change: dict[str, Any]):
    run, data = packed
    files = contents(data)
    row = json.loads(files[f"{run.id}/run.json"]) | change
    files[f"{run.id}/run.json"] = json.dumps(row).encode()
    files[f"{run.id}/config.json"] = json.dumps(row["config"]).encode()
    assert "another version" in refusal(rezipped(files))


@pytest.mark.parametrize("new", ["../evil", "vae 1", "VAE", "", "x" * 200])
def test_an_id_that_is_none_is_refused(packed: tuple[Run, bytes], new: str):
    run, data = packed
    files = contents(data)
    row = json.loads(files[f"{run.id}/run.json"]) | {"id": new}
    files[f"{run.id}/run.json"] = json.dumps(row).encode()
    refusal(rezipped(files))


@pytest.mark.parametrize("other", [{"id": "vae-20260101-000000-00000000"}, {"config": VAEConfig().model_dump()}])
def test_parts_of_different_runs_are_refused(packed: tuple[Run, bytes], other: dict[str, Any]):
    run, data = packed
    files = contents(data)
    files[f"{run.id}/run.json"] = json.dumps(json.loads(files[f"{run.id}/run.json"]) | other).encode()
    assert "of different runs" in refusal(rezipped(files))


DAMAGES: dict[str, tuple[str, bytes]] = {
    "a picture cut short": ("pictures/samples-00000005.png", b"\x89PNG\r\n\x1a\n1234"),
    "a picture that is text": ("pictures/samples-00000005.png", b"hello"),
    "a picture without a step": ("pictures/samples-x.png", b"hello"),
    "a row that is half there": ("metrics.csv", b"name,step,epoch,value\ntrain/kl,1,0.1,1.0\ntrain/kl,tw"),
    "curves of another program": ("metrics.csv", b"a,b\n1,2\n"),
    "a step that no database takes": ("metrics.csv", b"name,step,epoch,value\nx,99999999999999999999,0.1,1.0\n"),
    "bytes in place of rows": ("metrics.csv", b"\xff\x00" * 1000),
    "a line without end": ("metrics.csv", b"name,step,epoch,value\n" + b"x" * 1_000_000),
    "a row that is cut short": ("run.json", b'{"id": "va'),
    "a row that is text": ("run.json", b'"hello"'),
    "brackets without end": ("run.json", b"[" * 1_000_000),
    "a config that is text": ("config.json", b'"hello"'),
    "codes that are none": ("latents/step-00000005-test-2000/codes.npz", pickle.dumps(Malicious())),
    "a checkpoint without a number": ("checkpoints/step-x/state.json", b"{}"),
    "a file in the place of a checkpoint": ("checkpoints/step-00000009", b""),
    "a file in the place of a folder": ("pictures", b""),
}


@pytest.mark.parametrize(("name", "content"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_part_is_refused(packed: tuple[Run, bytes], name: str, content: bytes):
    run, data = packed
    refusal(rezipped(contents(data) | {f"{run.id}/{name}": content}))


def test_an_encrypted_zip_is_refused(packed: tuple[Run, bytes]):
    """As far as this program is concerned it is: a flag says so at each member."""
    _, data = packed
    encrypted = bytearray(data)
    start = 0
    while (start := data.find(b"PK\x01\x02", start)) >= 0:
        encrypted[start + 8] |= 1
        start += 4
    assert "damaged" in refusal(bytes(encrypted))


def test_a_run_that_is_here_already_is_refused(packed: tuple[Run, bytes]):
    _, data = packed
    unpack(Store(), io.BytesIO(data))
    assert "here already, as A name with ü" in refusal(data)


def test_a_full_disk_leaves_nothing(packed: tuple[Run, bytes], monkeypatch: pytest.MonkeyPatch):
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.shutil, "copyfileobj", full)
    assert "No space left on device" in refusal(packed[1])
