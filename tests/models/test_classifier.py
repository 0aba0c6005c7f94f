"""The classifier, and what it says of images."""

from typing import Any

import pytest
import torch
from accelerate import Accelerator

from genmodels.config.base import RunConfig
from genmodels.config.families import ClassifierConfig, DCGANConfig
from genmodels.data.augmentation import moved
from genmodels.data.load import load_dataset
from genmodels.data.noise import Noise
from genmodels.errors import TrainingError
from genmodels.inference.load import load_model
from genmodels.metrics import judge
from genmodels.metrics.evaluate import evaluate
from genmodels.models import build
from genmodels.models.base import Batch
from genmodels.models.classifier import Classifier
from genmodels.runs.store import Store
from tests.support.helpers import finished


def trained_run(config: RunConfig) -> str:
    """The folder of a finished run."""
    return str(Store().folder(finished(config).id))


def test_images_are_moved_by_whole_pixels_each_by_its_own_way():
    x = torch.zeros(200, 1, 9, 9)
    x[:, :, 4, 4] = 1
    shifted = moved(x, 2, Noise(0))
    assert (shifted.sum((1, 2, 3)) == 1).all()
    places = {tuple(place) for place in shifted[:, 0].nonzero()[:, 1:].tolist()}
    assert places == {(row, column) for row in range(2, 7) for column in range(2, 7)}
    assert torch.equal(moved(x, 0, Noise(0)), x)
    edge = torch.ones(50, 1, 4, 4)
    assert set(moved(edge, 1, Noise(1)).unique().tolist()) == {0.0, 1.0}, "what comes in from outside is not black"


@pytest.mark.slow
def test_it_learns_digits_and_its_score_is_its_accuracy():
    config = ClassifierConfig(epochs=2, width=8, batch_size=50, device="cpu")
    folder = trained_run(config)
    trained = load_model(folder)
    assert trained.classes == tuple("0123456789")
    scores = evaluate(trained)
    test = load_dataset("mnist-sample", "test", image_size=28, channels=1)
    assert isinstance(trained.family, Classifier)
    assert test.labels is not None
    right = (trained.family.logits(test.images).argmax(1) == test.labels).double().mean().item()
    assert scores["accuracy"] == pytest.approx(right)
    assert right > 0.85
    assert 0 < scores["confident_share"] < 1


def test_its_features_lead_to_its_logits():
    family = build(ClassifierConfig(width=4), 10)
    assert isinstance(family, Classifier)
    images = torch.randint(0, 256, (3, 1, 28, 28), dtype=torch.uint8)
    last = family.averaged["classifier"].last
    assert torch.allclose(last(family.features(images)), family.logits(images), atol=1e-6)  # type: ignore[operator]


@pytest.mark.parametrize(("image_size", "channels"), [(28, 1), (32, 3), (64, 1)])
def test_every_size_can_be_classified(image_size: int, channels: int):
    config = ClassifierConfig.model_validate({"width": 4, "image_size": image_size, "channels": channels})
    family = build(config, 7)
    family.prepare(Accelerator(cpu=True))
    images = torch.randint(0, 256, (5, channels, image_size, image_size), dtype=torch.uint8)
    values = family.step(Batch(images, torch.arange(5), 0.0), Noise(0))
    assert set(values) == {curve.name for curve in config.curves}


def test_dropout_leaves_out_its_share_and_keeps_the_mean():
    family = build(ClassifierConfig(width=64, dropout=0.25), 10)
    assert isinstance(family, Classifier)
    mask = family._dropout(500, Noise(0))
    assert mask is not None
    assert mask.unique().tolist() == pytest.approx([0, 4 / 3])
    assert mask.mean().item() == pytest.approx(1, abs=0.01)
    assert build(ClassifierConfig(width=4, dropout=0), 10)._dropout(5, Noise(0)) is None  # type: ignore[attr-defined]


def test_a_step_depends_on_its_noise_alone():
    """And on no generator that a checkpoint does not hold."""
    images, labels = torch.randint(0, 256, (8, 1, 28, 28), dtype=torch.uint8), torch.arange(8)

    def losses(global_seed: int, seed: int) -> list[float]:
        family, noise = build(ClassifierConfig(width=4), 10), Noise(seed)
        family.prepare(Accelerator(cpu=True))
        torch.manual_seed(global_seed)
        return [family.step(Batch(images, labels, 0.0), noise)["loss"].item() for _ in range(2)]

    assert losses(1, 0) == losses(2, 0)
    assert losses(1, 0) != losses(1, 1)


def test_without_classes_there_is_nothing_to_learn():
    with pytest.raises(TrainingError, match="2 classes"):
        build(ClassifierConfig(), 0)


def test_shares_and_classes_are_counted_among_confident_answers():
    sure, unsure = torch.eye(3), torch.full((1, 3), 1 / 3)
    found = torch.cat([sure[[0]].expand(900, 3), sure[[1]].expand(99, 3), unsure])
    assert judge.confident_share(found) == pytest.approx(0.999)
    assert judge.classes_covered(found) == 2
    rare = torch.cat([sure[[0]].expand(1999, 3), sure[[2]]])
    assert judge.classes_covered(rare) == 1, "one image in 2,000 does not cover a class"


def test_the_score_of_a_generator_names_its_judge(monkeypatch: pytest.MonkeyPatch):
    config = DCGANConfig(epochs=1, width=4, latent_dim=4, batch_size=200, device="cpu", preview_every=0)
    trained = load_model(trained_run(config))
    network: Any = build(ClassifierConfig(width=4), 10)
    known = judge.Judge("classifier-mnist", network, trained.classes)
    monkeypatch.setattr(judge, "judge_of", lambda config: known)
    scores = evaluate(trained, samples=50)
    assert scores["feature_network"] == "classifier-mnist"
    assert scores["samples"] == 50
    assert 0 <= scores["confident_share"] <= 1
    assert evaluate(trained, samples=50) == scores
