"""The configs of a sweep: several seeds, values of one setting, or both."""

from typing import Any

import pytest

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.config.sweep import split, sweep, sweepable
from genmodels.errors import TrainingError


def test_seeds_go_on_from_that_of_the_config():
    found = sweep(VAEConfig(seed=7, beta=2.0), seeds=3)
    assert found == {f"seed {seed}": VAEConfig(seed=seed, beta=2.0) for seed in (7, 8, 9)}


def test_values_and_seeds_are_all_combined():
    found = sweep(VAEConfig(), 2, "beta", split("1, 4,"))
    assert found == {
        f"beta {beta:g}, seed {seed}": VAEConfig(beta=beta, seed=seed) for beta in (1.0, 4.0) for seed in (0, 1)
    }
    assert list(sweep(VAEConfig(), 1, "latent_dim", ["2", "8"])) == ["latent dim 2", "latent dim 8"]


def test_what_follows_the_varied_setting_follows_it_unless_it_was_set():
    found = sweep(DCGANConfig(epochs=2), 1, "objective", ["hinge", "wasserstein-gp"])
    assert found["objective wasserstein-gp"] == DCGANConfig(epochs=2, objective="wasserstein-gp")
    assert found["objective wasserstein-gp"].critic_norm == "none"
    slow = sweep(DCGANConfig(learning_rate=1e-5), 1, "objective", ["hinge", "wasserstein-clip"])
    assert {config.learning_rate for config in slow.values()} == {1e-5}


def test_a_value_that_is_given_twice_is_trained_once():
    assert len(sweep(VAEConfig(), 1, "beta", ["1", "1.0"])) == 1


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((1, "beta", ["1", "many"]), "beta must be 0 to 100, not 'many'."),
        ((1, "beta", ["1000"]), "beta must be 0 to 100"),
        ((1, "device", ["cpu"]), "device cannot be varied: choose one of "),
        ((1, "folder", ["/etc"]), "folder cannot be varied"),
        ((1, "no_such", ["1"]), "no_such cannot be varied"),
        ((1, "class_folders", ["none"]), "class_folders cannot be varied"),
        ((2, "seed", ["1", "2"]), "seed: give its values"),
    ],
)
def test_what_cannot_be_swept_is_told_in_one_sentence(values: tuple[Any, ...], told: str):
    with pytest.raises(TrainingError) as caught:
        sweep(VAEConfig(), *values)
    assert str(caught.value).startswith(told)
    assert "\n" not in str(caught.value)


def test_a_setting_without_meaning_is_not_varied():
    with pytest.raises(TrainingError, match="clip has no meaning with these settings"):
        sweep(DCGANConfig(), 1, "clip", ["0.1"])


def test_seeds_beyond_the_largest_are_refused():
    with pytest.raises(TrainingError, match="seed must be 0 to"):
        sweep(VAEConfig(seed=2**31 - 1), 2)


def test_what_a_sweep_may_vary_is_nothing_of_the_machine():
    names = {*sweepable(VAEConfig)}
    assert {"beta", "latent_dim", "dataset", "seed", "epochs", "binarize"} <= names
    assert not names & {"device", "precision", "folder", "log_with", "family", "preview_every"}
