"""What is known to fail beforehand is one line, at the terminal and on a page, and leaves no run behind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from genmodels import machine
from genmodels.cli import train
from genmodels.config.families import VAEConfig
from genmodels.data.folder_check import require_folder
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.runs.store import Store
from tests.support.pretended_nvml import pretend


@pytest.fixture(autouse=True)
def only_a_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    pretend(monkeypatch, 0)
    monkeypatch.setattr(machine, "has_mps", lambda: False)


def refused(arguments: str) -> str:
    """What `train.py` says instead of training."""
    with pytest.raises(SystemExit) as left:
        train.main(arguments.split())
    line = left.value.code
    assert isinstance(line, str)
    assert "\n" not in line
    assert Store().runs() == []
    return line.removeprefix("train.py: ")


def images(folder: Path, *names: str) -> Path:
    """Files that are called like images."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return folder


@pytest.mark.parametrize("device", ["cuda", "cuda:7", "mps"])
def test_a_device_that_is_not_there(device: str):
    assert refused(f"vae --device {device}") == f"There is no {device} here: choose the device auto or cpu."


def test_more_processes_than_there_are_gpus(monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, 2)
    line = refused("vae --device cuda --processes 3")
    assert line == "There is no cuda:2 here, only cuda:0, cuda:1: choose fewer processes."


def test_a_batch_that_is_too_small_for_the_processes(monkeypatch: pytest.MonkeyPatch):
    line = "A batch of 6 leaves a process less than 2 images: choose a batch size of at least 8 for 4 processes, or fewer processes."
    assert refused("vae --device cpu --processes 4 --batch-size 6") == line
    monkeypatch.setenv("WORLD_SIZE", "4")  # as torchrun does
    assert refused("vae --device cpu --batch-size 6") == line


@pytest.mark.parametrize("folder", ["{tmp}/nowhere", "~nobody-of-that-name/pictures"])
def test_a_folder_that_is_not_there(folder: str, tmp_path: Path):
    named = folder.format(tmp=tmp_path)
    assert refused(f"vae --dataset folder --folder {named}").startswith(f"There is no folder {named}: ")


def test_blanks_in_the_name_of_a_folder_are_seen(tmp_path: Path):
    for named, told in ((" ", "The name of the folder is blank: "), ("/gone ", 'There is no folder "/gone ": ')):
        with pytest.raises(UserError, match=f"^{told}give the path of a folder with images"):
            require_folder(Path(named))


def test_a_folder_without_images(tmp_path: Path):
    folder = images(tmp_path / "pictures", "1.png", "2.png", "notes.txt")
    assert "2 readable images to train on: at least 3 are needed" in refused(f"vae --dataset folder --folder {folder}")


@pytest.mark.parametrize(
    ("family", "names", "told"),
    [
        ("cgan", ("1.png", "2.png", "3.png"), "These images have no classes: "),
        ("classifier", ("a/1.png", "a/2.png", "a/b/3.png"), "A classifier needs images of at least 2 classes: "),
    ],
)
def test_a_folder_without_the_classes_that_the_family_learns(
    family: str, names: tuple[str, ...], told: str, tmp_path: Path
):
    folder = images(tmp_path / "pictures", *names)
    assert refused(f"{family} --dataset folder --folder {folder}").startswith(told)


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [("OWN_IMAGES", "0", "on its own data sets alone"), ("MOST_HOURS", "-1", "MOST_HOURS must be a number above 0")],
)
def test_what_the_environment_does_not_allow(
    variable: str, value: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = images(tmp_path / "pictures", "1.png", "2.png", "3.png")
    monkeypatch.setenv(f"GENMODELS_{variable}", value)
    assert told in refused(f"vae --dataset folder --folder {folder}")


def test_a_page_refuses_it_too_and_deletes_nothing_for_it(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queue, "make_room", lambda *arguments: pytest.fail("runs were deleted"))
    store = Store()
    with pytest.raises(UserError, match="There is no cuda here"):
        queue.start(store, VAEConfig(device="cuda"))
    assert store.runs() == []


@pytest.mark.parametrize("resume", [queue.resume, lambda store, run: train.main(["--resume", run])])
def test_a_run_whose_folder_has_gone_stays_as_it_was_when_it_is_resumed(
    resume: Callable[[Store, str], object], tmp_path: Path
):
    store = Store()
    run = store.create(VAEConfig(dataset="folder", folder=str(tmp_path / "nowhere")).model_dump())
    store.update(run.id, state="stopped")
    before = store.runs()
    with pytest.raises((UserError, SystemExit), match="There is no folder"):
        resume(store, run.id)
    assert store.runs() == before


def test_a_run_that_has_begun_goes_on_without_its_device():
    queue.check_start(VAEConfig(device="cuda"), begun=True)
    with pytest.raises(UserError, match="There is no cuda here"):
        queue.check_start(VAEConfig(device="cuda"))
