"""The logic of the conditional GAN's part of its page, without a browser."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints import test_images
from genmodels.config.datasets import DIGITS
from genmodels.config.families import CGANConfig, ClassifierConfig, InfoGANConfig
from genmodels.data.load import load_dataset
from genmodels.data.pixels import to_unit
from genmodels.errors import DataError
from genmodels.metrics import judge
from genmodels.metrics.scores.labels import label_confusion
from genmodels.models import build
from genmodels.runs.store import Run, Store
from genmodels.storage.paths import PRETRAINED
from genmodels.ui import session
from genmodels.ui.conditional import require_condition
from tests.support.helpers import close, drawn_strips, finished
from tests.support.pages import ended, numbers, open_page, press, started, texts

__all__ = ["started"]  # a fixture
# Fast enough for its images to differ after two epochs.
TINY = CGANConfig(
    epochs=2, width=4, latent_dim=6, batch_size=250, learning_rate=0.01, ema_decay=0.5, device="cpu", check_every=0
)
JUDGE = "classifier-mnist"


@pytest.fixture
def runs() -> dict[str, Run]:
    """Two finished runs, by their condition."""
    return {name: finished(TINY.model_copy(update={"condition": name})) for name in ("label", "picture")}


@pytest.fixture
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """What the page has drawn, by what it is said to show."""
    modules = ("conditional.classes", "conditional.inpainting", "widgets.interpolation", "widgets.named_rows")
    return drawn_strips(monkeypatch, *modules)


def open_tab(tab: str, run: Run) -> AppTest:
    return open_page("conditional", tab=tab, run=run.id)


def infos(page: AppTest) -> list[str]:
    return [info.value for info in page.info]


def test_start_trains_the_model_that_is_chosen(started: list[Any]):
    page = open_page("conditional")
    page.selectbox(key="cgan.condition").set_value("picture").run()
    press(page, "Start training")
    page.segmented_control(key="model").set_value("InfoGAN").run()
    page.number_input(key="infogan.epochs").set_value(3).run()
    page.session_state["start:pressed"] = 0.0
    press(page, "Start training")
    assert started == [CGANConfig(condition="picture"), InfoGANConfig(epochs=3)]


def test_a_link_to_a_run_opens_its_model_and_the_switch_leaves_it(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    cgan, infogan = (store.create(config.model_dump()) for config in (TINY, InfoGANConfig()))
    page = open_page("conditional", run=infogan.id)
    assert page.segmented_control(key="model").value == "InfoGAN"
    assert page.selectbox(key="infogan:choice").value == infogan.id
    page.segmented_control(key="model").set_value("CGAN").run()
    assert not page.exception
    assert page.selectbox(key="cgan:choice").value == cgan.id
    assert page.query_params["run"] == cgan.id
    ended(page)
    monkeypatch.setattr(session, "ON_ITS_WAY", 0)  # the visitor goes back some time later
    page.query_params["run"] = infogan.id
    assert page.run().segmented_control(key="model").value == "InfoGAN"


def test_the_model_can_be_in_the_address():
    assert open_page("conditional", model="InfoGAN").segmented_control(key="model").value == "InfoGAN"
    assert open_page("conditional", model="Nonsense").segmented_control(key="model").value == "CGAN"


def test_every_class_is_drawn_from_the_same_noise(runs: dict[str, Run], strips: dict[str, np.ndarray]):
    page = open_tab("Classes", runs["label"])
    rows = {name: strips[f"Class {name}"].copy() for name in "0123456789"}
    assert rows["3"].shape == (10, 1, 28, 28)
    assert not close(rows["3"], rows["4"])
    page.selectbox(key="classes:Class:10").set_value(3)
    page.number_input(key="classes:one:column").set_value(5).run()
    assert close(strips["Class 3, enlarged"], rows["3"][[5]])
    press(page, "Resample")
    assert not close(strips["Class 3"], rows["3"])


def test_moving_the_noise_by_hand_begins_with_that_of_the_column(runs: dict[str, Run], strips: dict[str, np.ndarray]):
    page = open_tab("Classes", runs["label"])
    page.number_input(key="classes:one:column").set_value(2).run()
    page.toggle(key="classes:hand").set_value(True).run()
    z = np.random.default_rng(0).normal(size=(10, TINY.latent_dim))[2]
    sliders = [slider for slider in page.slider if slider.key and slider.key.startswith("classes:")]
    assert [slider.value for slider in sliders] == pytest.approx(z, abs=0.006)
    before = strips["Class 0, enlarged"]
    sliders[0].set_value(-3.0).run()
    assert not close(strips["Class 0, enlarged"], before)
    page.number_input(key="classes:one:column").set_value(6).run()
    assert np.abs(strips["Class 0, enlarged"][0].astype(int) - strips["Class 0"][6]).max() <= 8, "of two decimals"


def test_a_morph_ends_at_both_classes(runs: dict[str, Run], strips: dict[str, np.ndarray]):
    page = open_tab("Classes", runs["label"])
    page.selectbox(key="classes:From class:10").set_value(2)
    page.selectbox(key="classes:To class:10").set_value(7)
    page.number_input(key="classes:morph:column").set_value(4).run()
    morph = strips["From class 2 to 7"]
    assert close(morph[[0, -1]], np.stack([strips["Class 2"][4], strips["Class 7"][4]]))
    assert len(morph) == 11
    assert "Film (GIF)" in str(page.get("download_button"))


def test_the_hidden_half_is_completed_and_the_other_stays(runs: dict[str, Run], strips: dict[str, np.ndarray]):
    page = open_tab("Complete the picture", runs["picture"])
    images = test_images.load(Store().folder(runs["picture"].id))
    assert images is not None
    assert images.labels is not None
    page.number_input(key="completion:image:1000").set_value(7).run()
    page.selectbox(key="hidden:way").set_value("Lower half").run()
    assert f"Class: {images.labels[7]}" in texts(page)
    whole, shown = strips["Test image 7, and what is shown of it"]
    assert (whole == images.images[7]).all()
    assert (shown[:, :14] == whole[:, :14]).all()
    assert (shown[:, 14:] == np.array([245, 133, 24])[:, None, None]).all()
    completed = strips["Completions of test image 7"]
    assert completed.shape == (12, 1, 28, 28)
    assert (completed[:, :, :14] == images.images[7][:, :14]).all()
    assert not close(completed[0, :, 14:], completed[1, :, 14:])
    press(page, "Resample")
    assert not close(strips["Completions of test image 7"], completed)


def test_one_goes_through_the_test_images(runs: dict[str, Run], strips: dict[str, np.ndarray]):
    page = open_tab("Complete the picture", runs["picture"])
    press(page, "Previous")
    assert page.number_input(key="completion:image:1000").value == 999
    press(page, "Next")
    assert page.number_input(key="completion:image:1000").value == 0
    press(page, "Random")
    assert f"Completions of test image {page.number_input(key='completion:image:1000').value}" in strips


def test_a_box_is_hidden_or_what_was_painted(
    runs: dict[str, Run], strips: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
):
    drawings: list[np.ndarray | None] = [None]
    monkeypatch.setattr("genmodels.ui.conditional.mask_picker.draw_pad", lambda key, under: drawings[0])
    page = open_tab("Complete the picture", runs["picture"])
    page.selectbox(key="hidden:way").set_value("Box").run()
    page.slider(key="hidden:Rows:28").set_value((3, 5)).run()
    _, shown = strips["Test image 0, and what is shown of it"]
    hidden = (shown == np.array([245, 133, 24])[:, None, None]).all(0)
    assert hidden[3:5, 7:21].all()
    assert hidden.sum() == 2 * 14
    page.slider(key="hidden:Rows:28").set_value((4, 4)).run()
    assert "Nothing is hidden yet" in infos(page)[0]
    page.selectbox(key="hidden:way").set_value("Brush").run()
    assert "Nothing is hidden yet" in infos(page)[0]
    stroke = np.zeros((112, 112), np.uint8)
    stroke[9, 14] = 1
    drawings[0] = stroke
    page.run()
    assert not infos(page)
    _, shown = strips["Test image 0, and what is shown of it"]
    assert np.argwhere((shown == np.array([245, 133, 24])[:, None, None]).all(0)).tolist() == [[2, 3]]


def test_without_kept_images_the_data_set_is_looked_at(
    runs: dict[str, Run], strips: dict[str, np.ndarray], monkeypatch: pytest.MonkeyPatch
):
    run = runs["picture"]
    (Store().folder(run.id) / test_images.FILE).unlink()
    first = load_dataset("mnist-sample", "test", image_size=28, channels=1).images[0].numpy()
    open_tab("Complete the picture", run)
    assert (strips["Test image 0, and what is shown of it"][0] == first).all()


def test_no_images_at_all_are_one_sentence(runs: dict[str, Run], monkeypatch: pytest.MonkeyPatch):
    def fail(*arguments: Any) -> None:
        raise DataError("There is no folder /gone: give the path of a folder.")

    run = runs["picture"]
    (Store().folder(run.id) / test_images.FILE).unlink()
    monkeypatch.setattr("genmodels.data.load.load_for", fail)
    assert [error.value for error in open_tab("Complete the picture", run).error] == [
        "There is no folder /gone: choose a run that has finished, which keeps some test images itself."
    ]


@pytest.mark.parametrize(
    ("tab", "other", "sentence"),
    [
        ("Classes", "picture", "knows no classes: choose one whose condition is the label"),
        ("Label fidelity", "picture", "knows no classes: choose one whose condition is the label"),
        ("Complete the picture", "label", "cannot complete pictures: choose one whose condition is the picture"),
    ],
)
def test_a_tab_for_the_other_condition_says_what_to_choose_and_shows_it(
    runs: dict[str, Run], tab: str, other: str, sentence: str, monkeypatch: pytest.MonkeyPatch
):
    shown: list[str] = []
    monkeypatch.setattr(require_condition, "show_enlarged", lambda file, alt: shown.append(Path(file).name))
    (info,) = infos(open_tab(tab, runs[other]))
    assert sentence in info
    assert shown == [{"label": "completions.png", "picture": "samples.png"}[other]]


@pytest.mark.parametrize("tab", ["Classes", "Label fidelity"])
def test_a_run_without_a_checkpoint_says_so(tab: str):
    run = Store().create(TINY.model_dump())
    assert "no checkpoint yet" in infos(open_tab(tab, run))[0]
    assert "two previews" in infos(open_tab("Film", run))[0]


def test_the_film_plays(runs: dict[str, Run]):
    page = open_tab("Film", runs["label"])
    assert not infos(page)
    assert "Download" in str(page.get("download_button"))


def test_the_judges_own_score_stands_beside_the_label_fidelity(runs: dict[str, Run], monkeypatch: pytest.MonkeyPatch):
    classifier: Any = build(ClassifierConfig(width=4), 10)  # untrained, it always says the same
    known = judge.Judge(JUDGE, classifier, DIGITS, 0.994)
    monkeypatch.setattr("genmodels.metrics.judge.judge_of", lambda config: known)
    page = open_tab("Label fidelity", runs["label"])
    assert numbers(page)["The judge itself"] == "99.4%"
    assert 0 <= float(numbers(page)["Label fidelity"].rstrip("%")) <= 30
    assert "2,000 images" in texts(page)
    assert len(page.get("plotly_chart")) == 2


def test_images_that_no_judge_knows_are_one_sentence(runs: dict[str, Run], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.metrics.judge.PRETRAINED", Path("/nowhere"))
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    page = open_tab("Label fidelity", runs["label"])
    assert "No pretrained classifier knows these images" in texts(page)
    assert "nobody starts that" in infos(page)[0]


@pytest.mark.skipif(not (PRETRAINED / JUDGE).is_dir(), reason="the judge is not here")
def test_real_digits_are_judged_right():
    """They take the way of generated ones: asked for by class, they come from the test images."""
    test = load_dataset("mnist-sample", "test", image_size=28, channels=1)
    assert test.labels is not None
    of_class = [to_unit(test.images[test.labels == label]) for label in range(10)]
    used = [0] * 10

    def sample(n: int, z: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        images = []
        for label in labels.tolist():
            images.append(of_class[label][used[label]])
            used[label] += 1
        return torch.stack(images)

    real: Any = SimpleNamespace(
        num_classes=10, device=torch.device("cpu"), sample_latent=lambda n, noise: torch.zeros(n, 1), sample=sample
    )
    known = judge.judge_of(CGANConfig())
    assert known is not None
    counts = label_confusion(real, known, test.classes, len(test), seed=0)
    assert counts.sum() == len(test) == 1000
    assert np.trace(counts) / counts.sum() >= 0.98
