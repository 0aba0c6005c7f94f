"""The prepared experiments are set-ups that the form takes, each unlike the others, and known again by a run's config."""

import pytest

from genmodels.config.experiments import config_of, experiment_of, experiments
from genmodels.config.families import FAMILIES
from genmodels.config.setup import read_setup, setup_text

PREPARED = [(family, found) for family in FAMILIES for found in experiments(family)]
cases = pytest.mark.parametrize(("family", "experiment"), PREPARED, ids=[found.name for _, found in PREPARED])


def test_every_page_has_some():
    assert {family for family, _ in PREPARED} >= {"vae", "dcgan", "cgan", "infogan", "flow", "latent_flow"}


@cases
def test_one_is_known_again_by_the_config_of_its_run(family: str, experiment):
    config = config_of(family, experiment)
    assert experiment_of(config.model_dump()) == experiment
    assert experiment_of(config.model_dump() | {"seed": 7, "device": "cpu", "preview_every": 0.5}) == experiment
    assert experiment_of(config.model_dump() | {"epochs": config.epochs + 1}) is None


@cases
def test_all_that_it_changes_differs_from_the_form(family: str, experiment):
    config = config_of(family, experiment).model_dump()
    defaults = FAMILIES[family].defaults({})
    assert [name for name in experiment.values if config[name] == defaults[name]] == []


@cases
def test_it_fits_into_a_link(family: str, experiment):
    config = config_of(family, experiment)
    assert read_setup(FAMILIES[family], setup_text(config)) == config


@cases
def test_what_was_measured_is_what_it_says_is_to_be_seen(family: str, experiment):
    for sign in experiment.signs:
        assert sign.holds(sign.measured), sign.curve
        assert sign.expected
    others = [found.name for found in experiments(family)]
    assert others.count(experiment.name) == 1
    assert experiment.against in ("", *others)


def test_a_run_of_no_experiment_is_known_as_none():
    assert [experiment_of(config.model_validate({}).model_dump()) for config in FAMILIES.values()] == [None] * len(
        FAMILIES
    )
    assert experiment_of({"family": "no-such"}) is None
