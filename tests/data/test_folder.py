"""The user's own images, whatever is in their folder."""

import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from genmodels.data.dataset import Dataset
from genmodels.data.folder_check import inspect_folder
from genmodels.data.load import load_dataset
from genmodels.storage.callbacks import Level
from tests.support.helpers import come_and_go, looks_meanwhile, marked, refusal, tree

pytestmark = pytest.mark.usefixtures("no_network")


def noise_image(seed: int, side: int = 40) -> Image.Image:
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (side, side, 3), dtype=np.uint8))


def fill(folder: Path, n: int, first: int = 0) -> Path:
    """``n`` good PNGs, all different."""
    folder.mkdir(parents=True, exist_ok=True)
    for index in range(first, first + n):
        noise_image(index).save(folder / f"{index:03d}.png")
    return folder


def load_both(folder: Path, image_size: int = 28, channels: int = 3) -> tuple[Dataset, Dataset]:
    options: dict[str, Any] = {"image_size": image_size, "channels": channels, "folder": str(folder)}
    return load_dataset("folder", "train", **options), load_dataset("folder", "test", **options)


def palette(**info: int) -> Image.Image:
    """All of index 1, which is red."""
    image = Image.new("P", (32, 32), 1)
    image.putpalette([0, 0, 255, 255, 0, 0])
    image.info.update(info)
    return image


RED, WHITE = (255, 0, 0), (255, 255, 255)


@pytest.mark.parametrize(
    ("image", "file", "colour", "grey"),
    [
        pytest.param(Image.new("L", (32, 32), 77), "a.png", (77, 77, 77), 77, id="grey"),
        pytest.param(Image.new("RGB", (32, 32), RED), "a.png", RED, 76, id="colour"),
        pytest.param(Image.new("RGB", (32, 32), RED), "a.JPG", RED, 76, id="jpeg"),
        pytest.param(Image.new("RGB", (32, 32), RED), "a.webp", RED, 76, id="webp"),
        pytest.param(Image.new("RGB", (32, 32), RED), "a.tif", RED, 76, id="tiff"),
        pytest.param(palette(), "a.gif", RED, 76, id="gif"),
        pytest.param(Image.new("RGBA", (32, 32), (*RED, 255)), "a.png", RED, 76, id="opaque"),
        pytest.param(Image.new("RGBA", (32, 32), (*RED, 0)), "a.png", WHITE, 255, id="transparent"),
        pytest.param(Image.new("RGBA", (32, 32), (0, 0, 0, 51)), "a.png", (204, 204, 204), 204, id="half transparent"),
        pytest.param(Image.new("LA", (32, 32), (0, 0)), "a.png", WHITE, 255, id="transparent grey"),
        pytest.param(palette(), "a.png", RED, 76, id="palette"),
        pytest.param(palette(transparency=1), "a.png", WHITE, 255, id="palette with transparency"),
        pytest.param(palette(transparency=0), "a.png", RED, 76, id="palette with another colour transparent"),
        pytest.param(Image.fromarray(np.full((32, 32), 65535, np.uint16)), "a.png", WHITE, 255, id="16 bits white"),
        pytest.param(Image.fromarray(np.full((32, 32), 32896, np.uint16)), "a.png", (128,) * 3, 128, id="16 bits grey"),
        pytest.param(Image.fromarray(np.full((32, 32), 32896, np.uint16)), "a.tif", (128,) * 3, 128, id="16 bits tiff"),
        pytest.param(Image.new("CMYK", (32, 32), (0, 255, 255, 0)), "a.jpg", RED, 76, id="cmyk"),
        pytest.param(Image.new("1", (32, 32), 1), "a.png", WHITE, 255, id="1 bit white"),
        pytest.param(Image.new("1", (32, 32), 0), "a.png", (0, 0, 0), 0, id="1 bit black"),
    ],
)
def test_every_kind_of_image_gets_the_right_colours(
    tmp_path: Path, image: Image.Image, file: str, colour: tuple[int, ...], grey: int
):
    folder, shows = tmp_path / "images", marked(image)
    for name in "bcd":
        (folder / name).mkdir(parents=True)
        shows.save(folder / name / file, quality=95)
    for channels, expected in ((3, torch.tensor(colour)), (1, torch.tensor([grey]))):
        for dataset in load_both(folder, channels=channels):
            assert dataset.images.shape[1:] == (channels, 28, 28)
            difference = dataset.images[..., 21:].int() - expected.view(1, -1, 1, 1)
            assert difference.abs().max() <= (3 if file.lower().endswith(("jpg", "webp")) else 0)


@pytest.mark.parametrize(("mode", "grey"), [("L", 128), ("RGB", (128, 128, 128)), ("1", 1)])
def test_a_colour_that_is_marked_as_transparent_becomes_white(tmp_path: Path, mode: str, grey: Any):
    """PNG's tRNS chunk, in images without an alpha channel."""
    for index in range(3):
        image = Image.new(mode, (28, 28), 0)
        image.paste(grey, (0, 0, 14, 28))
        image.save(tmp_path / f"{index}.png", transparency=0 if mode != "RGB" else (0, 0, 0))
    if mode == "1":  # whose other colour is white
        assert "has 0 readable images" in refusal(folder=str(tmp_path))
        return
    assert all((dataset.images[..., 14:] == 255).all() for dataset in load_both(tmp_path, channels=1))


def test_a_photograph_is_turned_upright(tmp_path: Path):
    """Orientation 6: the camera was turned, and the stored left edge is the top."""
    array = np.zeros((32, 32), np.uint8)
    array[:, :16] = 255
    exif = Image.Exif()
    exif[0x0112] = 6
    for index in range(3):
        Image.fromarray(array).save(tmp_path / f"{index}.png", exif=exif)
    images = load_both(tmp_path, 32, 1)[0].images
    assert (images[0, 0, :14] == 255).all()
    assert (images[0, 0, 18:] == 0).all()


def test_a_wide_image_is_cropped_to_its_middle_not_squeezed(tmp_path: Path):
    array = np.zeros((28, 84), np.uint8)
    array[:, 28:56] = 200
    array[14:, 28:56] = 100
    for index in range(3):
        Image.fromarray(array).save(tmp_path / f"{index}.png")
    images = load_both(tmp_path, 28, 1)[0].images
    assert (images[..., :14, :] == 200).all()
    assert (images[..., 14:, :] == 100).all()


def test_unreadable_files_are_named_and_left_out(tmp_path: Path):
    """50 files, of which one is cut off, one is a text, and one is empty."""
    folder = fill(tmp_path / "images", 47)
    whole = (folder / "000.png").read_bytes()
    (folder / "cut.png").write_bytes(whole[: len(whole) // 2])
    (folder / "text.png").write_text("not an image")
    (folder / "empty.jpg").touch()
    report = inspect_folder(folder)
    named = dict(report.unreadable)
    assert named.keys() == {"cut.png", "text.png", "empty.jpg"}
    assert named["cut.png"] == "it is truncated or damaged"
    assert named["text.png"] == named["empty.jpg"] == "it is not an image of a known kind"
    assert report.sizes[40, 40] == len(report.good) == 47

    told: list[tuple[str, Level]] = []
    train = load_dataset(
        "folder", "train", image_size=28, channels=3, folder=str(folder), progress=lambda *text: told.append(text)
    )
    test = load_dataset("folder", "test", image_size=28, channels=3, folder=str(folder))
    assert len(train) + len(test) == 47
    assert ("cut.png is left out: it is truncated or damaged.", "warning") in told
    assert ("text.png is left out: it is not an image of a known kind.", "warning") in told


def test_an_image_that_would_fill_the_memory_is_left_out_before_it_is_unpacked(tmp_path: Path):
    """What a file of a few hundred kilobytes says in its header."""
    folder = fill(tmp_path / "images", 3)
    good = (folder / "000.png").read_bytes()
    head = b"IHDR" + struct.pack(">II", 9000, 9000) + good[24:29]
    bomb = good[:12] + head + struct.pack(">I", zlib.crc32(head)) + good[33:]
    (folder / "bomb.png").write_bytes(bomb)
    assert inspect_folder(folder).unreadable == (("bomb.png", "it has too many pixels"),)


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), RuntimeError("odd"), MemoryError()])
def test_whatever_a_reader_raises_costs_one_image_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    folder = fill(tmp_path / "images", 4)
    opened = Image.open

    def fail_for_one(path: Path, **readers: Any) -> Image.Image:
        if path.name == "002.png":
            raise error
        return opened(path, **readers)

    monkeypatch.setattr(Image, "open", fail_for_one)
    ((name, reason),) = inspect_folder(folder).unreadable
    assert name == "002.png"
    assert reason == ("it may not be read" if isinstance(error, PermissionError) else "it is truncated or damaged")


def test_subfolders_are_the_classes(tmp_path: Path):
    fill(tmp_path / "cats", 10)
    fill(tmp_path / "dogs" / "small", 5, first=10)
    fill(tmp_path / "dogs" / "large", 5, first=15)
    assert inspect_folder(tmp_path).classes == ("cats", "dogs")
    wanted = {np.asarray(noise_image(i).resize((28, 28))).tobytes(): int(i >= 10) for i in range(20)}
    assert len(wanted) == 20
    train, test = load_both(tmp_path)
    assert (len(train), len(test)) == (16, 4)
    for dataset, each in ((train, 8), (test, 2)):
        assert dataset.classes == ("cats", "dogs")
        assert dataset.labels is not None
        assert dataset.labels.bincount().tolist() == [each, each]
        for image, label in zip(dataset.images, dataset.labels, strict=True):
            assert wanted[image.permute(1, 2, 0).numpy().tobytes()] == label


def test_a_class_with_a_single_image_is_no_obstacle(tmp_path: Path):
    fill(tmp_path / "many", 9)
    fill(tmp_path / "one", 1, first=9)
    train, test = load_both(tmp_path)
    assert len(train) + len(test) == 10


@pytest.mark.parametrize("mixed", [False, True], ids=["no subfolders", "some images beside the subfolders"])
def test_without_subfolders_there_are_no_labels(tmp_path: Path, mixed: bool):
    folder = fill(tmp_path / "images", 5)
    if mixed:
        fill(folder / "more", 5, first=5)
    for dataset in load_both(folder):
        assert dataset.labels is None
        assert dataset.classes == ()
        assert dataset.batch(torch.tensor([0]))[1] is None


def test_hidden_and_other_files_are_passed_over_without_a_word(tmp_path: Path):
    """Such as macOS and file managers leave behind."""
    folder = fill(tmp_path / "images", 5)
    (folder / "._000.png").write_bytes(b"resource fork")
    fill(folder / ".thumbnails", 2)
    (folder / "notes.txt").write_text("mine")
    (folder / "folder.png").mkdir()
    report = inspect_folder(folder)
    assert report.good == tuple(f"{index:03d}.png" for index in range(5))
    assert report.unreadable == ()
    assert report.classes == ()


def test_images_may_come_and_go_while_they_are_looked_for(tmp_path: Path):
    fill(tmp_path, 3)
    found = looks_meanwhile(lambda: inspect_folder(tmp_path).good, lambda: come_and_go(tmp_path), 1000)
    assert set(found) == {("000.png", "001.png", "002.png")}


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_folder_with_too_few_images_is_refused(tmp_path: Path, n: int):
    """One must be held out, and a step needs two."""
    folder = fill(tmp_path / "images", n)
    line = refusal(folder=str(folder))
    assert f"has {n} readable image{'' if n == 1 else 's'} to train on" in line
    assert "at least 3" in line


def test_three_images_are_enough(tmp_path: Path):
    train, test = load_both(fill(tmp_path / "images", 3))
    assert (len(train), len(test)) == (2, 1)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path):
    assert str(tmp_path / "nowhere") in refusal(folder=str(tmp_path / "nowhere"))


def test_the_users_home_folder_may_be_written_as_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fill(tmp_path / "images", 5)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert len(load_dataset("folder", "train", image_size=28, channels=1, folder="~/images")) == 4


def test_the_packed_images_are_used_again_and_renewed_when_a_file_changes(tmp_path: Path, home: Path):
    folder = fill(tmp_path / "images", 5)
    before = tree(folder)
    first = load_both(folder)
    packed = tree(home / "cache")
    assert len(packed) == 3  # two splits, and what is known of the files
    again = load_both(folder)
    assert tree(home / "cache") == packed
    assert all(torch.equal(a.images, b.images) for a, b in zip(first, again, strict=True))
    assert tree(folder) == before

    for path in folder.iterdir():
        marked(Image.new("RGB", (40, 40), RED)).save(path)
    red = torch.tensor(RED).view(1, 3, 1, 1)
    assert all((dataset.images[..., 21:] == red).all() for dataset in load_both(folder))
    renewed = tree(home / "cache")
    assert len(renewed) == 3  # the outdated ones are gone
    assert not renewed.keys() & packed.keys()
    assert all(torch.equal(a.images, b.images) for a, b in zip(first, again, strict=True))


def test_sizes_and_channels_are_packed_side_by_side(tmp_path: Path, home: Path):
    folder = fill(tmp_path / "images", 5)
    for image_size, channels in ((28, 1), (32, 1), (28, 3)):
        assert load_both(folder, image_size, channels)[0].images.shape == (4, channels, image_size, image_size)
    assert len(list((home / "cache").glob("images-*"))) == 6


def test_nobody_who_writes_to_the_images_changes_the_packed_file(tmp_path: Path):
    folder = fill(tmp_path / "images", 5)
    train, _ = load_both(folder)
    kept = train.images.clone()
    train.images.zero_()
    assert torch.equal(load_both(folder)[0].images, kept)


@pytest.mark.skipif(not Path("/proc/self/maps").exists(), reason="needs Linux to tell what memory is made of")
def test_own_images_stay_on_disk_until_they_are_asked_for(tmp_path: Path, home: Path):
    for dataset in load_both(fill(tmp_path / "images", 5)):
        address = dataset.images.data_ptr()
        for line in Path("/proc/self/maps").read_text().splitlines():
            first, last = (int(number, 16) for number in line.split()[0].split("-"))
            if first <= address < last:
                assert str(home / "cache") in line
