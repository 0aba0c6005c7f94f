"""MNIST and the like from a folder, from the cache, from the network."""

import gzip
import hashlib
import io
import os
import pickle
import tarfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import torchvision.datasets

from genmodels.config.datasets import DATASETS
from genmodels.data import download
from genmodels.data.load import load_dataset
from genmodels.storage.callbacks import Level
from tests.support.file_server import Failure, FileServer
from tests.support.helpers import refusal, tree

pytestmark = pytest.mark.usefixtures("no_network")


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
    """That ``load_dataset`` gives those arrays."""
    splits: tuple[tuple[Literal["train", "test"], str], ...] = (("train", "train"), ("test", "t10k"))
    for split, prefix in splits:
        dataset = load_dataset(name, split, image_size=28, channels=1)
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
    dataset = load_dataset("cifar10", "train", image_size=32, channels=3)
    assert np.array_equal(dataset.images.numpy(), images[:4])
    assert dataset.labels is not None
    assert dataset.labels.tolist() == [3, 1, 4, 1]
    assert tree(given) == before


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FileServer]:
    """What the network has: the small MNIST's files by name, which a test may change."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    write_mnist(tmp_path / "mirror", packed=True)
    with FileServer({path.name: path.read_bytes() for path in (tmp_path / "mirror").iterdir()}) as server:
        kind = torchvision.datasets.MNIST
        sums = [(name, hashlib.md5(server.files[name]).hexdigest()) for name, _ in kind.resources]
        monkeypatch.setattr(kind, "resources", sums)
        monkeypatch.setattr(kind, "mirrors", [server.address])
        yield server


def test_a_download_is_whole_and_happens_once(mirror: FileServer, home: Path, tmp_path: Path):
    arrays = write_mnist(tmp_path / "again", packed=True)
    check_mnist(arrays)
    assert os.listdir(home / "data") == ["MNIST"]
    mirror.files.clear()
    check_mnist(arrays)


def test_two_that_want_a_set_at_once_share_one_download(mirror: FileServer, home: Path):
    mirror.halfway = lambda name: time.sleep(0.1)

    def images(_: int) -> np.ndarray:
        return load_dataset("mnist", "train", image_size=28, channels=1).images.numpy()

    with ThreadPoolExecutor(2) as both:
        one, other = both.map(images, range(2))
    assert np.array_equal(one, other)
    assert sorted(mirror.asked) == sorted(mirror.files)
    assert os.listdir(home / "data") == ["MNIST"]


def test_a_download_tells_how_much_has_come(mirror: FileServer, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(download, "TELL_SECONDS", 0.01)
    mirror.halfway = lambda name: time.sleep(0.1)
    told: list[tuple[str, Level]] = []
    load_dataset("mnist", "train", image_size=28, channels=1, progress=lambda *text: told.append(text))
    assert told[0] == ("Downloading MNIST.", "info")
    assert any("MB so far" in text for text, _ in told[1:-1])
    assert told[-1] == ("MNIST downloaded.", "info")


def test_what_a_killed_download_left_goes_with_the_next(mirror: FileServer, home: Path):
    left = home / "data" / ".arriving-MNIST" / "MNIST" / "raw"
    left.mkdir(parents=True)
    (left / "train-images-idx3-ubyte").write_bytes(b"half")
    load_dataset("mnist", "train", image_size=28, channels=1)
    assert os.listdir(home / "data") == ["MNIST"]


def test_a_damaged_cache_is_replaced(mirror: FileServer, home: Path, tmp_path: Path):
    raw = home / "data" / "MNIST" / "raw"
    arrays = write_mnist(raw, packed=False)
    (raw / "t10k-images-idx3-ubyte").write_bytes(b"half")
    check_mnist(arrays)


@pytest.mark.parametrize("failure", ["reset", "stall", "end"])
def test_a_download_that_breaks_off_leaves_the_cache_clean(
    mirror: FileServer, home: Path, monkeypatch: pytest.MonkeyPatch, failure: Failure
):
    """Two files have arrived by then, and half of the third."""
    monkeypatch.setattr(download, "TIMEOUT", 0.2)
    mirror.failure = ("t10k-images-idx3-ubyte.gz", failure)
    assert "mnist-sample" in refusal("mnist")
    assert os.listdir(home / "data") == []
    assert len(mirror.asked) == 3


def test_ctrl_c_during_a_download_leaves_the_cache_clean(
    mirror: FileServer, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(download, "TELL_SECONDS", 0.0)

    def press(text: str, level: Level) -> None:
        if "so far" in text and len(mirror.asked) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_dataset("mnist", "train", image_size=28, channels=1, progress=press)
    assert os.listdir(home / "data") == []


def test_a_mirror_that_sends_something_else_leaves_the_cache_clean(mirror: FileServer, home: Path):
    mirror.files["t10k-labels-idx1-ubyte.gz"] = b"<html>This page has moved</html>"
    assert "mnist-sample" in refusal("mnist")
    assert os.listdir(home / "data") == []


def test_the_next_mirror_helps_out(mirror: FileServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The first sends something else, or nothing."""
    names = [name for name, _ in torchvision.datasets.MNIST.resources]
    with FileServer(dict.fromkeys(names[:2], b"<html>This page has moved</html>")) as bad:
        monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [bad.address, mirror.address])
        check_mnist(write_mnist(tmp_path / "again", packed=True))
        assert bad.asked == mirror.asked == names
