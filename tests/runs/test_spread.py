"""Scores over several seeds: mean, spread, what the variants are called, and which run one would choose."""

import math

import pytest

from genmodels.config.families import FAMILIES
from genmodels.runs.run import Run
from genmodels.runs.spread import in_words, spread_of, spreads, with_labels, without_labels
from genmodels.runs.variants import title, variants


def a_run(number: int, family: str = "vae", **options: object) -> Run:
    config = FAMILIES[family].model_validate({"seed": number} | options)
    return Run(f"{family}-{number}", f"run {number}", config.model_dump())


def test_a_spread_is_mean_and_standard_deviation_of_the_sample():
    found = spread_of([1.0, 2.0, 6.0, math.nan])
    assert found is not None
    assert (found.mean, found.n) == (3.0, 3)
    assert found.sd == pytest.approx(math.sqrt((4 + 1 + 9) / 2))
    assert str(found) == "3 ± 2.6 (3 seeds)"


def test_one_seed_has_no_spread_and_none_has_nothing():
    assert str(spread_of([2.5])) == "2.5 (1 seed)"
    assert spread_of([math.nan, math.inf]) is None


def test_runs_that_differ_in_their_seed_alone_are_one_variant():
    runs = [a_run(seed, beta=beta) for beta in (1, 4) for seed in (0, 1)]
    assert {label: [run.config["seed"] for run in own] for label, own in variants(runs).items()} == {
        "Beta 1": [0, 1],
        "Beta 4": [0, 1],
    }
    assert list(variants(runs[:2])) == [""]
    assert title(runs) == "Beta 1, 4 × 2 seeds: VAE on mnist-sample"
    assert title(runs[:2]) == "2 seeds: VAE on mnist-sample"


def test_an_objective_stands_for_all_that_it_demands():
    runs = [a_run(0, "dcgan", objective=name) for name in ("hinge", "wasserstein-gp")]
    assert list(variants(runs)) == ["Objective hinge", "Objective wasserstein-gp"]
    both = [a_run(0), a_run(0, "dcgan")]
    assert title(both) == "VAE, DCGAN on mnist-sample"


def test_spreads_are_of_each_variant_by_itself():
    runs = [a_run(seed, beta=beta) for beta in (1, 4) for seed in (0, 1)]
    runs = [Run(f"vae-{place}", run.name, run.config) for place, run in enumerate(runs)]
    last = {run.id: {"test/neg_elbo": 100.0 + place} for place, run in enumerate(runs)}
    found = spreads(runs, last)
    assert {label: str(of["negative ELBO, test"]) for label, of in found.items()} == {
        "Beta 1": "100.5 ± 0.71 (2 seeds)",
        "Beta 4": "102.5 ± 0.71 (2 seeds)",
    }


def test_without_labels_the_lowest_bound_is_chosen_on_validation_images_where_there_are():
    runs = [a_run(seed) for seed in range(2)]
    last = {"vae-0": {"test/neg_elbo": 90.0, "score/fid": 7.0}, "vae-1": {"test/neg_elbo": 95.0, "score/fid": 5.0}}
    bound, fid = without_labels(runs, last), with_labels(runs, last)
    assert bound is not None
    assert fid is not None
    assert (bound.run.id, bound.by, fid.run.id) == ("vae-0", "negative ELBO, test", "vae-1")
    last["vae-0"]["validation/neg_elbo"], last["vae-1"]["validation/neg_elbo"] = 99.0, 98.0
    bound = without_labels(runs, last)
    assert bound is not None
    assert (bound.run.id, bound.by) == ("vae-1", "negative ELBO, validation")
    assert "Chosen without labels: run 1 (negative ELBO, validation 98)" in in_words(runs, last)


def test_nothing_is_chosen_by_losses_of_different_things():
    flows = [a_run(0, "flow", objective=name) for name in ("flow-matching", "diffusion")]
    flows = [Run(f"flow-{place}", run.name, run.config) for place, run in enumerate(flows)]
    assert without_labels(flows, {run.id: {"test/loss": 0.1} for run in flows}) is None
    gans = [a_run(seed, "dcgan") for seed in range(2)]
    assert without_labels(gans, {run.id: {"train/d_loss": 0.1} for run in gans}) is None
    assert with_labels(gans, {}) is None
