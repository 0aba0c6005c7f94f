"""The logic of the DCGAN's page, without a browser."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from streamlit.testing.v1 import AppTest

from genmodels.config.families import DCGANConfig
from genmodels.data.pixels import from_symmetric, to_uint8
from genmodels.inference.load import load_model
from genmodels.inference.restore import LoadError
from genmodels.runs.store import Run, Store
from tests.support.helpers import drawn_strips, finished
from tests.support.pages import open_page, press, started, texts

__all__ = ["started"]  # a fixture
TINY = DCGANConfig(epochs=2, width=4, latent_dim=6, batch_size=500, learning_rate=0.01, ema_decay=0.9999, device="cpu")
SUMS = "What A, B and C give, and what A - B + C gives"


@pytest.fixture
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """What the page has drawn, by what it is said to show."""
    return drawn_strips(monkeypatch, "gan.latent_space", "widgets.interpolation")


@pytest.fixture
def run() -> Run:
    """A small finished run."""
    return finished(TINY)


@pytest.fixture
def pretrained(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a pretrained model, made of the run."""
    folder = tmp_path / "pretrained" / "dcgan-tiny"
    folder.mkdir(parents=True)
    tensors = load_model(run.id).family.tensors()
    averaged = {name: tensor for name, tensor in tensors.items() if not name.startswith("generator.")}
    save_file(averaged, folder / "weights.safetensors")
    (folder / "config.json").write_text(TINY.model_dump_json())
    card = {"title": "Tiny", "command": "python train.py dcgan", "device": "cpu", "minutes": 1, "scores": {}}
    (folder / "card.json").write_text(json.dumps(card))
    (folder / "metrics.csv").write_text("name,step,epoch,value\n")
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", folder.parent)
    return folder.name


def open_tab(tab: str, **query: str) -> AppTest:
    return open_page("dcgan", tab=tab, **query)


def choose_objective(page: AppTest, objective: str) -> None:
    page.selectbox(key="dcgan.objective").set_value(objective).run()
    assert not page.exception


def test_choosing_an_objective_sets_what_it_demands_and_another_takes_it_back(started: list[Any]):
    page = open_page("dcgan")
    page.number_input(key="dcgan.epochs").set_value(3).run()
    choose_objective(page, "wasserstein-gp")
    assert page.number_input(key="dcgan.n_critic").value == 5
    assert page.selectbox(key="dcgan.critic_norm").value == "none"
    press(page, "Start training")
    assert started == [DCGANConfig(objective="wasserstein-gp", epochs=3)]
    choose_objective(press(page, "New run"), "hinge")  # the start has closed the form
    assert page.number_input(key="dcgan.n_critic").value == 1
    assert page.selectbox(key="dcgan.critic_norm").value == "batch"
    assert page.number_input(key="dcgan.epochs").value == 3


def test_what_was_set_by_hand_stays_until_the_objective_demands_another_value(started: list[Any]):
    page = open_page("dcgan")
    page.number_input(key="dcgan.learning_rate").set_value(1e-3).run()
    choose_objective(page, "least-squares")
    assert page.number_input(key="dcgan.learning_rate").value == 1e-3
    choose_objective(page, "wasserstein-clip")
    assert page.number_input(key="dcgan.learning_rate").value == 5e-5


def test_batch_norm_with_the_penalty_is_refused_at_its_field(started: list[Any]):
    page = open_page("dcgan")
    choose_objective(page, "wasserstein-gp")
    page.selectbox(key="dcgan.critic_norm").set_value("batch").run()
    assert "critic_norm: must be none or spectral with wasserstein-gp" in texts(page)
    assert next(button for button in page.button if button.label == "Start training").disabled


def test_only_the_options_of_the_objective_are_asked_for(started: list[Any]):
    page = open_page("dcgan")
    options = {
        "wasserstein-clip": "dcgan.clip",
        "wasserstein-gp": "dcgan.gp_weight",
        "cross-entropy": "dcgan.label_smoothing",
    }
    for objective, own in options.items():
        choose_objective(page, objective)
        shown = {number.key for number in page.number_input} & set(options.values())
        assert shown == {own}


def test_the_same_seed_gives_the_same_samples_and_walks_end_at_them(run: Run, strips: dict[str, np.ndarray]):
    page = open_tab("Latent space", run=run.id)
    samples = strips["Samples 0 to 31"]
    assert samples.shape == (32, 1, 28, 28)
    way = strips["The spherical way from sample 0 to 1"].astype(int)
    assert np.abs(way[[0, -1]] - samples[[0, 1]]).max() <= 1
    page.run()
    assert np.array_equal(strips["Samples 0 to 31"], samples)
    press(page, "Resample")
    assert not np.array_equal(strips["Samples 0 to 31"], samples)


def test_sums_of_noise_show_their_parts_and_their_result(run: Run, strips: dict[str, np.ndarray]):
    page = open_tab("Latent space", run=run.id)
    samples = strips["Samples 0 to 31"]
    for letter, number in (("A", 5), ("B", 5), ("C", 9)):
        page.multiselect(key=f"noise:{letter}").set_value([number])
    page.run()
    assert np.array_equal(strips["A: samples 5"], samples[[5]])
    parts = strips[SUMS].astype(int)
    assert np.abs(parts[:3] - samples[[5, 5, 9]]).max() <= 1
    assert np.abs(parts[3] - samples[9]).max() <= 1


def test_a_letter_is_the_mean_of_the_noise_of_its_examples(run: Run, strips: dict[str, np.ndarray]):
    page = open_tab("Latent space", run=run.id)
    picked = {"A": [3, 4, 5], "B": [6, 7], "C": [8]}
    for letter, numbers in picked.items():
        page.multiselect(key=f"noise:{letter}").set_value(numbers)
    page.run()
    assert np.array_equal(strips["A: samples 3, 4, 5"], strips["Samples 0 to 31"][3:6])
    z = np.random.default_rng(0).normal(size=(32, TINY.latent_dim))
    a, b, c = (z[numbers].mean(0) for numbers in picked.values())
    noise = torch.from_numpy(np.stack([a, b, c, a - b + c]).astype(np.float32))
    expected = to_uint8(load_model(run.id).family.sample(4, noise)).numpy()
    assert np.abs(strips[SUMS].astype(int) - expected).max() <= 1


def test_a_letter_without_an_example_says_so(run: Run, strips: dict[str, np.ndarray]):
    page = open_tab("Latent space", run=run.id)
    strips.clear()
    page.multiselect(key="noise:B").set_value([])
    page.run()
    assert [info.value for info in page.info] == [
        "A letter has no example: pick at least one sample for each of A, B and C."
    ]
    assert SUMS not in strips


def test_samples_are_by_the_averaged_weights_or_by_the_last(run: Run, strips: dict[str, np.ndarray]):
    page = open_tab("Latent space", run=run.id)
    z = torch.from_numpy(np.random.default_rng(0).normal(size=(32, TINY.latent_dim)).astype(np.float32))
    family = load_model(run.id).family
    networks = {"averaged (EMA)": family.averaged["generator"], "last": family.networks["generator"].eval()}
    with torch.no_grad():
        expected = {name: to_uint8(from_symmetric(network(z))).numpy() for name, network in networks.items()}
    assert np.abs(expected["last"].astype(int) - expected["averaged (EMA)"]).max() > 10
    for name in ("averaged (EMA)", "last", "averaged (EMA)"):
        page.segmented_control(key="noise:weights").set_value(name).run()
        assert not page.exception
        assert np.abs(strips["Samples 0 to 31"].astype(int) - expected[name]).max() <= 1


def test_a_pretrained_model_has_no_switch_between_weights(strips: dict[str, np.ndarray], pretrained: str):
    page = open_tab("Latent space", run=pretrained)
    assert strips["Samples 0 to 31"].shape == (32, 1, 28, 28)
    assert "noise:weights" not in [control.key for control in page.segmented_control]


def test_a_pretrained_model_has_no_last_weights(pretrained: str, tmp_path: Path):
    with pytest.raises(LoadError, match="averaged weights only: choose a run"):
        load_model(str(tmp_path / "pretrained" / pretrained), weights="last")


def test_the_film_has_a_frame_for_each_preview(run: Run):
    page = open_tab("Film", run=run.id)
    assert not page.error
    frames = len(list((Store().folder(run.id) / "pictures").glob("samples-*.png")))
    assert frames == 3
    assert "Download" in str(page.get("download_button"))


def test_a_run_without_a_checkpoint_or_previews_says_so():
    run = Store().create(TINY.model_dump())
    assert "no checkpoint yet" in open_tab("Latent space", run=run.id).info[0].value
    assert "two previews" in open_tab("Film", run=run.id).info[0].value


def test_the_noise_by_hand_begins_with_some_that_the_generator_knows(run: Run, strips: dict[str, np.ndarray]):
    by_hand = "What the generator makes of this noise"
    page = open_tab("Latent space", run=run.id)
    first = next(images for alt, images in strips.items() if alt.startswith("Samples 0"))[0]
    assert np.abs(strips[by_hand][0].astype(int) - first).max() <= 3, "sliders have two decimals"
    page = page.slider[0].set_value(3.0).run()
    moved = strips[by_hand].copy()
    assert not np.array_equal(moved[0], first)
    page.run()
    assert np.array_equal(strips[by_hand], moved)
