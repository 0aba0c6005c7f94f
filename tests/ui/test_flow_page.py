"""Part 4: what the page draws of a trained flow."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genmodels.checkpoints.test_images import FILE
from genmodels.config.families import DCGANConfig, FlowConfig, VAEConfig
from genmodels.data.load import load_for
from genmodels.runs.store import Run, Store
from genmodels.ui.components.network_diagram import Box
from genmodels.ui.models import loading
from genmodels.ui.models.test_images import held_out
from tests.support.helpers import drawn_strips, finished
from tests.support.pages import open_page, press, started, texts
from tests.support.training import tiny

__all__ = ["started"]  # a fixture

SMALL = FlowConfig(width=4, batch_size=512, epochs=1, device="cpu", check_every=0, num_steps=2, learning_rate=1e-2)

BY_STEPS = "3 samples by 1, 2, 5, 10, 20, 50 steps"


@pytest.fixture
def run() -> Run:
    return finished(SMALL)


@pytest.fixture
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    modules = (
        "flow.sampling",
        "flow.prediction",
        "flow.interpolation",
        "gan.nearest_training_images",
        "network.inside",
        "widgets.interpolation",
        "conditional.inpainting",
    )
    return drawn_strips(monkeypatch, *modules)


def test_samples_are_shown_on_their_way_and_with_other_counts_of_steps(run: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="Sample")
    assert strips["3 samples at 3 times"].shape == (9, 1, 28, 28)
    two = strips[BY_STEPS][1::6]
    np.testing.assert_allclose(two.astype(int), strips["3 samples at 3 times"][2::3], atol=1)
    assert not np.array_equal(two, strips[BY_STEPS][5::6])
    assert "**50**: 99×, " in texts(page)
    page.selectbox(key="flow:sampler").set_value("euler").run()
    assert "**50**: 50×, " in texts(page)
    page.slider(key="flow:guidance").set_value(3.0).run()
    assert "**50**: 100×, " in texts(page)
    assert not np.array_equal(two, strips[BY_STEPS][1::6])


@pytest.mark.exhaustive
def test_a_class_and_other_noise_change_the_samples(run: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="Sample")
    seen = [strips[BY_STEPS]]
    page.selectbox(key="flow:class:10").set_value(7).run()
    seen.append(strips[BY_STEPS])
    page.selectbox(key="flow:class:10").set_value("none").run()
    seen.append(strips[BY_STEPS])
    press(page, "Resample")
    assert "Seed 1" in texts(page)
    seen.append(strips[BY_STEPS])
    assert len({images.tobytes() for images in seen}) == 4


def test_at_the_end_of_the_way_the_network_sees_the_image_itself(run: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="What it predicts")
    assert len(strips["The image that it points to, at each time"]) == 12
    assert not np.array_equal(strips["On its way, x at t"], strips["Image"])
    page.slider(key="flow:inside:t").set_value(1.0).run()
    np.testing.assert_array_equal(strips["On its way, x at t"], strips["Image"])
    np.testing.assert_array_equal(strips["Image it points to"], strips["Image"])
    page.slider(key="flow:inside:t").set_value(0.0).run()
    np.testing.assert_allclose(strips["On its way, x at t"].astype(int), strips["Noise"], atol=1)


def test_the_layers_are_shown_at_a_time_and_the_chosen_one_large(
    run: Run, strips: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
):
    boxes: list[Box] = []

    def choose_the_last_layer(drawn: list[Box], **options: Any) -> int:
        boxes[:] = drawn
        return max(index for index, box in enumerate(drawn) if box.layer)

    monkeypatch.setattr("genmodels.ui.network.inside.network_diagram", choose_the_last_layer)
    page = open_page("flow", run=run.id, tab="Inside the network")
    titles = [box.title for box in boxes]
    assert titles[:3] == ["On its way, x at t", "Time: t = 0.50", "Class none"]
    assert titles[-1] == "Image it points to"
    (halfway,) = (images for name, images in strips.items() if name.startswith("Feature maps of Convolution"))
    page.toggle(key="flow:inside:told").set_value(True)
    page.slider(key="flow:inside:t").set_value(1.0).run()
    labels = held_out(run).labels
    assert labels is not None
    assert [box.title for box in boxes][1:3] == ["Time: t = 1.00", f"Class {labels[0]}"]
    (ended,) = (images for name, images in strips.items() if name.startswith("Feature maps of Convolution"))
    assert not np.array_equal(halfway, ended)
    assert np.array_equal(np.asarray(boxes[-1].picture), held_out(run).images[0, 0])


def test_a_run_that_has_kept_no_test_images_takes_those_of_its_data(run: Run, strips: dict[str, np.ndarray]):
    (Store().folder(run.id) / FILE).unlink()
    open_page("flow", run=run.id, tab="What it predicts")
    assert "Image" in strips


def test_a_completion_keeps_what_is_shown(run: Run, strips: dict[str, np.ndarray]):
    open_page("flow", run=run.id, tab="Complete the picture")
    image = strips["Test image 0, and what is shown of it"][0]
    completed = strips["Completions of test image 0"]
    assert len(completed) == 12
    np.testing.assert_allclose(completed[:, 0, 14:].astype(int), image[None, 0, 14:].repeat(12, 0), atol=1)
    assert len({part.tobytes() for part in completed[:, 0, :14]}) == 12


def test_between_two_samples_lie_images_that_begin_and_end_with_them(run: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="Interpolate")
    between, samples = strips["From sample 0 to sample 1"], strips["Samples 0 to 15"]
    assert len(between) == 12
    np.testing.assert_allclose(between[0].astype(int), samples[0], atol=1)
    page.selectbox(key="flow:class:10").set_value(4).run()
    between, samples = strips["From sample 0 to sample 1"], strips["Samples 0 to 15"]
    np.testing.assert_allclose(between[[0, -1]].astype(int), samples[:2], atol=1)


@pytest.fixture
def unlabelled(tmp_path: Path) -> FlowConfig:
    """Of images in one folder, without classes."""
    for number, image in enumerate(load_for(SMALL, "train").images[:40, 0].numpy()):
        Image.fromarray(image).save(tmp_path / f"{number}.png")
    return SMALL.model_copy(update={"dataset": "folder", "folder": str(tmp_path), "batch_size": 20})


@pytest.mark.parametrize("labels", ["none in the data", pytest.param("all dropped", marks=pytest.mark.exhaustive)])
def test_without_labels_all_tabs_do_what_they_do_with_them(
    labels: str, unlabelled: FlowConfig, strips: dict[str, np.ndarray]
):
    config = (
        unlabelled
        if labels == "none in the data"
        else SMALL.model_copy(update={"label_dropout": 1.0, "train_images": 512})
    )
    run = finished(config)
    for tab in ("Train", "Sample", "What it predicts", "Inside the network", "Complete the picture", "Interpolate"):
        page = open_page("flow", run=run.id, tab=tab)
        assert not page.error, tab
        assert not [each.label for each in (*page.toggle, *page.selectbox) if "lass" in each.label], tab
        if tab == "Sample":
            page.toggle(key="nearest:wanted").set_value(True).run()
            assert not page.exception
    assert {"Completions of test image 0", "From sample 0 to sample 1", "Image it points to", BY_STEPS} <= strips.keys()
    assert len(strips["Samples, and below each the training image most like it"]) == 16


def test_all_three_are_trained_alike_once_a_press_and_shown_together(run: Run, started: list[Any]):
    page = open_page("flow", run=run.id, tab="VAE, GAN, flow")
    page.number_input(key="three:epochs").set_value(3)
    press(press(page, "Train all three"), "Train all three")
    assert [type(config) for config in started] == [VAEConfig, DCGANConfig, FlowConfig]
    assert {(config.epochs, config.seed, config.dataset) for config in started} == {(3, 0, "mnist-sample")}
    flow, gan, vae = Store().runs()[:3]
    assert page.query_params["run"] == flow.id
    assert (page.selectbox(key="three:vae").value, page.selectbox(key="three:gan").value) == (vae.id, gan.id)


def test_a_vae_a_gan_and_a_flow_stand_side_by_side_and_are_scored_at_a_press(run: Run, monkeypatch: pytest.MonkeyPatch):
    finished(tiny(epochs=1))
    finished(DCGANConfig(epochs=1, width=4, latent_dim=2, batch_size=500, device="cpu", check_every=0))
    shown: list[str] = []
    with monkeypatch.context() as context:
        context.setattr("genmodels.ui.flow.vs_vae_and_gan.show_enlarged", lambda file, alt: shown.append(file))
        context.setattr(loading, "model", lambda entry: pytest.fail("a network is loaded"))
        page = open_page("flow", run=run.id, tab="VAE, GAN, flow")
    assert [Path(file).name.partition("-")[0] for file in shown] == ["samples"] * 3
    can, stored = (table.value.to_dict() for table in page.table)
    assert [facts["epochs"] for facts in stored.values()] == ["1"] * 3
    press(page, "Score all three alike")
    assert "Score all three alike" not in [button.label for button in page.button]
    scores = page.table[-1].value.to_dict()
    assert list(scores) == ["VAE", "DCGAN", "Flow", "real images", "noise"]
    one_step = [can[name]["Draw an image in one step"] for name in ("VAE", "DCGAN", "Flow")]
    assert one_step == ["yes", "yes", "no"]
    assert all(
        "—" not in scores["Flow"][name] for name in ("FID", "Precision", "Recall", "sharpness", "time for an image")
    )
    assert "They differ in epochs" not in texts(page)
    assert "*Train all three* gives models that do not" in texts(page)


def test_a_run_without_weights_says_so():
    run = Store().create(SMALL.model_dump())
    Store().update(run.id, state="stopped")
    for tab in ("Sample", "What it predicts", "Inside the network", "Complete the picture", "Interpolate"):
        page = open_page("flow", run=run.id, tab=tab)
        assert any("no checkpoint yet" in element.value for element in page.info)
