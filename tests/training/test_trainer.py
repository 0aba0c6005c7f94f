"""The training loop: the same numbers however it is cut, and nothing lost when it goes wrong."""

import math
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from genmodels.checkpoints import checkpoint
from genmodels.config import families
from genmodels.config.families import DCGANConfig
from genmodels.training.trainer import Trainer
from tests.support.tiers import some
from tests.support.training import Memory, assert_equal, tiny, train, weights

pytestmark = pytest.mark.usefixtures("fewer", "first_in_its_process")
GANS: list[dict[str, Any]] = [
    {},
    {"precision": "bf16"},
    {"objective": "wasserstein-clip"},
    {"objective": "wasserstein-gp"},
    {"objective": "relativistic"},  # with R1 and R2
    {"objective": "hinge", "critic_norm": "spectral", "augment": "colour + translation + cutout"},
]


@pytest.mark.parametrize("stops", some([[24], [5], [11, 13, 40]], [11, 13, 40]))
def test_six_epochs_equal_their_parts(tmp_path: Path, stops: list[int]):
    """Stopped between epochs, within one, and more than once: the same rows and weights, bit for bit."""
    config = tiny(epochs=6)
    straight = train(config, tmp_path / "straight")
    rows: dict[int, dict[str, float]] = {}
    for stop in [*stops, None]:
        rows |= train(config, tmp_path / "parts", stop).rows
    assert rows == straight.rows
    assert_equal(weights(tmp_path / "parts"), weights(tmp_path / "straight"))


@pytest.mark.parametrize("prior", ["mixture", "flow"])
def test_a_vae_with_a_learned_prior_equals_its_parts(tmp_path: Path, prior: str, fewer: Callable[[int], None]):
    fewer(160)
    config = tiny(prior=prior, prior_components=3, prior_couplings=2, prior_width=4, batch_size=40)
    straight = train(config, tmp_path / "straight")
    rows = train(config, tmp_path / "parts", stop_at=5).rows | train(config, tmp_path / "parts").rows
    assert rows == straight.rows
    assert_equal(weights(tmp_path / "parts"), weights(tmp_path / "straight"))


@pytest.mark.parametrize("family", families.FAMILIES)
def test_every_family_equals_its_parts(tmp_path: Path, family: str, fewer: Callable[[int], None]):
    fewer(160)
    small = {"family": family, "width": 4, "batch_size": 20, "epochs": 2, "device": "cpu"}
    config = families.parse(small | ({"num_steps": 2} if family == "flow" else {}))
    straight = train(config, tmp_path / "straight")
    rows = train(config, tmp_path / "parts", stop_at=11).rows
    torch.manual_seed(9)  # another process has another global generator
    rows |= train(config, tmp_path / "parts").rows
    assert rows == straight.rows
    assert_equal(weights(tmp_path / "parts"), weights(tmp_path / "straight"))


@pytest.mark.parametrize(
    "options",
    some(GANS, *GANS[3:5]),
    ids=str,
)
def test_a_gan_equals_its_parts(tmp_path: Path, options: dict[str, Any], fewer: Callable[[int], None]):
    """Stopped between two turns of the generator too, which some objectives let wait."""
    fewer(160)
    small = {"width": 4, "latent_dim": 4, "batch_size": 20, "epochs": 3, "device": "cpu"}
    config = DCGANConfig.model_validate(small | options)
    straight = train(config, tmp_path / "straight")
    rows: dict[int, dict[str, float]] = {}
    for stop in (8, 11, None):
        rows |= train(config, tmp_path / "parts", stop).rows
    assert rows == straight.rows
    assert_equal(weights(tmp_path / "parts"), weights(tmp_path / "straight"))


def test_a_checkpoint_of_the_first_version_goes_on_with_the_same_numbers(tmp_path: Path):
    """Its state had one count for all open sums, and no classes."""
    config = tiny(epochs=2)
    straight = train(config, tmp_path / "straight")
    rows = train(config, tmp_path / "parts", stop_at=11).rows
    folder = tmp_path / "parts" / "checkpoints"
    found, _ = checkpoint.latest(folder)
    assert found is not None
    counts = found.state.pop("counts")
    del found.state["classes"]
    found.state["summed"] = next(iter(counts.values()), 0)
    checkpoint.save(folder, found)
    assert rows | train(config, tmp_path / "parts").rows == straight.rows


def test_a_run_cut_off_after_its_last_checkpoint_gives_the_same_numbers_again(tmp_path: Path):
    config = tiny(epochs=3)
    straight = train(config, tmp_path / "straight")
    train(config, tmp_path / "cut", stop_at=20)
    newest = tmp_path / "cut" / "checkpoints" / "step-00000020" / checkpoint.WEIGHTS
    newest.write_bytes(newest.read_bytes()[:100])
    again = train(config, tmp_path / "cut")
    assert min(again.rows) == 17
    assert again.rows == {step: row for step, row in straight.rows.items() if step >= 17}
    assert any("step-00000020 is damaged" in event and "from step 16" in event for event in again.events)
    assert_equal(weights(tmp_path / "cut"), weights(tmp_path / "straight"))


def test_a_slow_disk_is_given_what_was_true_at_the_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Training goes on while the writer waits for the disk, and must not change what is yet to be written."""
    config = tiny(epochs=3)
    straight = train(config, tmp_path / "straight")
    save = checkpoint.save

    def slow(*arguments: Any, **options: Any) -> Path:
        time.sleep(0.3)
        return save(*arguments, **options)

    monkeypatch.setattr(checkpoint, "save", slow)
    train(config, tmp_path / "cut", stop_at=20)
    shutil.rmtree(tmp_path / "cut" / "checkpoints" / "step-00000020")
    again = train(config, tmp_path / "cut")
    assert again.rows == {step: row for step, row in straight.rows.items() if step >= 17}


def test_without_any_whole_checkpoint_it_says_that_it_starts_anew(tmp_path: Path):
    config = tiny()
    straight = train(config, tmp_path)
    for file in tmp_path.glob("checkpoints/*/state.json"):
        file.write_text("{")
    again = train(config, tmp_path)
    assert again.rows == straight.rows
    assert any("starts anew" in event for event in again.events)


def test_eight_of_ten_epochs_resumed_are_two_more(tmp_path: Path):
    train(tiny(epochs=10), tmp_path, stop_at=64)
    rest = train(tiny(epochs=10), tmp_path)
    assert sorted(rest.rows) == list(range(65, 81))


def test_a_finished_run_resumed_trains_nothing(tmp_path: Path):
    train(tiny(), tmp_path)
    before = weights(tmp_path)
    assert train(tiny(), tmp_path).rows == {}
    assert_equal(weights(tmp_path), before)


def test_looking_never_changes_training(tmp_path: Path):
    often = train(tiny(preview_every=1e-9, checkpoint_every=0.3), tmp_path / "often")
    never = train(tiny(preview_every=0), tmp_path / "never")
    assert len(list((tmp_path / "often/pictures").glob("samples-*.png"))) == 17
    assert not (tmp_path / "never/pictures").exists()
    assert often.rows == never.rows
    assert_equal(weights(tmp_path / "often"), weights(tmp_path / "never"))


def test_the_seed_decides(tmp_path: Path):
    first = train(tiny(deterministic=True), tmp_path / "1")
    again, other = train(tiny(), tmp_path / "2"), train(tiny(seed=1), tmp_path / "3")
    assert first.rows == again.rows
    assert_equal(weights(tmp_path / "1"), weights(tmp_path / "2"))
    assert first.rows != other.rows


def test_training_learns(tmp_path: Path, fewer: Callable[[int], None]):
    fewer(4000)
    rows = train(tiny(epochs=3, batch_size=50, hidden=64, learning_rate=3e-3), tmp_path).rows
    test = [row["test/neg_elbo"] for row in rows.values() if "test/neg_elbo" in row]
    assert test[-1] < 0.45 * 784 * math.log(2)
    assert test[-1] < test[0]


def test_the_curve_reaches_the_last_step(tmp_path: Path):
    """32 steps an epoch, a row every 3: the last window is short, but it is there."""
    rows = train(tiny(batch_size=25, epochs=1), tmp_path).rows
    assert {"train/neg_elbo", "test/neg_elbo"} <= rows[32].keys()
    assert sorted(rows) == [*range(3, 31, 3), 32]


@pytest.mark.parametrize("n", [7, 9, 500])
def test_few_images_and_odd_rests_work(tmp_path: Path, fewer: Callable[[int], None], n: int):
    """Fewer than a batch of 500; nine in batches of 8, with one left over."""
    fewer(n)
    memory = train(tiny(batch_size=8 if n == 9 else 500), tmp_path)
    assert max(memory.rows) == 2
    assert all(math.isfinite(value) for row in memory.rows.values() for value in row.values())
    assert any("batch size is 7" in event for event in memory.events) == (n == 7)


def test_no_checkpoint_is_written_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """To write it anew it would have to be removed first, and a run has no other in its first epoch."""
    save, saved = checkpoint.save, []

    def remember(folder: Path, what: checkpoint.Checkpoint, **options: int) -> Path:
        saved.append((folder.name, what.step))
        return save(folder, what, **options)

    monkeypatch.setattr(checkpoint, "save", remember)
    train(tiny(), tmp_path, stop_at=8)
    train(tiny(), tmp_path)
    train(tiny(), tmp_path)
    assert [step for folder, step in saved if folder == "checkpoints"] == [8, 16]
    assert len(set(saved)) == len(saved)


def test_a_stop_at_the_last_step_comes_too_late(tmp_path: Path):
    loop = Trainer(tiny(), tmp_path, Memory())
    assert loop.run(lambda: loop.step == 16) == "finished"


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize("image_size", some([28, 32, 64], 32))
def test_every_size_trains_in_both_precisions(
    tmp_path: Path, image_size: int, precision: str, fewer: Callable[[int], None]
):
    fewer(20)
    config = tiny(image_size=image_size, precision=precision, batch_size=10, epochs=1, channels=3)
    rows = train(config, tmp_path).rows
    assert math.isfinite(rows[2]["test/neg_elbo"])
    assert {tensor.dtype for tensor in weights(tmp_path).values()} == {torch.float32}
