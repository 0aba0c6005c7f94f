"""Experiments show what they say, where that shows in a few seconds."""

import pytest

from benchmarks.experiments import play
from genmodels.config.experiments import config_of, experiments


@pytest.mark.slow
def test_annealing_keeps_the_code_in_use_that_is_ignored_without():
    """After the first of ten epochs."""
    played = {
        found.name: play(config_of("vae", found), found, epochs=1)
        for found in experiments("vae")
        if found.name in ("posterior-collapse", "kl-annealing")
    }
    assert played["posterior-collapse"]["test/kl"] < 0.1
    assert played["posterior-collapse"]["test/active_units"] == 0
    assert played["kl-annealing"]["test/kl"] > 0.5
    assert played["kl-annealing"]["test/active_units"] > 2


@pytest.mark.slow
@pytest.mark.parametrize("seed", [300, 301])
def test_whatever_the_seed_a_collapse_is_called_one(seed):
    """By the whole experiment."""
    (found,) = (found for found in experiments("dcgan") if found.name == "mode-collapse")
    seen = play(config_of("dcgan", found).model_copy(update={"seed": seed}), found)
    assert (seen["alarms"], seen["out of bounds"]) == (["collapse"], [])
