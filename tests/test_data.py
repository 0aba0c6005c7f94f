"""Data sets: what the networks get, whatever happens to disk, network and the user's own files."""

import gzip
import hashlib
import http.client
import io
import os
import pickle
import tarfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal
from urllib.error import URLError

import numpy as np
import pytest
import torch
import torchvision.datasets
from PIL import Image

from genmodels import downloads
from genmodels.data import Dataset, load, to_uint8, to_unit
from genmodels.datasets import DATASETS
from genmodels.errors import DataError
from genmodels.image_folder import inspect_folder
from genmodels.report import Level

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every attempt to open an address fails at once."""

    def refuse(*arguments: Any, **options: Any) -> None:
        raise URLError("the test has no network")

    monkeypatch.setattr(urllib.request, "urlopen", refuse)


def tree(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Everything under ``folder``, with what changes when it is written to."""
    stats = {path.relative_to(folder).as_posix(): path.lstat() for path in folder.rglob("*")}
    return {name: (stat.st_ino, stat.st_mtime_ns, stat.st_size) for name, stat in stats.items()}


def refusal(name: str = "folder", **options: Any) -> str:
    """The one line that the user is told when the images cannot be had."""
    with pytest.raises(DataError) as caught:
        load(name, "train", **{"image_size": 28, "channels": 1} | options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# The embedded sample


@pytest.fixture(scope="module")
def sample() -> dict[str, Dataset]:
    splits: tuple[Literal["train", "test"], ...] = ("train", "test")
    return {split: load("mnist-sample", split, image_size=28, channels=1) for split in splits}


def digest(dataset: Dataset) -> str:
    assert dataset.labels is not None
    return hashlib.sha256(dataset.images.numpy().tobytes() + dataset.labels.numpy().tobytes()).hexdigest()


def test_the_sample_has_4000_images_to_learn_from_and_1000_held_out(sample: dict[str, Dataset]):
    assert sample["train"].images.shape == (4000, 1, 28, 28)
    assert sample["test"].images.shape == (1000, 1, 28, 28)
    for dataset in sample.values():
        assert dataset.images.dtype == torch.uint8
        assert dataset.labels is not None
        assert dataset.labels.dtype == torch.int64
        assert dataset.classes == tuple("0123456789")
        assert (dataset.images.min(), dataset.images.max()) == (0, 255)


def test_no_image_is_in_both_parts_and_each_class_is_in_proportion(sample: dict[str, Dataset]):
    train, test = ({image.numpy().tobytes() for image in sample[split].images} for split in ("train", "test"))
    assert not train & test
    assert len(train) + len(test) == 5000  # the sample has no image twice
    for split, count in (("train", 400), ("test", 100)):
        assert sample[split].labels.bincount().tolist() == [count] * 10  # type: ignore[union-attr]


def test_the_first_test_images_are_of_many_classes(sample: dict[str, Dataset]):
    """The previews show them."""
    labels = sample["test"].labels
    assert labels is not None
    assert len(labels[:32].unique()) >= 8


def test_the_split_is_the_same_at_every_load_in_every_process_for_ever(sample: dict[str, Dataset]):
    """If it moved, shipped models would be scored on images that they have learned from."""
    np.random.seed(5)
    torch.manual_seed(6)
    again = load("mnist-sample", "test", image_size=28, channels=1)
    assert digest(again) == digest(sample["test"]) == "2e97f89c0f98201ccd568be9aa4999e54eef2cf3e1baade29b179d573f833c11"
    assert digest(sample["train"]) == "ce681d9710a070274eeebc42e8b1154b50465b1722424317f8ac66da4a41e750"


@pytest.mark.parametrize(("image_size", "channels"), [(28, 3), (32, 1), (64, 3)])
def test_the_images_come_in_the_size_and_channels_asked_for(sample: dict[str, Dataset], image_size: int, channels: int):
    images = load("mnist-sample", "test", image_size=image_size, channels=channels).images
    assert images.shape == (1000, channels, image_size, image_size)
    assert images.dtype == torch.uint8
    assert torch.equal(images, images[:, :1].expand_as(images))
    original = sample["test"].images
    assert images.float().mean().item() == pytest.approx(original.float().mean().item(), rel=0.02)
    if image_size == 28:
        assert torch.equal(images[:, :1], original)


def test_another_size_is_refused_with_those_that_work():
    assert refusal("mnist-sample", image_size=48).endswith("choose one of 28, 32 or 64.")


# In memory, or streamed


def test_unit_and_uint8_are_inverse():
    every = torch.arange(256, dtype=torch.uint8)
    unit = to_unit(every)
    assert (unit.min(), unit.max()) == (0, 1)
    assert torch.equal(to_uint8(unit), every)
    assert to_uint8(torch.tensor([-0.2, 1.7, 0.5])).tolist() == [0, 255, 128]


def test_a_set_that_is_too_large_for_the_device_stays_where_it_is():
    images = torch.randint(0, 256, (20, 1, 28, 28), dtype=torch.uint8)
    whole = Dataset(images, torch.arange(20), ())
    elsewhere = torch.device("meta")  # a device that every machine has
    streamed, resident = whole.to(elsewhere, memory_limit=images.nbytes - 1), whole.to(elsewhere, images.nbytes)
    assert streamed.images is images
    assert resident.images.device == elsewhere
    for dataset in (streamed, resident):
        assert len(dataset) == 20
        batch, labels = dataset.batch(torch.tensor([3, 1]))
        assert labels is not None
        assert batch.device == labels.device == elsewhere


@pytest.mark.parametrize("labels", [torch.arange(20) % 3, None])
def test_streamed_batches_are_those_of_the_resident_set(labels: torch.Tensor | None):
    images = torch.randint(0, 256, (20, 3, 8, 8), dtype=torch.uint8)
    whole, indices = Dataset(images, labels, ()), torch.tensor([7, 0, 19, 7])
    streamed = whole.to(CPU, memory_limit=10)
    for (batch, own), kind in ((d.batch(indices), d) for d in (whole, whole.to(CPU), streamed)):
        assert torch.equal(batch, images[indices]), kind
        assert own is None if labels is None else torch.equal(own, labels[indices])  # type: ignore[arg-type]


# MNIST from a folder, from the cache, from the network


def write_mnist(raw: Path, packed: bool) -> dict[str, np.ndarray]:
    """A small MNIST as IDX files: 12 training images, 5 test images; the arrays by file name."""
    raw.mkdir(parents=True)
    numbers = np.random.default_rng(0)
    arrays = {}
    for prefix, n in (("train", 12), ("t10k", 5)):
        arrays[f"{prefix}-images-idx3-ubyte"] = numbers.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        arrays[f"{prefix}-labels-idx1-ubyte"] = numbers.integers(0, 10, n, dtype=np.uint8)
    for name, array in arrays.items():
        header = b"".join(number.to_bytes(4, "big") for number in (0x800 + array.ndim, *array.shape))
        content = header + array.tobytes()
        if packed:
            (raw / f"{name}.gz").write_bytes(gzip.compress(content))
        else:
            (raw / name).write_bytes(content)
    return arrays


def check_mnist(arrays: dict[str, np.ndarray], name: str = "mnist") -> None:
    """That ``load`` gives those arrays."""
    splits: tuple[tuple[Literal["train", "test"], str], ...] = (("train", "train"), ("test", "t10k"))
    for split, prefix in splits:
        dataset = load(name, split, image_size=28, channels=1)
        assert dataset.labels is not None
        assert np.array_equal(dataset.images[:, 0].numpy(), arrays[f"{prefix}-images-idx3-ubyte"])
        assert np.array_equal(dataset.labels.numpy(), arrays[f"{prefix}-labels-idx1-ubyte"])


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of GENMODELS_DATA, which must be left as the test has filled it."""
    folder = tmp_path / "given"
    monkeypatch.setenv("GENMODELS_DATA", str(folder))
    return folder


@pytest.mark.parametrize("packed", [False, True], ids=["unpacked", "only .gz"])
@pytest.mark.parametrize(("name", "source"), [("mnist", "MNIST"), ("fashion-mnist", "FashionMNIST")])
def test_the_given_folder_is_used_and_only_read(given: Path, packed: bool, name: str, source: str):
    arrays = write_mnist(given / source / "raw", packed)
    before = tree(given)
    check_mnist(arrays, name)
    check_mnist(arrays, name)
    assert tree(given) == before


def test_unpacked_files_are_kept_in_the_cache(given: Path, home: Path, monkeypatch: pytest.MonkeyPatch):
    arrays = write_mnist(given / "MNIST" / "raw", packed=True)
    check_mnist(arrays)
    assert os.listdir(home / "data") == ["MNIST"]
    monkeypatch.delenv("GENMODELS_DATA")
    check_mnist(arrays)


@pytest.mark.parametrize(
    ("damage", "named"),
    [
        pytest.param(lambda content: content[:-200], "train-images-idx3-ubyte.gz", id="truncated"),
        pytest.param(lambda content: content[:-9] + bytes(9), "train-images-idx3-ubyte.gz", id="changed"),
        pytest.param(lambda content: b"<html>", "train-images-idx3-ubyte.gz", id="something else"),
        pytest.param(lambda content: b"", "MNIST", id="empty"),
        pytest.param(lambda content: gzip.compress(b"not images"), "MNIST", id="something else packed"),
    ],
)
def test_a_damaged_gz_file_is_named_and_another_way_is_offered(
    given: Path, home: Path, damage: Callable[[bytes], bytes], named: str
):
    write_mnist(given / "MNIST" / "raw", packed=True)
    file = given / "MNIST" / "raw" / "train-images-idx3-ubyte.gz"
    file.write_bytes(damage(file.read_bytes()))
    before = tree(given)
    line = refusal("mnist")
    assert named in line
    assert "GENMODELS_DATA" in line
    assert "mnist-sample" in line
    assert tree(given) == before
    assert os.listdir(home / "data") == []


@pytest.mark.parametrize("damage", [lambda content: content[:-200], lambda content: b"", lambda content: b"\0" * 99])
def test_damaged_unpacked_files_do_not_end_in_a_traceback(given: Path, damage: Callable[[bytes], bytes]):
    write_mnist(given / "MNIST" / "raw", packed=False)
    file = given / "MNIST" / "raw" / "train-images-idx3-ubyte"
    file.write_bytes(damage(file.read_bytes()))
    assert "mnist-sample" in refusal("mnist")


@pytest.mark.parametrize("name", [name for name, info in DATASETS.items() if info.source])
def test_without_network_and_cache_the_sample_is_offered(home: Path, name: str):
    line = refusal(name)
    assert "mnist-sample" in line
    assert "GENMODELS_DATA" in line
    assert os.listdir(home / "data") == []


def test_cifar10_is_unpacked_from_the_given_folder(given: Path, monkeypatch: pytest.MonkeyPatch):
    """One archive of pickled batches, each with a published sum, here those of a small set."""
    given.mkdir()
    images = np.random.default_rng(0).integers(0, 256, (6, 3, 32, 32), dtype=np.uint8)
    batches: dict[str, dict[str, Any]] = {
        "data_batch_1": {"data": images[:4].reshape(4, -1), "labels": [3, 1, 4, 1]},
        "test_batch": {"data": images[4:].reshape(2, -1), "labels": [5, 9]},
        "batches.meta": {"label_names": list(DATASETS["cifar10"].classes)},
    }
    files = {name: pickle.dumps(batch) for name, batch in batches.items()}
    with tarfile.open(given / "cifar-10-python.tar.gz", "w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"cifar-10-batches-py/{name}")
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    sums = {name: hashlib.md5(content).hexdigest() for name, content in files.items()}
    kind = torchvision.datasets.CIFAR10
    monkeypatch.setattr(kind, "train_list", [["data_batch_1", sums["data_batch_1"]]])
    monkeypatch.setattr(kind, "test_list", [["test_batch", sums["test_batch"]]])
    monkeypatch.setattr(kind, "meta", kind.meta | {"md5": sums["batches.meta"]})
    before = tree(given)
    dataset = load("cifar10", "train", image_size=32, channels=3)
    assert np.array_equal(dataset.images.numpy(), images[:4])
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [3, 1, 4, 1]
    assert tree(given) == before


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """What the network has: the small MNIST's files by name, which a test may change."""
    write_mnist(tmp_path / "mirror", packed=True)
    files = {path.name: path.read_bytes() for path in (tmp_path / "mirror").iterdir()}

    def urlopen(request: urllib.request.Request, *arguments: Any) -> Any:
        response: Any = io.BytesIO(files[request.full_url.rpartition("/")[2]])
        response.url, response.length = request.full_url, len(response.getvalue())
        return response

    monkeypatch.setattr(urllib.request, "urlopen", urlopen)
    resources = [(name, hashlib.md5(files[name]).hexdigest()) for name, _ in torchvision.datasets.MNIST.resources]
    monkeypatch.setattr(torchvision.datasets.MNIST, "resources", resources)
    return files


def test_a_download_is_whole_and_happens_once(mirror: dict[str, bytes], home: Path, tmp_path: Path):
    arrays = write_mnist(tmp_path / "again", packed=True)
    check_mnist(arrays)
    assert os.listdir(home / "data") == ["MNIST"]
    mirror.clear()
    check_mnist(arrays)


def test_a_download_tells_how_much_has_come(mirror: dict[str, bytes], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(downloads, "TELL_SECONDS", 0.01)
    download = downloads._download

    def slow(*arguments: Any) -> None:
        download(*arguments)
        time.sleep(0.2)

    monkeypatch.setattr(downloads, "_download", slow)
    told: list[tuple[str, Level]] = []
    load("mnist", "train", image_size=28, channels=1, progress=lambda *text: told.append(text))
    assert told[0] == ("Downloading MNIST.", "info")
    assert any("MB so far" in text for text, _ in told[1:-1])
    assert told[-1] == ("MNIST downloaded.", "info")


def test_what_a_killed_download_left_goes_after_a_day(mirror: dict[str, bytes], home: Path):
    old, new = home / "data" / ".arriving-old", home / "data" / ".arriving-new"
    for folder in (old, new):
        folder.mkdir(parents=True)
    os.utime(old, (1.0, 1.0))
    load("mnist", "train", image_size=28, channels=1)
    assert sorted(os.listdir(home / "data")) == [".arriving-new", "MNIST"]


def test_a_damaged_cache_is_replaced(mirror: dict[str, bytes], home: Path, tmp_path: Path):
    raw = home / "data" / "MNIST" / "raw"
    arrays = write_mnist(raw, packed=False)
    (raw / "t10k-images-idx3-ubyte").write_bytes(b"half")
    check_mnist(arrays)


@pytest.mark.parametrize(
    "failure", [ConnectionResetError("reset"), TimeoutError("slow"), http.client.IncompleteRead(b"half")]
)
def test_a_download_that_breaks_off_leaves_the_cache_clean(
    mirror: dict[str, bytes], home: Path, monkeypatch: pytest.MonkeyPatch, failure: Exception
):
    """Two files have arrived by then, and half of the third."""
    _break_off(monkeypatch, failure)
    assert "mnist-sample" in refusal("mnist")
    assert os.listdir(home / "data") == []


def test_ctrl_c_during_a_download_leaves_the_cache_clean(
    mirror: dict[str, bytes], home: Path, monkeypatch: pytest.MonkeyPatch
):
    _break_off(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        load("mnist", "train", image_size=28, channels=1)
    assert os.listdir(home / "data") == []


def test_a_mirror_that_sends_something_else_leaves_the_cache_clean(mirror: dict[str, bytes], home: Path):
    mirror["t10k-labels-idx1-ubyte.gz"] = b"<html>This page has moved</html>"
    assert "mnist-sample" in refusal("mnist")
    assert os.listdir(home / "data") == []


def _break_off(monkeypatch: pytest.MonkeyPatch, failure: BaseException) -> None:
    """Let the third file fail after its first bytes."""
    urlopen = urllib.request.urlopen

    def broken(request: Any, *arguments: Any) -> Any:
        response = urlopen(request, *arguments)
        if "t10k-images" in request.full_url:
            parts = iter([b"\x1f\x8b"])

            def read(size: int) -> bytes:
                for part in parts:
                    return part
                raise failure

            response.read = read
        return response

    monkeypatch.setattr(urllib.request, "urlopen", broken)


# The user's own images


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
    return load("folder", "train", **options), load("folder", "test", **options)


def palette(**info: int) -> Image.Image:
    """All of index 1, which is red."""
    image = Image.new("P", (8, 8), 1)
    image.putpalette([0, 0, 255, 255, 0, 0])
    image.info.update(info)
    return image


RED, WHITE = (255, 0, 0), (255, 255, 255)


@pytest.mark.parametrize(
    ("image", "file", "colour", "grey"),
    [
        pytest.param(Image.new("L", (8, 8), 77), "a.png", (77, 77, 77), 77, id="grey"),
        pytest.param(Image.new("RGB", (8, 8), RED), "a.png", RED, 76, id="colour"),
        pytest.param(Image.new("RGB", (8, 8), RED), "a.JPG", RED, 76, id="jpeg"),
        pytest.param(Image.new("RGB", (8, 8), RED), "a.webp", RED, 76, id="webp"),
        pytest.param(Image.new("RGB", (8, 8), RED), "a.tif", RED, 76, id="tiff"),
        pytest.param(palette(), "a.gif", RED, 76, id="gif"),
        pytest.param(Image.new("RGBA", (8, 8), (*RED, 255)), "a.png", RED, 76, id="opaque"),
        pytest.param(Image.new("RGBA", (8, 8), (*RED, 0)), "a.png", WHITE, 255, id="transparent"),
        pytest.param(Image.new("RGBA", (8, 8), (0, 0, 0, 51)), "a.png", (204, 204, 204), 204, id="half transparent"),
        pytest.param(Image.new("LA", (8, 8), (0, 0)), "a.png", WHITE, 255, id="transparent grey"),
        pytest.param(palette(), "a.png", RED, 76, id="palette"),
        pytest.param(palette(transparency=1), "a.png", WHITE, 255, id="palette with transparency"),
        pytest.param(palette(transparency=0), "a.png", RED, 76, id="palette with another colour transparent"),
        pytest.param(Image.fromarray(np.full((8, 8), 65535, np.uint16)), "a.png", WHITE, 255, id="16 bits white"),
        pytest.param(Image.fromarray(np.full((8, 8), 32896, np.uint16)), "a.png", (128,) * 3, 128, id="16 bits grey"),
        pytest.param(Image.fromarray(np.full((8, 8), 32896, np.uint16)), "a.tif", (128,) * 3, 128, id="16 bits tiff"),
        pytest.param(Image.new("CMYK", (8, 8), (0, 255, 255, 0)), "a.jpg", RED, 76, id="cmyk"),
        pytest.param(Image.new("1", (8, 8), 1), "a.png", WHITE, 255, id="1 bit white"),
        pytest.param(Image.new("1", (8, 8), 0), "a.png", (0, 0, 0), 0, id="1 bit black"),
    ],
)
def test_every_kind_of_image_gets_the_right_colours(
    tmp_path: Path, image: Image.Image, file: str, colour: tuple[int, ...], grey: int
):
    folder = tmp_path / "images"
    for name in "bcd":
        (folder / name).mkdir(parents=True)
        image.save(folder / name / file, quality=95)
    for channels, expected in ((3, torch.tensor(colour)), (1, torch.tensor([grey]))):
        for dataset in load_both(folder, channels=channels):
            assert dataset.images.shape[1:] == (channels, 28, 28)
            difference = dataset.images.int() - expected.view(1, -1, 1, 1)
            assert difference.abs().max() <= (3 if file.lower().endswith(("jpg", "webp")) else 0)


@pytest.mark.parametrize("mode", ["L", "RGB", "1"])
def test_a_colour_that_is_marked_as_transparent_becomes_white(tmp_path: Path, mode: str):
    """PNG's tRNS chunk, in images without an alpha channel."""
    for index in range(3):
        image = Image.new(mode, (8, 8), 0)
        image.save(tmp_path / f"{index}.png", transparency=0 if mode != "RGB" else (0, 0, 0))
    assert all((dataset.images == 255).all() for dataset in load_both(tmp_path, channels=1))


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
    for index in range(3):
        Image.fromarray(array).save(tmp_path / f"{index}.png")
    assert (load_both(tmp_path, 28, 1)[0].images == 200).all()


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
    assert named["text.png"] == named["empty.jpg"] == "it is not an image"
    assert report.sizes[40, 40] == len(report.good) == 47

    told: list[tuple[str, Level]] = []
    train = load(
        "folder", "train", image_size=28, channels=3, folder=str(folder), progress=lambda *text: told.append(text)
    )
    test = load("folder", "test", image_size=28, channels=3, folder=str(folder))
    assert len(train) + len(test) == 47
    assert ("cut.png is left out: it is truncated or damaged.", "warning") in told
    assert ("text.png is left out: it is not an image.", "warning") in told


@pytest.mark.parametrize("error", [PermissionError(13, "Permission denied"), RuntimeError("odd"), MemoryError()])
def test_whatever_a_reader_raises_costs_one_image_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
):
    folder = fill(tmp_path / "images", 4)
    opened = Image.open

    def fail_for_one(path: Path) -> Image.Image:
        if path.name == "002.png":
            raise error
        return opened(path)

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


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_folder_with_too_few_images_is_refused(tmp_path: Path, n: int):
    """One must be held out, and a step needs two."""
    folder = fill(tmp_path / "images", n)
    line = refusal(folder=str(folder))
    assert f"has {n} readable images" in line
    assert "at least 3" in line


def test_three_images_are_enough(tmp_path: Path):
    train, test = load_both(fill(tmp_path / "images", 3))
    assert (len(train), len(test)) == (2, 1)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path):
    assert str(tmp_path / "nowhere") in refusal(folder=str(tmp_path / "nowhere"))


def test_the_users_home_folder_may_be_written_as_a_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    fill(tmp_path / "images", 5)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert len(load("folder", "train", image_size=28, channels=1, folder="~/images")) == 4


def test_the_packed_images_are_used_again_and_renewed_when_a_file_changes(tmp_path: Path, home: Path):
    folder = fill(tmp_path / "images", 5)
    before = tree(folder)
    first = load_both(folder)
    packed = tree(home / "cache")
    assert len(packed) == 2
    again = load_both(folder)
    assert tree(home / "cache") == packed
    assert all(torch.equal(a.images, b.images) for a, b in zip(first, again, strict=True))
    assert tree(folder) == before

    for path in folder.iterdir():
        Image.new("RGB", (40, 40), RED).save(path)
    assert all((dataset.images == torch.tensor(RED).view(1, 3, 1, 1)).all() for dataset in load_both(folder))
    renewed = tree(home / "cache")
    assert len(renewed) == 2  # the outdated ones are gone
    assert not renewed.keys() & packed.keys()
    assert all(torch.equal(a.images, b.images) for a, b in zip(first, again, strict=True))


def test_sizes_and_channels_are_packed_side_by_side(tmp_path: Path, home: Path):
    folder = fill(tmp_path / "images", 5)
    for image_size, channels in ((28, 1), (32, 1), (28, 3)):
        assert load_both(folder, image_size, channels)[0].images.shape == (4, channels, image_size, image_size)
    assert len(tree(home / "cache")) == 6


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
