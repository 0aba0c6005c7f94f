"""Files of a stranger's run that no training has written: each page says one sentence, or does without them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import load_file, save_file

from genmodels.checkpoints import test_images
from genmodels.checkpoints.integrity import WEIGHTS, seal
from genmodels.inference.load import load_model
from genmodels.latent.codes import FILE, STORED_IMAGES
from genmodels.latent.encode import encode
from genmodels.runs.store import Store
from tests.support.hostile import hostile_run
from tests.support.latent_space import choose
from tests.support.pages import open_page, texts

MISSING = "MNIST is not on this machine and could not be downloaded"
pytestmark = pytest.mark.usefixtures("no_network")


def rewrite(file: Path, **others: np.ndarray) -> None:
    """Put other arrays into a file of several."""
    with np.load(file, allow_pickle=False) as found:
        arrays = {name: found[name] for name in found.files}
    np.savez(file, **(arrays | others))


@pytest.mark.parametrize(
    ("model", "tab", "others"),
    [
        ("vae-mnist", "Latent space", {"labels": np.full(2000, 10)}),
        ("infogan-mnist", "What the codes mean", {"labels": np.full(2000, -1)}),
    ],
)
def test_arrays_that_do_not_fit_count_as_missing(model: str, tab: str, others: dict[str, np.ndarray]):
    run = hostile_run(Store(), model)
    (file,) = Store().folder(run.id).rglob("*.npz")
    rewrite(file, **others)
    page = open_page({"vae": "vae", "dcgan": "dcgan"}.get(run.config["family"], "conditional"), tab=tab, run=run.id)
    assert {error.value.partition(":")[0] for error in page.error} == {MISSING}


def test_codes_of_another_width_count_as_missing():
    run = hostile_run(Store(), "vae-mnist")
    folder = Store().folder(run.id)
    codes = encode(load_model(run.id), "test", STORED_IMAGES)
    (folder / test_images.FILE).unlink()
    rewrite(codes.folder / FILE, mu=np.zeros((2000, 3), np.float32))
    page = open_page("vae", tab="Decoder", run=run.id)
    assert {error.value.partition(":")[0] for error in page.error} == {MISSING}


def test_test_images_that_do_not_fit_are_missing_where_a_network_is_shown_real_ones():
    run = hostile_run(Store(), "dcgan-mnist")
    (file,) = Store().folder(run.id).rglob("*.npz")
    rewrite(file, images=np.zeros((2000, 3, 9, 9), np.uint8))
    page = open_page("dcgan", tab="Inside the network", run=run.id)
    assert not page.error
    choose(page, "Network", "Discriminator")
    page.segmented_control(key="inside:kind").set_value("real").run()
    assert {error.value.partition(":")[0] for error in page.error} == {MISSING}


def not_of_one_size(folder: Path) -> None:
    Image.new("L", (30, 50)).save(sorted(folder.glob("samples-*"))[0])


def of_another_mode(folder: Path) -> None:
    Image.new("I;16", (238, 238)).save(sorted(folder.glob("samples-*"))[-1])


def cut_short(folder: Path) -> None:
    for file in folder.iterdir():
        file.write_bytes(file.read_bytes()[:-60])


@pytest.mark.parametrize("spoil", [not_of_one_size, of_another_mode, cut_short])
@pytest.mark.parametrize("tab", ["Train", "Film"])
def test_pictures_that_no_training_has_drawn_stop_no_page(spoil: Callable[[Path], None], tab: str):
    run = hostile_run(Store(), "dcgan-mnist")
    spoil(Store().folder(run.id) / "pictures")
    page = open_page("dcgan", tab=tab, run=run.id)
    if spoil is cut_short:
        assert "is damaged" in texts(page)


@pytest.mark.parametrize(("model", "tab"), [("dcgan-mnist", "Latent space"), ("vae-mnist", "Decoder")])
def test_weights_too_large_to_compute_with_are_one_sentence(model: str, tab: str):
    run = hostile_run(Store(), model)
    (checkpoint,) = (Store().folder(run.id) / "checkpoints").iterdir()
    tensors = load_file(checkpoint / WEIGHTS)
    large = {name: each.float().sign() * 3e38 if each.is_floating_point() else each for name, each in tensors.items()}
    save_file(large, checkpoint / WEIGHTS)
    seal(checkpoint, 10, {"classes": list("0123456789")})
    page = open_page(run.config["family"], tab=tab, run=run.id)
    assert "choose another model" in texts(page)


STATES: dict[str, Any] = {
    "no list of names": {"classes": 5},
    "names that are none": {"classes": [[1]] * 10},
    "a long name": {"classes": ["x" * 1000] * 10},
    "no state": [],
}


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_a_checkpoint_whose_state_is_none_is_one_sentence(state: Any):
    run = hostile_run(Store(), "cgan-mnist")
    (checkpoint,) = (Store().folder(run.id) / "checkpoints").iterdir()
    seal(checkpoint, 10, state)
    page = open_page("conditional", tab="Classes", run=run.id)
    assert len(page.error) == 1
