"""The package as a library: a trained model in one line."""

import subprocess
import sys

import pytest
import torch

import genmodels
from genmodels.inference import LoadError
from genmodels.shipped import shipped

GENERATORS = [model.name for model in shipped() if model.config["family"] != "classifier"]


@pytest.mark.parametrize("name", GENERATORS)
def test_every_shipped_model_draws_images_that_a_seed_repeats(name: str):
    model = genmodels.load(name)
    before = torch.random.get_rng_state()
    images = model.sample(16, seed=1)
    assert images.shape == (16, 1, 28, 28)
    assert 0 <= images.min() < 0.1
    assert 0.9 < images.max() <= 1
    assert torch.equal(model.sample(16, seed=1), images)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert not torch.equal(model.sample(16), images)


def test_a_conditional_model_draws_the_classes_it_is_asked_for():
    model = genmodels.load("cgan-mnist")
    sevens = model.sample(8, seed=0, labels=torch.full((8,), 7))
    assert not torch.equal(sevens, model.sample(8, seed=0))


def test_a_classifier_draws_nothing_and_says_so():
    with pytest.raises(LoadError, match="judges images"):
        genmodels.load("classifier-mnist").sample(1)


def test_the_package_alone_loads_neither_torch_nor_streamlit():
    code = "import sys, genmodels; sys.exit(any(name in sys.modules for name in ('torch', 'streamlit')))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
