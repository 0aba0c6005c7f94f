"""The codes that a VAE's run keeps at its previews: at which steps, of what, and the same ones however the run is cut."""

from pathlib import Path

import numpy as np
import pytest

from genmodels.checkpoints import code_history
from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.training import kept_codes
from tests.support.training import assert_equal, tiny, train, weights

pytestmark = pytest.mark.usefixtures("fewer", "first_in_its_process")


def kept(folder: Path) -> dict[int, bytes]:
    return {step: file.read_bytes() for step, file in code_history.files(folder).items()}


def test_codes_are_kept_at_each_preview_and_change_nothing(tmp_path: Path):
    with_codes = train(tiny(code_history="on", preview_every=0.5), tmp_path / "on")
    without = train(tiny(code_history="off", preview_every=0.5), tmp_path / "off")
    assert list(kept(tmp_path / "on")) == [0, 4, 8, 12, 16]
    assert not (tmp_path / "off" / code_history.FOLDER).exists()
    assert with_codes.rows == without.rows
    assert_equal(weights(tmp_path / "on"), weights(tmp_path / "off"))


def test_a_run_in_parts_keeps_what_a_straight_one_does(tmp_path: Path):
    """Stopped within an epoch, and cut off after a preview that no checkpoint knows of."""
    config = tiny(code_history="on", preview_every=0.5, checkpoint_every=2.0)
    train(config, tmp_path / "straight")
    train(config, tmp_path / "parts", stop_at=5)
    code_history.save(tmp_path / "parts", 7, np.ones((3, 2)))
    train(config, tmp_path / "parts")
    assert kept(tmp_path / "parts") == kept(tmp_path / "straight")


def test_they_are_the_means_of_the_first_test_images(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(code_history, "IMAGES", 150)
    train(tiny(code_history="on"), tmp_path / "run")
    found = code_history.load(code_history.files(tmp_path / "run")[16], 150, 2)
    codes = np.load(next((tmp_path / "run" / "latents").glob("*/codes.npz")))
    assert found is not None
    assert np.allclose(found, codes["mu"][:150], atol=5e-3)
    assert code_history.load(code_history.files(tmp_path / "run")[16], 150, 3) is None


@pytest.mark.parametrize(
    ("options", "distance"),
    [
        ({"code_history": "on"}, 50),
        ({"code_history": "off"}, 0),
        ({"code_history": "on", "preview_every": 0}, 0),
        ({"batch_size": 200}, 50),  # 10,000 images from one to the next
        ({"batch_size": 64}, 200),  # 12,800
        ({"code_history": "on", "latent_dim": 512}, 100),  # at most 16 files of a megabyte
    ],
)
def test_they_are_kept_as_often_as_settings_and_bounds_allow(options: dict[str, object], distance: int):
    config = VAEConfig.model_validate(options)
    assert kept_codes.distance(config, preview_steps=50, total_steps=1_000, batch_size=config.batch_size) == distance


def test_a_family_without_an_encoder_keeps_none():
    assert kept_codes.distance(DCGANConfig(), 50, 1_000, 64) == 0


def test_a_long_run_stays_within_the_bounds_of_a_zip():
    config = VAEConfig(code_history="on", latent_dim=100, epochs=2000)
    steps = kept_codes.distance(config, preview_steps=3, total_steps=60_000, batch_size=64)
    moments = {f"mu-{step:08d}.npy": 128 + 2 * 1000 * 100 for step in (*range(0, 60_000, steps), 60_000)}
    assert code_history.is_history(moments)
    assert len(moments) > 60


def test_what_no_run_has_kept_is_no_history():
    assert not code_history.is_history({"mu-0.npy": 10})
    assert not code_history.is_history({"mu-00000000.npy": 2**26})
    assert not code_history.is_history({f"mu-{step:08d}.npy": 10 for step in range(300)})


def test_codes_beyond_all_bounds_are_passed_over(tmp_path: Path):
    code_history.save(tmp_path, 1, np.full((4, 2), np.inf))
    assert code_history.load(code_history.files(tmp_path)[1], 4, 2) is None
