"""A set-up in an address: it comes back as it was, and names nothing of the machine of whoever opens it."""

import pytest

from genmodels.config.families import FAMILIES, CGANConfig, DCGANConfig, VAEConfig
from genmodels.config.setup import SetupError, changed, read_setup, setup_text

SETUPS = [
    VAEConfig(latent_dim=2, beta=4, binarize=False),
    VAEConfig(learning_rate=1e-5, dataset="fashion-mnist"),
    VAEConfig(dataset="cifar10"),
    VAEConfig(dataset="cifar10", image_size=28, channels=1),
    DCGANConfig(r1_weight=0.5),
    DCGANConfig.model_validate({"objective": "wasserstein-gp", "downsampling": "max pooling", "n_critic": 3}),
    DCGANConfig.model_validate({"upsampling": "nearest + convolution"}),
    CGANConfig.model_validate({"condition": "picture", "hidden": "half or box", "diversity_weight": 0}),
]


@pytest.mark.parametrize("config", SETUPS, ids=setup_text)
def test_a_setup_comes_back_as_it_was(config):
    assert read_setup(type(config), setup_text(config)) == config


def test_it_says_what_differs_alone():
    assert setup_text(VAEConfig(latent_dim=2, beta=4)) == "latent_dim:2,beta:4"
    assert setup_text(VAEConfig()) == ""
    assert read_setup(VAEConfig, "") == VAEConfig()
    assert read_setup(VAEConfig, "latent_dim:2,beta:4") == VAEConfig(latent_dim=2, beta=4)


def test_nothing_of_a_machine_is_given_away():
    config = VAEConfig(
        dataset="folder", folder="/home/me/pictures", class_folders="none", device="cpu", log_with="wandb", epochs=3
    )
    assert setup_text(config) == "epochs:3"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("beta:400", "beta must be 0 to 100"),
        ("beta:nan", "beta must be 0 to 100"),
        ("colour:red", "colour is not an option of Variational autoencoder"),
        ("beta", "'beta' is no setting with its value"),
        ("folder:/etc", "no link can set folder:/etc, which belongs to the page or to one machine"),
        ("dataset:folder", "no link can set dataset:folder, which belongs to the page or to one machine"),
        ("log_with:wandb", "no link can set log_with:wandb, which belongs to the page or to one machine"),
        ("device:cuda", "no link can set device:cuda, which belongs to the page or to one machine"),
        ("family:dcgan", "no link can set family:dcgan, which belongs to the page or to one machine"),
        (":4", "':4' is no setting with its value"),
        ("latent_dim:2,beta:4,latent_dim:3", "it gives latent_dim more than once"),
        ("latent_dim:2.5", "latent_dim must be a whole number, 1 to 512 dimensions, not '2.5'"),
        ("epochs:1e3", "epochs must be a whole number"),
        ("epochs:5," * 1000, "it is longer than any"),
        ("x" * 1400 + ":1", "is not an option"),
    ],
)
def test_what_is_not_allowed_is_refused_with_one_sentence(text: str, reason: str):
    with pytest.raises(SetupError) as caught:
        read_setup(VAEConfig, text)
    sentence = str(caught.value)
    assert reason in sentence or len(text) > 1000
    assert len(sentence) < 500
    assert sentence.endswith(": correct it, or set them in the form.")


def test_a_change_brings_the_defaults_that_it_demands():
    values = changed(DCGANConfig(learning_rate=2e-4, epochs=3), objective="wasserstein-gp")
    config = DCGANConfig.model_validate(values)
    assert (config.critic_norm, config.n_critic, config.learning_rate, config.epochs) == ("none", 5, 1e-4, 3)
    assert changed(DCGANConfig(), n_critic=2)["n_critic"] == 2


@pytest.mark.parametrize("family", FAMILIES)
def test_the_largest_setup_of_a_family_is_short_enough(family: str):
    """One that differs in every number from its default by a little."""
    config = FAMILIES[family].model_validate({})
    values = {
        name: value * 1.0000001 for name, value in config.model_dump().items() if isinstance(value, float) and value
    }
    assert len(setup_text(config.model_copy(update=values))) < 1500 / 2
