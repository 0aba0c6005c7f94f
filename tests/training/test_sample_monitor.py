"""Evaluations of samples while a generator trains, which change nothing; and the best checkpoint, which they choose."""

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torchmetrics.image.fid import FrechetInceptionDistance

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.checkpoint import Checkpoint
from genmodels.checkpoints.integrity import BEST
from genmodels.config.families import CGANConfig, DCGANConfig, VAEConfig
from genmodels.data import load
from genmodels.errors import TrainingError
from genmodels.inference.load import load_model
from genmodels.inference.restore import LoadError
from genmodels.metrics import distances, judge
from genmodels.metrics.image_statistics import statistics
from genmodels.models.dcgan import DCGAN
from genmodels.runs.archive import pack, unpack
from genmodels.runs.store import Store
from genmodels.training.best_checkpoint import Best
from genmodels.training.sample_monitor import SampleMonitor
from genmodels.training.trainer import Trainer
from tests.support.training import Memory, assert_equal, break_curve, quicken, train, weights

SMALL: dict[str, Any] = {
    "width": 4,
    "latent_dim": 4,
    "batch_size": 100,
    "epochs": 2,
    "device": "cpu",
    "preview_every": 0,
}


@pytest.fixture(autouse=True)
def unknown(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Few images, which no classifier knows, for it takes its time; call it to have one."""
    quicken(monkeypatch)
    judge_of = judge.judge_of
    monkeypatch.setattr(judge, "judge_of", lambda config: None)
    return lambda: monkeypatch.setattr(judge, "judge_of", judge_of)


def without_scores(memory: Memory) -> dict[int, dict[str, float]]:
    return {
        step: {name: value for name, value in row.items() if not name.startswith("score/")}
        for step, row in memory.rows.items()
    }


@pytest.mark.parametrize("config", [DCGANConfig, CGANConfig, VAEConfig])
def test_looks_change_nothing_about_training(tmp_path: Path, config: type):
    often = train(config(**SMALL, check_every=0.25), tmp_path / "often")
    never = train(config(**SMALL, check_every=0), tmp_path / "never")
    assert without_scores(often) == never.rows
    assert sum("score/diversity" in row for row in often.rows.values()) == 8
    assert_equal(weights(tmp_path / "often"), weights(tmp_path / "never"))


def test_a_run_in_parts_has_the_scores_of_one_that_ran_through(tmp_path: Path, unknown: Callable[[], None]):
    """Stopped between two looks; how far the samples have moved since the one before is known all the same."""
    unknown()
    config = DCGANConfig(**SMALL)
    straight = train(config, tmp_path / "straight")
    rows = train(config, tmp_path / "parts", stop_at=11).rows
    assert rows | train(config, tmp_path / "parts").rows == straight.rows
    assert straight.rows[16].keys() >= {"score/fid", "score/fid_floor", "score/confident_share", "score/movement"}
    assert straight.rows[16]["score/fid_noise"] > 100 * straight.rows[16]["score/fid_floor"]
    best = [checkpoint.latest(tmp_path / name / BEST)[0] for name in ("straight", "parts")]
    assert best[0] is not None
    assert best[1] is not None
    assert best[0].state == best[1].state
    assert_equal(best[0].weights, best[1].weights)


def test_statistics_know_copies_noise_and_digits():
    digits = load.load_for(DCGANConfig(), "test").images[:64]
    noise = torch.randint(0, 256, digits.shape, dtype=torch.uint8, generator=torch.Generator().manual_seed(0))
    assert statistics(noise)["roughness"] == pytest.approx(1.155, abs=0.01)  # 1/3 over the root of 1/12
    assert statistics(digits)["roughness"] < 0.4
    assert statistics(digits[:1].expand(64, -1, -1, -1))["diversity"] < 0.05
    assert statistics(torch.cat([digits, digits]))["variants"] < 0.05
    assert all(math.isfinite(value) for value in statistics(torch.zeros_like(digits[:1])).values())


def test_the_distance_of_features_is_that_of_torchmetrics():
    generator = torch.Generator().manual_seed(0)
    real, fake = torch.randn(50, 8, generator=generator), 1.3 * torch.randn(70, 8, generator=generator) + 0.2
    as_given = nn.Identity()
    as_given.num_features = 8  # type: ignore[assignment]
    metric = FrechetInceptionDistance(feature=as_given)
    metric.update(real.double(), real=True)
    metric.update(fake.double(), real=False)
    assert distances.frechet(real, fake) == pytest.approx(metric.compute().item())


def best_step(folder: Path) -> int:
    found, _ = checkpoint.latest(folder / BEST)
    assert found is not None
    return found.step


def test_a_run_that_turns_to_noise_keeps_its_best_checkpoint_from_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    real = load.load_for(DCGANConfig(), "train").images
    made: list[int] = []

    def samples(self: DCGAN, shown: Tensor, noise: Any) -> Tensor:
        """The first three looks, the one before training among them, see digits."""
        made.append(len(made))
        return real[: len(shown)] / 255 if len(made) <= 3 else torch.rand(shown.shape, generator=noise.generator)

    monkeypatch.setattr(DCGAN, "random_samples", samples)
    train(DCGANConfig(**SMALL | {"epochs": 4}), tmp_path)
    assert checkpoint.steps(tmp_path / "checkpoints")[-1] == 32
    assert best_step(tmp_path) == 16


def test_the_best_is_the_one_with_the_lowest_score(tmp_path: Path):
    vae, gan = VAEConfig(), DCGANConfig()
    best = Best(tmp_path, vae, 0)
    assert [best.better(step, {"test/neg_elbo": value}) for step, value in ((1, 9.0), (2, 8.0), (3, 8.5), (4, 8.0))] == [
        True, True, False, False,
    ]  # fmt: skip
    assert best.better(5, {"test/neg_elbo": 9.0, "score/fid": 50.0}), "a FID says more"
    assert not best.better(6, {"test/neg_elbo": 1.0})
    best.save(best.checkpoint(5, {"w": torch.ones(2)}, {}))
    assert not Best(tmp_path, vae, 5).better(6, {"score/fid": 51.0})
    assert Best(tmp_path, vae, 5).better(6, {"score/fid": 49.0})
    assert Best(tmp_path, vae, 4).better(5, {"score/fid": 51.0}), "that was before the run was resumed"
    (tmp_path / BEST / "step-00000005" / checkpoint.STATE).write_text("{")
    assert Best(tmp_path, vae, 5).better(6, {"score/fid": 51.0}), "damaged"

    good = {"score/diversity": 1.0, "score/variants": 1.0, "score/contrast": 1.0, "score/roughness": 1.0}
    best = Best(tmp_path / "unjudged", gan, 0)
    values: tuple[dict[str, float], ...] = (
        good,
        good | {"score/roughness": 5.0},
        good,
        good | {"score/variants": 0.0},
        {"test/d_real": 0.5},
        {},
    )
    assert [best.better(step, row) for step, row in enumerate(values)] == [True, False, True, False, False, False]


def test_one_best_checkpoint_is_kept(tmp_path: Path):
    best = Best(tmp_path, VAEConfig(), 0)
    for step in (1, 2):
        best.save(best.checkpoint(step, {"w": torch.full((2,), float(step))}, {"classes": []}))
    assert checkpoint.steps(tmp_path / BEST) == [2]
    assert checkpoint.load(tmp_path / BEST / "step-00000002").training == {}


def test_the_best_weights_can_be_loaded_and_travel_in_the_zip(tmp_path: Path, home: Path):
    store = Store()
    run = store.create(DCGANConfig(**SMALL).model_dump())
    folder = store.folder(run.id)
    train(DCGANConfig(**SMALL), folder)
    newest = load_model(run.id, store)
    weights = {
        name: tensor + 1 if tensor.is_floating_point() else tensor for name, tensor in newest.family.tensors().items()
    }
    checkpoint.save(folder / BEST, Checkpoint(5, weights, {}, {"by": "score/fid", "value": 3.0, "classes": []}), kept=1)
    store.update(run.id, state="finished")
    assert load_model(run.id, store).step == 16
    best = load_model(run.id, store, weights="best")
    assert best.step == 5
    assert_equal(best.family.tensors(), weights)

    pack(store, run.id, tmp_path / "run.zip")
    other = Store(tmp_path / "other")
    assert load_model(unpack(other, tmp_path / "run.zip").id, other, weights="best").step == 5


def test_a_run_without_a_best_checkpoint_says_so(tmp_path: Path):
    store = Store()
    config = DCGANConfig(**SMALL, check_every=0)
    run = store.create(config.model_dump())
    train(config, store.folder(run.id))
    with pytest.raises(LoadError, match="no best checkpoint yet"):
        load_model(run.id, store, weights="best")


def test_a_value_that_is_not_finite_gets_its_row_and_the_best_checkpoint_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    break_curve(monkeypatch, DCGAN, "g_loss", epoch=1)
    monkeypatch.setattr("genmodels.training.diagnosis.spoiled", lambda scores: None)
    memory = Memory()
    with pytest.raises(TrainingError, match=r"^g_loss became nan at step 9\."):
        Trainer(DCGANConfig(**SMALL), tmp_path, memory).run()
    assert math.isnan(memory.rows[9]["train/g_loss"])
    assert best_step(tmp_path) == 8
    found, _ = checkpoint.latest(tmp_path / "checkpoints")
    assert found is not None
    assert found.step == 8


def test_few_images_of_ones_own_are_enough(tmp_path: Path):
    few = replace(load.load_for(DCGANConfig(), "test"), labels=None)
    images = replace(few, images=few.images[:3])
    trainer = Trainer(DCGANConfig(**SMALL), tmp_path, Memory())
    scores = SampleMonitor(DCGANConfig(**SMALL), trainer.family, images, images).evaluate()
    assert all(math.isfinite(value) for value in scores.values())
