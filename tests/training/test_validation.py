"""A validation part of the training images: the best checkpoint is chosen on it, and test images are scored once."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.integrity import BEST
from genmodels.config.families import DCGANConfig
from genmodels.data.load import load_for
from genmodels.data.noise import Noise
from genmodels.errors import DataError
from genmodels.inference.load import load_model
from genmodels.jobs import start_check
from genmodels.training.diagnosis import diagnose
from genmodels.training.trainer import Trainer
from tests.support.training import Memory, assert_equal, tiny, train, weights

pytestmark = pytest.mark.usefixtures("fewer", "first_in_its_process")


def pixels(config: object, split: str) -> list[bytes]:
    """Each image of a split."""
    return [image.numpy().tobytes() for image in load_for(config, split).images]  # type: ignore[arg-type]


def test_the_part_is_of_the_training_images_and_the_same_whatever_the_seed():
    whole = pixels(tiny(), "train")
    parts = [pixels(tiny(validation_images=100, seed=seed), "validation") for seed in (0, 1)]
    assert parts[0] == parts[1]
    kept = pixels(tiny(validation_images=100), "train")
    assert sorted(kept + parts[0]) == sorted(whole)
    assert len(parts[0]) == 100
    assert pixels(tiny(validation_images=100), "test") == pixels(tiny(), "test")
    few = tiny(validation_images=100, train_images=300)
    assert len(pixels(few, "train")) == 200
    assert {*pixels(few, "train"), *pixels(few, "validation")} <= {*whole[:300]}


def test_test_images_are_scored_at_the_end_alone(tmp_path: Path):
    memory = train(tiny(validation_images=100, epochs=3), tmp_path)
    judged = [step for step, row in memory.rows.items() if "validation/neg_elbo" in row]
    tested = [step for step, row in memory.rows.items() if "test/neg_elbo" in row]
    last = max(memory.rows)
    best, _ = checkpoint.latest(tmp_path / BEST)
    assert best is not None
    assert judged == [last // 3, 2 * last // 3, last]
    assert sorted(tested) == sorted({best.step, last})
    assert "100 of the training images were held back for validation." in memory.events[-1]


def test_the_best_checkpoint_is_chosen_on_the_validation_part(tmp_path: Path):
    memory = train(tiny(validation_images=100, epochs=4, learning_rate=0.02), tmp_path)
    judged = {step: row["validation/neg_elbo"] for step, row in memory.rows.items() if "validation/neg_elbo" in row}
    best, _ = checkpoint.latest(tmp_path / BEST)
    assert best is not None
    assert best.step == min(judged, key=judged.__getitem__)
    assert best.state["by"] == "validation/neg_elbo"


def test_what_is_told_of_the_best_checkpoint_is_of_its_weights_and_the_last_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("genmodels.training.best_checkpoint.Best.better", lambda best, step, values: step == 7)
    config, memory = tiny(validation_images=100, epochs=2), Memory()
    trainer = Trainer(config, tmp_path, memory)
    assert trainer.steps_per_epoch == 7
    assert trainer.run() == "finished"
    assert_equal(trainer.family.tensors(), weights(tmp_path))
    (tmp_path / "config.json").write_text(config.model_dump_json())
    best = load_model(tmp_path, weights="best").family
    expected = best.evaluate(trainer.batches_of(trainer.test_set), Noise(config.seed, torch.device("cpu")))
    assert memory.rows[7]["test/neg_elbo"] == pytest.approx(expected["neg_elbo"], abs=1e-6)
    assert memory.rows[14]["test/neg_elbo"] != memory.rows[7]["test/neg_elbo"]


def test_a_run_with_a_validation_part_equals_its_parts(tmp_path: Path):
    config = tiny(validation_images=100, epochs=3)
    straight = train(config, tmp_path / "straight")
    rows = train(config, tmp_path / "parts", stop_at=10).rows | train(config, tmp_path / "parts").rows
    assert rows == straight.rows
    assert_equal(weights(tmp_path / "parts"), weights(tmp_path / "straight"))


def test_samples_are_held_against_validation_images_and_once_against_test_images(
    tmp_path: Path, fewer: Callable[[int], None]
):
    fewer(160)
    config = DCGANConfig(width=4, latent_dim=4, batch_size=20, epochs=1, device="cpu", validation_images=60)
    memory = train(config, tmp_path)
    last = memory.rows[max(memory.rows)]
    assert last["score/fid"] != last["test/fid"]


@pytest.mark.parametrize(("values", "most"), [({}, "3,998"), ({"train_images": 100}, "98")])
def test_a_part_that_leaves_nothing_is_refused_before_anything_is_stored(values: dict[str, int], most: str):
    config = tiny(validation_images=4000, **values)
    with pytest.raises(DataError, match=rf"^validation_images leaves 0 of .* hold back at most {most}\.$"):
        start_check.check(config, [])
    with pytest.raises(DataError, match="validation_images leaves 0 of"):
        load_for(config, "train")


def test_alarms_look_at_validation_curves(tmp_path: Path):
    import pandas as pd

    config = tiny(validation_images=100)
    rows = [("validation/neg_elbo", 8 * epoch, float(epoch), 1e9) for epoch in range(1, 5)]
    frame = pd.DataFrame(rows, columns=["name", "step", "epoch", "value"])
    assert "diverged" in str(diagnose(config.model_dump(), frame))
