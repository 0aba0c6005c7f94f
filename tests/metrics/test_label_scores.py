"""Scores of generators that are conditioned on classes."""

from pathlib import Path

import pytest
import torch
from accelerate.state import AcceleratorState

from genmodels.config.families import CGANConfig
from genmodels.data.load import load_dataset
from genmodels.inference.restore import Trained
from genmodels.metrics.scores.labels import samples_only_accuracy
from genmodels.models import build


def test_train_on_synthetic_test_on_real_gives_the_same_number_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Whatever torch's own generator has drawn before, and whatever the environment says to Accelerate."""
    config = CGANConfig(width=4, latent_dim=4)
    trained = Trained(build(config, 10), config, tmp_path, step=0)
    real = load_dataset("mnist-sample", "train", image_size=28, channels=1)
    assert real.labels is not None
    found = []
    for seed, precision in ((1, "no"), (2, "no"), (3, "bf16")):
        AcceleratorState._reset_state(reset_partial_state=True)
        monkeypatch.setenv("ACCELERATE_MIXED_PRECISION", precision)
        torch.manual_seed(seed)
        found.append(samples_only_accuracy(trained, real.images[:1000], real.labels[:1000], 10, seed=0))
    AcceleratorState._reset_state(reset_partial_state=True)
    assert found[0] == found[1] == found[2]
    assert found[0] > 0.3
