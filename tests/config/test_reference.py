"""The reference of all options: what it has to say of each family, its bounds and its defaults."""

import subprocess
import sys

import pytest

from genmodels.config.families import FAMILIES, GANConfig, InfoGANConfig, VAEConfig
from genmodels.config.objectives import OBJECTIVES
from genmodels.config.reference import reference, sections
from genmodels.storage.paths import PROJECT


@pytest.mark.parametrize("family", FAMILIES)
def test_the_sections_of_a_family_have_each_of_its_options(family: str):
    config = FAMILIES[family]
    listed = [name for section, names in sections().items() if issubclass(config, section) for name in names]
    assert {*listed} == {*config.options()}


def test_what_a_family_sets_otherwise_stands_in_its_own_section_too():
    assert "learning_rate" in sections()[GANConfig]
    assert "latent_dim" in sections()[InfoGANConfig]
    assert "width" not in sections()[InfoGANConfig]


def test_a_row_tells_flag_default_bounds_and_meaning():
    assert "| `--latent-dim` | 16 | 1 to 512 dimensions | Length of the code z. |" in reference()
    assert "| `--epochs` | 20 | 1 to 2,000 epochs | Passes over the training images. |" in reference()
    assert (
        f"| `--binarize`, `--no-binarize` | yes | - | {VAEConfig.model_fields['binarize'].description} |" in reference()
    )


def test_an_option_that_depends_on_another_says_on_which():
    assert "Only with `--objective wasserstein-gp`." in reference()


@pytest.mark.parametrize("objective", [name for name, info in OBJECTIVES.items() if info.demands])
def test_what_an_objective_demands_is_told(objective: str):
    (row,) = [line for line in reference().splitlines() if line.startswith(f"| `--objective {objective}` |")]
    for name, value in OBJECTIVES[objective].demands.items():
        assert f"`--{name.replace('_', '-')} {value}`" in row


def test_the_command_prints_it_without_torch():
    code = "import runpy, sys; runpy.run_module('genmodels.config.reference', run_name='__main__'); assert 'torch' not in sys.modules"
    made = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert made.stdout == reference()
