"""Scores of generated images: between those of real ones and of noise, kept, and the same at every call."""

import os
from pathlib import Path
from typing import Any

import pytest
import torch

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.inference.load import load_model
from genmodels.inference.restore import Trained
from genmodels.metrics import features, judge
from genmodels.metrics.features import FeatureError
from genmodels.metrics.scores import images
from genmodels.models import build
from tests.support.helpers import finished

N = 400
SAMPLE = DCGANConfig()
CPU = torch.device("cpu")


def real_digits(split: Any, n: int = N) -> torch.Tensor:
    return load.load_for(SAMPLE, split).images[:n]


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    config = DCGANConfig(width=4, latent_dim=6, device="cpu")
    with pytest.MonkeyPatch.context() as patch:  # before the home of a single test
        patch.setenv("GENMODELS_HOME", str(tmp_path_factory.mktemp("home")))
        return images.score(Trained(build(config), config, None, 0), N, seed=0)  # type: ignore[arg-type]


def test_an_untrained_network_lies_far_from_real_images_and_is_called_nothing(scores: dict[str, Any]):
    assert scores["fid_floor"] < scores["fid"] / 20
    assert scores["kid_floor"] < scores["kid"] / 20
    assert scores["precision"] < 0.05 < 0.7 < scores["precision_floor"]
    assert scores["nearest_train_floor"] < scores["nearest_train"]
    assert (scores["samples"], scores["real_images"]) == (N, N)
    assert scores["feature_network"] == scores["judge"] == "classifier-mnist"


def test_real_images_and_noise_are_the_ends_of_the_scale(scores: dict[str, Any]):
    assert scores["confident_share_floor"] > 0.95
    assert scores["classes_covered_floor"] == 10
    assert scores["recall_noise"] == scores["precision_noise"] == 0
    assert scores["fid_noise"] > 100 * scores["fid_floor"]


def test_a_copy_of_the_training_images_is_found_out():
    train = real_digits("train")
    found = images.Critic.of(SAMPLE, train).score(train, seed=0)
    assert found["fid"] == pytest.approx(0, abs=1e-3)
    assert (found["precision"], found["recall"]) == (1.0, 1.0)


def test_features_come_from_the_disk_when_the_same_images_come_again(monkeypatch: pytest.MonkeyPatch):
    known = judge.judge_of(SAMPLE)
    assert known is not None
    name, classifier = known.name, known.classifier
    network = features.of_classifier(name, classifier)
    digits = real_digits("test", 50)
    first = features.extract(network, digits)
    monkeypatch.setattr(classifier, "features", lambda part: pytest.fail("seen before"))
    assert torch.equal(features.extract(features.of_classifier(name, classifier), digits), first)
    monkeypatch.undo()
    assert not torch.equal(features.extract(network, digits.flip(0)), first), "other images have others"


def test_features_that_another_process_has_dropped_meanwhile_are_no_trouble(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(features, "FEATURE_FILES_KEPT", 1)
    known = judge.judge_of(SAMPLE)
    assert known is not None
    name, classifier = known.name, known.classifier
    network, digits = features.of_classifier(name, classifier), real_digits("test", 20)
    features.extract(network, digits)
    (dropped,) = (features.home() / "cache" / "features").iterdir()
    stat = Path.stat

    def gone_once_it_is_listed(path: Path, **options: Any) -> os.stat_result:
        if path == dropped:
            path.unlink(missing_ok=True)
        return stat(path, **options)

    monkeypatch.setattr(Path, "stat", gone_once_it_is_listed)
    assert len(features.extract(network, digits.flip(0))) == 20


def test_damaged_features_are_made_anew():
    known = judge.judge_of(SAMPLE)
    assert known is not None
    name, classifier = known.name, known.classifier
    network, digits = features.of_classifier(name, classifier), real_digits("test", 20)
    first = features.extract(network, digits)
    for path in (features.home() / "cache" / "features").iterdir():
        path.write_bytes(b"half")
    assert torch.equal(features.extract(network, digits), first)


def test_too_few_images_to_train_a_network_on_have_no_such_scores(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(judge, "judge_of", lambda config: None)
    digits = {"train": real_digits("train", 49), "test": real_digits("test", 50)}
    monkeypatch.setattr(load, "load_dataset", lambda name, split, **options: Dataset(digits[split], None, ()))
    config = VAEConfig(width=4, hidden=16, latent_dim=3, device="cpu")
    found = images.score(Trained(build(config), config, None, 0), 50, seed=0)  # type: ignore[arg-type]
    assert found["feature_network"] is found["judge"] is None
    assert all(found[name] is None for name in images.SCORES)
    assert "too few to train a network on" in found["reasons"]["fid"]
    assert found["nearest_train"] > 0, "which needs no network"


def test_without_a_network_inception_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Any):
    def offline(*arguments: object, **options: object) -> None:
        raise OSError("no route to host")

    monkeypatch.setattr("torch_fidelity.feature_extractor_inceptionv3.load_state_dict_from_url", offline)
    with pytest.raises(FeatureError, match="connect to the network once, or use the features of the pretrained"):
        features.inception(CPU)


@pytest.mark.parametrize("config", ["vae", "dcgan", "cgan", "completion", "infogan"])
def test_every_family_makes_as_many_random_samples_as_it_is_shown_images(config: str):
    from genmodels.config import families

    values = {"family": config, "width": 4, "latent_dim": 6, "device": "cpu"}
    if config == "completion":
        values |= {"family": "cgan", "condition": "picture"}
    family = build(families.parse(values), 10)
    made = images.generate(family, real_digits("test", 30), 70, images.Noise(0))
    assert made.shape == (70, 1, 28, 28)
    assert torch.equal(made, images.generate(family, real_digits("test", 30), 70, images.Noise(0)))


def test_the_scores_of_a_run_are_the_same_at_every_call():
    run = finished(DCGANConfig(width=4, latent_dim=6, batch_size=500, epochs=1, device="cpu")).id
    first, second = (images.score(load_model(run), 100, seed=1) for _ in range(2))
    assert first == second
