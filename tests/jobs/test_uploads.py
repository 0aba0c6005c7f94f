"""Zips of images from anywhere: what becomes of them, and what is refused with nothing left behind."""

import io
import os
import stat
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genmodels.config.families import VAEConfig
from genmodels.data.folder_check import inspect_folder
from genmodels.errors import UserError
from genmodels.jobs import uploads
from genmodels.jobs.uploads import unpack_images
from genmodels.runs.store import Store
from tests.support.archives import rezipped


def png(seed: int) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(seed).integers(0, 256, (8, 8), dtype=np.uint8)).save(buffer, "png")
    return buffer.getvalue()


def pictures(*names: str) -> dict[str, bytes]:
    return {name: png(seed) for seed, name in enumerate(names)}


def unpacked(files: dict[str, bytes]) -> Path:
    return unpack_images(Store(), io.BytesIO(rezipped(files)))


def left() -> list[Path]:
    folder = Store().root / "uploads"
    return list(folder.iterdir()) if folder.exists() else []


def test_the_images_of_a_zip_become_a_folder_of_classes():
    files = pictures("emojis/faces/Grinse 1.png", "emojis/faces/2.PNG", "emojis/猫/1.png")
    folder = unpacked(files | {"emojis/readme.txt": b"mine", "__MACOSX/emojis/._1.png": b"x", "emojis/.t/1.png": b"x"})
    report = inspect_folder(folder)
    assert set(report.good) == {"faces/Grinse 1.png", "faces/2.PNG", "猫/1.png"}
    assert report.classes == ("faces", "猫")
    assert (folder / "猫" / "1.png").read_bytes() == files["emojis/猫/1.png"]


def test_the_same_zip_is_unpacked_once():
    files = pictures("1.png", "2.png", "3.png")
    first = unpacked(files)
    assert unpacked(files) == first
    assert left() == [first]


def link() -> bytes:
    """A zip whose image is a link to a file of the server."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("a.png")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def encrypted() -> bytes:
    """A zip that says so of its image, in both places."""
    data = bytearray(rezipped(pictures("a.png")))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def damaged() -> bytes:
    """A zip with an image of which ten bytes are lost."""
    data = bytearray(rezipped(pictures("a.png")))
    data[60:70] = bytes(10)
    return bytes(data)


HOSTILE = {
    "absolute": (rezipped(pictures("/tmp/a.png", "b.png")), "no plain file within it"),
    "a name that is too long": (rezipped(pictures("x" * 300 + ".png")), "no plain file within it"),
    "a name that cannot be shown": (rezipped(pictures("a\n.png")), "no plain file within it"),
    "a link": (link(), "no plain file within it"),
    "a bomb": (rezipped({"a.png": bytes(2**23)}), "as if to fill the disk"),
    "encrypted": (encrypted(), "is encrypted"),
    "no images": (rezipped({"a.txt": b"a"}), "holds no images"),
    "no zip": (b"not a zip", "is not a zip"),
    "cut short": (rezipped(pictures("a.png"))[:-30], "is not a zip"),
    "damaged": (damaged(), "damaged"),
    "a file where a folder is": (
        rezipped(pictures("a.png", "a.png/b.png")),
        r"a file and a folder of one name, or a file twice \('a.png/b.png'\)",
    ),
    "a folder where a file is": (
        rezipped(pictures("a.png/b.png", "a.png")),
        r"a file and a folder of one name, or a file twice \('a.png'\)",
    ),
    "folders in a file": (
        rezipped(pictures("a.png", "a.png/b/c.png")),
        r"a file and a folder of one name, or a file twice \('a.png/b/c.png'\)",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_will_not_do_is_refused_in_one_sentence_and_leaves_nothing(name: str, tmp_path: Path):
    data, reason = HOSTILE[name]
    with pytest.raises(UserError, match=reason) as caught:
        unpack_images(Store(), io.BytesIO(data))
    assert "\n" not in str(caught.value)
    assert "upload that" in str(caught.value)
    assert left() == []


@pytest.mark.parametrize("name", ["../a.png", "b/../../a.png", "..\\a.png"])
def test_a_way_out_of_the_folder_is_passed_over(name: str):
    folder = unpacked(pictures(name, "b.png"))
    assert [path.name for path in folder.rglob("*")] == ["b.png"]
    assert left() == [folder]


def test_folders_by_backslashes_are_folders():
    assert inspect_folder(unpacked(pictures("a\\1.png", "b\\2.png", "b\\3.png"))).classes == ("a", "b")


def test_too_many_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    with pytest.raises(UserError, match="as if to fill the disk"):
        unpacked(pictures("1.png", "2.png", "3.png"))


@pytest.mark.parametrize(
    ("variable", "value"),
    [("GENMODELS_OWN_IMAGES", "0"), ("GENMODELS_MOST_FILES", "2"), ("GENMODELS_MOST_MEGABYTES", "0.0001")],
)
def test_the_policy_for_folders_holds(variable: str, value: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(variable, value)
    with pytest.raises(UserError, match="This server"):
        unpacked(pictures("1.png", "2.png", "3.png"))
    assert left() == []


def test_uploads_that_no_run_names_go_after_a_day():
    store = Store()
    used, unused, new = (unpacked(pictures(f"{name}.png")) for name in ("used", "unused", "new"))
    store.create(VAEConfig(dataset="folder", folder=str(used)).model_dump())
    for folder in (used, unused):
        os.utime(folder, times=(0, time.time() - 2 * 24 * 3600))
    (used.parent / ".unpacking-killed").mkdir()
    last = unpacked(pictures("last.png"))
    assert set(left()) == {used, new, last}
