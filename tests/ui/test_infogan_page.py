"""The logic of InfoGAN's part of its page, without a browser."""

import json
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints import test_images
from genmodels.config.families import InfoGANConfig
from genmodels.data.pixels import to_uint8
from genmodels.inference.load import load_model
from genmodels.latent.clusters import cluster_accuracy
from genmodels.runs.store import Run, Store
from tests.support.helpers import close, drawn_strips, finished
from tests.support.pages import numbers, open_page, texts
from tests.support.pretrained import ship
from tests.ui.test_few_images import untrained

Make = Callable[[], Run]
# Fast enough for its codes to show after an epoch.
TINY = InfoGANConfig(epochs=1, width=4, batch_size=200, learning_rate=0.01, ema_decay=0.5, device="cpu", check_every=0)
CODES, MEANINGS = "Codes", "What the codes mean"


@pytest.fixture
def make() -> Make:
    """Puts a small finished run into the store."""
    return partial(finished, TINY)


@pytest.fixture
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """What the page has drawn, by what it is said to show."""
    return drawn_strips(monkeypatch, "infogan.codes", "infogan.code_meanings", "widgets.named_rows")


def open_tab(tab: str, run: str) -> AppTest:
    return open_page("conditional", tab=tab, run=run)


def read(run: Run) -> tuple[np.ndarray, np.ndarray, test_images.Images]:
    """What Q says of the images that the run keeps, and these."""
    images = test_images.load(Store().folder(run.id))
    assert images is not None
    infogan: Any = load_model(run.id).family
    probabilities, means = infogan.read(torch.from_numpy(images.images))
    return probabilities.numpy(), means.numpy(), images


def rows(strips: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The rows of the grid of codes."""
    return [images for alt, images in strips.items() if alt.endswith("column by column")]


def without_labels(run: Run) -> None:
    folder = Store().folder(run.id)
    images = test_images.load(folder)
    assert images is not None
    test_images.save(folder, test_images.Images(images.images, None, ()))


def test_the_grid_has_a_row_a_code_and_one_continuous_code_goes_along_it(make: Make, strips: dict[str, np.ndarray]):
    run = make()
    page = open_tab(CODES, run.id)
    assert len(rows(strips)) == 10
    page.selectbox(key="codes:grid:columns:2").set_value(1).run()
    infogan: Any = load_model(run.id).family
    z = torch.from_numpy(np.random.default_rng(0).normal(size=(1, 62)).astype(np.float32))
    codes = torch.tensor([[0.0, value] for value in np.linspace(-2, 2, 9)]).float()
    for code, row in enumerate(rows(strips)):
        expected = infogan.sample(9, z.expand(9, -1), torch.full((9,), code), codes)
        assert close(row, to_uint8(expected).numpy())
    assert "[-1, 1] only" in texts(page)


def test_other_noise_changes_the_grid_alone(make: Make, strips: dict[str, np.ndarray]):
    page = open_tab(CODES, make().id)
    before = dict(strips)
    page.button(key="codes:grid:reroll").click().run()
    changed = {alt for alt, images in strips.items() if not np.array_equal(images, before[alt])}
    assert changed == {alt for alt in strips if alt.endswith("column by column")}


def test_an_image_by_hand_is_of_its_codes(make: Make, strips: dict[str, np.ndarray]):
    run = make()
    page = open_tab(CODES, run.id)
    page.selectbox(key="codes:hand:code:10").set_value(7)
    page.slider(key="codes:hand:continuous:1").set_value(-2.0)
    page.run()
    assert not page.exception
    infogan: Any = load_model(run.id).family
    z = torch.from_numpy(np.random.default_rng(0).normal(size=(1, 62)).astype(np.float32))
    expected = infogan.sample(1, z, torch.tensor([7]), torch.tensor([[0.0, -2.0]]))
    (image,) = [images for alt, images in strips.items() if alt.startswith("code 7") and alt.endswith("by hand")]
    assert close(image, to_uint8(expected).numpy())


def test_without_continuous_codes_each_column_has_another_noise(strips: dict[str, np.ndarray]):
    run = untrained(TINY.model_copy(update={"continuous": 0}), 100)
    page = open_tab(CODES, run.id)
    assert [row.shape for row in rows(strips)] == 10 * [(9, 1, 28, 28)]
    assert len({image.tobytes() for image in rows(strips)[0]}) == 9
    assert not page.slider
    assert "no continuous code" in texts(page)
    page = open_tab(MEANINGS, run.id)
    assert [box.label for box in page.selectbox][1:] == ["Code"]


def test_many_codes_are_shown_ten_at_a_time(strips: dict[str, np.ndarray]):
    run = untrained(TINY.model_copy(update={"categories": 23}), 100)
    page = open_tab(CODES, run.id)
    assert len(rows(strips)) == 10
    strips.clear()
    page.selectbox(key="codes:grid:rows:23").set_value(2).run()
    assert len(rows(strips)) == 3
    open_tab(MEANINGS, run.id)


@pytest.mark.parametrize(("size", "channels"), [(32, 3), (64, 1)])
def test_other_sizes_and_colour(strips: dict[str, np.ndarray], size: int, channels: int):
    run = untrained(TINY.model_copy(update={"image_size": size, "channels": channels}), 100)
    open_tab(CODES, run.id)
    open_tab(MEANINGS, run.id)
    assert {images.shape[1:] for images in strips.values()} == {(channels, size, size)}


def test_the_accuracy_and_the_names_are_those_of_the_best_matching(make: Make, strips: dict[str, np.ndarray]):
    run = make()
    probabilities, _, images = read(run)
    assert images.labels is not None
    page = open_tab(MEANINGS, run.id)
    accuracy = cluster_accuracy(probabilities.argmax(1), images.labels)
    assert numbers(page)["Accuracy of Q as a classifier"] == f"{accuracy:.1%}"
    assert "1,000 real test images" in texts(page)
    table = page.dataframe[0].value
    assert table["images"].tolist() == np.bincount(probabilities.argmax(1), minlength=10).tolist()


def test_a_code_with_a_meaning_is_called_by_it(make: Make, strips: dict[str, np.ndarray]):
    run = make()
    probabilities, _, images = read(run)
    folder = Store().folder(run.id)
    test_images.save(folder, test_images.Images(images.images, (probabilities.argmax(1) + 3) % 10, images.classes))
    page = open_tab(MEANINGS, run.id)
    assert numbers(page)["Accuracy of Q as a classifier"] == "100.0%"
    page = open_tab(CODES, run.id)
    read_as = probabilities.argmax(1)[0]
    assert f"{read_as}: digit {(read_as + 3) % 10}" in [row.value for row in page.markdown]
    assert f"code {read_as} (mostly digit {(read_as + 3) % 10}), column by column" in strips


def test_real_images_are_sorted_by_what_q_says(make: Make, strips: dict[str, np.ndarray]):
    run = make()
    probabilities, means, images = read(run)
    code = int(np.bincount(probabilities.argmax(1)).argmax())
    (own,) = np.nonzero(probabilities.argmax(1) == code)
    page = open_tab(MEANINGS, run.id)
    page.selectbox(key="meanings:code:10").set_value(code)
    page.selectbox(key="meanings:continuous:2").set_value(1).run()
    assert not page.exception
    surest = strips[f"Test images of code {code} that Q is surest of"]
    assert np.array_equal(surest[0], images.images[own[probabilities[own, code].argmax()]])
    unsure = strips[f"Test images of code {code} that Q is least sure of"]
    assert np.array_equal(unsure[0], images.images[own[probabilities[own, code].argmin()]])
    rising = strips[f"Test images of code {code} by continuous code 1"]
    ends = own[[means[own, 1].argmin(), means[own, 1].argmax()]]
    assert np.array_equal(rising[[0, -1]], images.images[ends])


def test_images_without_labels_are_still_sorted(make: Make, strips: dict[str, np.ndarray]):
    run = make()
    without_labels(run)
    page = open_tab(MEANINGS, run.id)
    assert "no labels" in page.info[0].value
    assert "Accuracy of Q as a classifier" not in numbers(page)
    assert not page.dataframe
    open_tab(CODES, run.id)
    assert "code 0, column by column" in strips


def test_a_run_shows_the_newest_bound_of_its_training(make: Make):
    run = make()
    Store().add_metrics(run.id, 10, 0.5, {"train/categorical_bound": 0.5})
    Store().add_metrics(run.id, 20, 1.0, {"train/categorical_bound": 1.234})
    assert numbers(open_tab(MEANINGS, run.id))["Information in the categorical code"] == "1.23 of 2.30 nats"


def test_a_pretrained_model_shows_its_score_on_all_images_and_every_seed(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    run = make()
    folder = ship(tmp_path / "pretrained" / "infogan-tiny", TINY, {"code_accuracy": 0.9712, "categorical_bound": 2.2})
    card = json.loads((folder / "card.json").read_text())
    card["seeds_tried"] = {"0": 0.9712, "1": 0.864}
    (folder / "card.json").write_text(json.dumps(card))
    tensors = load_model(run.id).family.tensors()
    averaged = {name: tensor for name, tensor in tensors.items() if not name.startswith("generator.")}
    save_file(averaged, folder / "weights.safetensors")
    shutil.copy(Store().folder(run.id) / test_images.FILE, folder)
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", folder.parent)
    page = open_tab(MEANINGS, "infogan-tiny")
    shown = numbers(page)
    assert shown["on all test images"] == "97.1%"
    assert shown["Information in the categorical code"] == "2.20 of 2.30 nats"
    assert "Every seed that was tried: seed 0: 97.1%, seed 1: 86.4%." in texts(page)


def test_images_that_cannot_be_had_are_one_sentence_and_the_codes_go_without_a_name(
    make: Make, strips: dict[str, np.ndarray], no_network: None
):
    run = make()
    folder = Store().folder(run.id)
    (folder / test_images.FILE).unlink()
    config = TINY.model_copy(update={"dataset": "folder", "folder": "/no/such/folder"})
    (folder / "config.json").write_text(config.model_dump_json())
    page = open_tab(MEANINGS, run.id)
    assert len(page.error) == 1
    assert "choose a run that has finished" in page.error[0].value
    assert not open_tab(CODES, run.id).error
    assert "code 0, column by column" in strips


@pytest.mark.parametrize("tab", [CODES, MEANINGS])
def test_a_run_without_a_checkpoint_says_so(tab: str):
    run = Store().create(TINY.model_dump())
    assert "no checkpoint yet" in open_tab(tab, run.id).info[0].value
