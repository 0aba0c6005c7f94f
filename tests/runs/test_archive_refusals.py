"""Zips that are cut short, foreign or hostile: each is refused with the reason, and changes nothing."""

import io
import pickle
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from genmodels.runs import archive, zip_members
from genmodels.runs.archive import unpack
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from tests.support.archives import contents, packed, refusal, rezipped
from tests.support.helpers import Malicious

__all__ = ["packed"]


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
    "{id}/other.lock",
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
