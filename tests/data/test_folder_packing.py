"""Large folders of own images: each image is decoded once, what a crash interrupted goes on, and one hears how far it is."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image

from genmodels.data import folder as image_folder
from genmodels.data import folder_check
from genmodels.data.folder_check import inspect_folder
from genmodels.data.load import load_dataset
from genmodels.storage import cache
from tests.data.test_folder import fill, load_both

DECODE = folder_check.decode


def counting(names: list[str]) -> Callable[[Path], Image.Image]:
    """A ``decode`` that notes what it is asked for."""

    def decode(path: Path) -> Image.Image:
        names.append(path.name)
        return DECODE(path)

    return decode


def test_packing_goes_on_where_a_killed_process_had_come_to(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = fill(tmp_path / "images", 12)
    whole = [dataset.images.clone() for dataset in load_both(folder)]
    shutil.rmtree(home / "cache")
    monkeypatch.setattr(cache, "CHUNK", 2)
    decoded: list[str] = []

    def decode_or_die(path: Path) -> Image.Image:
        decoded.append(path.name)
        if len(decoded) == 8:
            raise KeyboardInterrupt
        return DECODE(path)

    monkeypatch.setattr(image_folder, "decode", decode_or_die)
    with pytest.raises(KeyboardInterrupt):
        load_both(folder)
    packed_before = len(decoded)
    monkeypatch.setattr(image_folder, "decode", counting(decoded))
    assert all(torch.equal(a.images, b) for a, b in zip(load_both(folder), whole, strict=True))
    assert 12 <= len(decoded) <= packed_before + 12 - 4  # at most the chunk that was under way is made twice
    assert {path.suffix for path in (home / "cache").iterdir()} == {".npy", ".json"}


def test_a_large_folder_tells_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(cache, "CHUNK", 2)
    monkeypatch.setattr(cache, "TOLD_EVERY", 4)
    told: list[str] = []
    options: dict[str, Any] = {"image_size": 28, "channels": 1, "folder": str(fill(tmp_path / "images", 12))}
    load_dataset("folder", "train", **options, progress=lambda text, level: told.append(text))
    assert "4 of 12 images are looked at." in told
    assert "8 of 12 images are looked at." in told
    assert "4 of 10 images are packed for training." in told


def test_good_images_are_decoded_once_and_the_others_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = fill(tmp_path / "images", 5)
    seen: list[str] = []

    def failing(path: Path) -> Image.Image:
        if path.name == "002.png":
            raise OSError("the disk is away")
        return DECODE(path)

    monkeypatch.setattr(folder_check, "decode", failing)
    assert [name for name, _ in inspect_folder(folder).unreadable] == ["002.png"]
    monkeypatch.setattr(folder_check, "decode", counting(seen))
    assert inspect_folder(folder).unreadable == ()
    assert seen == ["002.png"]
