"""Part 4: what the page draws of a trained flow."""

from collections.abc import Iterator

import numpy as np
import pytest

from genmodels.config.families import FlowConfig
from genmodels.runs.store import Run, Store
from tests.support.helpers import drawn_strips, finished
from tests.ui.test_pages import open_page, press, texts

SMALL = FlowConfig(width=4, batch_size=512, epochs=1, device="cpu", check_every=0, num_steps=2, learning_rate=1e-2)


@pytest.fixture
def run() -> Run:
    return finished(SMALL)


@pytest.fixture
def strips(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, np.ndarray]]:
    modules = (
        "flow.sampling",
        "flow.prediction",
        "flow.interpolation",
        "widgets.interpolation",
        "conditional.inpainting",
    )
    return drawn_strips(monkeypatch, *modules)  # type: ignore[return-value]


def test_samples_are_shown_on_their_way_and_with_other_counts_of_steps(run: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="Sample")
    assert strips["4 samples at 3 times"].shape == (12, 1, 28, 28)
    columns = [images for name, images in strips.items() if name.startswith("Samples of ")]
    assert len(columns) == 6
    two = strips["Samples of 2 steps"]
    np.testing.assert_array_equal(two, strips["4 samples at 3 times"][2::3])
    assert not np.array_equal(two, strips["Samples of 50 steps"])
    assert "**50 steps**, 99 evaluations" in texts(page)
    page.selectbox(key="flow:sampler").set_value("euler").run()
    assert "**50 steps**, 50 evaluations" in texts(page)
    page.slider(key="flow:guidance").set_value(3.0).run()
    assert "**50 steps**, 100 evaluations" in texts(page)
    assert not np.array_equal(two, strips["Samples of 2 steps"])


def test_a_class_and_other_noise_change_the_samples(run: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="Sample")
    seen = [strips["Samples of 2 steps"]]
    page.selectbox(key="flow:class:10").set_value(7).run()
    seen.append(strips["Samples of 2 steps"])
    page.selectbox(key="flow:class:10").set_value("none").run()
    seen.append(strips["Samples of 2 steps"])
    press(page, "Resample")
    assert "Seed 1" in texts(page)
    seen.append(strips["Samples of 2 steps"])
    assert len({images.tobytes() for images in seen}) == 4


def test_at_the_end_of_the_way_the_network_sees_the_image_itself(run: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="What it predicts")
    assert len(strips["The image that it points to, at each time"]) == 11
    assert not np.array_equal(strips["On its way, x at t"], strips["Image"])
    page.slider(key="flow:inside:t").set_value(1.0).run()
    np.testing.assert_array_equal(strips["On its way, x at t"], strips["Image"])
    np.testing.assert_array_equal(strips["Image it points to"], strips["Image"])
    page.slider(key="flow:inside:t").set_value(0.0).run()
    np.testing.assert_array_equal(strips["On its way, x at t"], strips["Noise"])


def test_a_completion_keeps_what_is_shown(run: Run, strips: dict[str, np.ndarray]):
    open_page("flow", run=run.id, tab="Complete the picture")
    image = strips["Test image 0, and what is shown of it"][0]
    completed = strips["Completions of test image 0"]
    assert len(completed) == 12
    np.testing.assert_allclose(completed[:, 0, 14:].astype(int), image[None, 0, 14:].repeat(12, 0), atol=1)
    assert len({part.tobytes() for part in completed[:, 0, :14]}) == 12


def test_between_two_samples_lie_images_that_begin_and_end_with_them(run: Run, strips: dict[str, np.ndarray]):
    open_page("flow", run=run.id, tab="Interpolate")
    between, samples = strips["From sample 0 to sample 1"], strips["Samples 0 to 15"]
    assert len(between) == 11
    # The class of an image is that of its place, so only the first one has the class of its sample.
    np.testing.assert_allclose(between[0].astype(int), samples[0], atol=1)


def test_a_run_without_weights_says_so():
    run = Store().create(SMALL.model_dump())
    Store().update(run.id, state="stopped")
    for tab in ("Sample", "What it predicts", "Complete the picture", "Interpolate"):
        page = open_page("flow", run=run.id, tab=tab)
        assert any("no checkpoint yet" in element.value for element in page.info)
