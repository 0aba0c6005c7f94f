"""What is wrong with a run, by its rows: the faults that users report, and nothing on a good run."""

import math

import pytest
import torch

from genmodels.config.families import DCGANConfig, FlowConfig, InfoGANConfig, VAEConfig
from genmodels.data.load import load_for
from genmodels.metrics.image_statistics import statistics
from genmodels.training import diagnosis
from tests.support.health import GOOD_GAME, GOOD_LOOK, findings, kinds, moving, rows, state

GAN, VAE = DCGANConfig(epochs=40).model_dump(), VAEConfig(epochs=40).model_dump()


def real_digits(n: int = 64) -> torch.Tensor:
    return load_for(DCGANConfig(), "test").images[:n]


def look(images: torch.Tensor) -> dict[str, float]:
    """As ``SampleMonitor.evaluate`` measures uint8 images, beside real ones."""
    usual = statistics(load_for(DCGANConfig(), "train").images[: len(images)])
    return {name: value / usual[name] for name, value in statistics(images).items()} | {"movement": 0.05}


def copies(noise: float = 4.0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(0)
    one = real_digits(1).float().expand(64, -1, -1, -1)
    return (one + noise * torch.randn(one.shape, generator=generator)).clamp(0, 255).to(torch.uint8)


def uniform_noise() -> torch.Tensor:
    return torch.randint(0, 256, (64, 1, 28, 28), dtype=torch.uint8, generator=torch.Generator().manual_seed(0))


def test_a_good_run_has_no_finding():
    frame = rows(moving(GOOD_GAME), [GOOD_LOOK] * 6)
    assert findings(GAN, frame) == []
    assert state(GAN, frame) == "good"


def test_good_grids_then_uniform_noise_is_told_at_the_next_look():
    good, bad = look(real_digits()), look(uniform_noise())
    frame = rows(moving(GOOD_GAME), [good] * 5 + [bad])
    (finding,) = findings(GAN, frame)
    assert (finding.kind, finding.epoch) == ("noise", 6.0)
    assert "since epoch 6" in str(finding)
    assert kinds(GAN, rows(moving(GOOD_GAME), [good] * 5)) == []
    assert kinds(GAN, rows(moving(GOOD_GAME), [bad] * 3 + [good])) == [], "it has come back"


def test_noise_at_the_start_is_how_each_gan_begins():
    bad = look(uniform_noise())
    assert kinds(GAN, rows(moving(GOOD_GAME, 10), [bad])) == []
    assert state(GAN, rows(moving(GOOD_GAME, 10), [bad])) == "too early to tell"
    assert kinds(GAN, rows(moving(GOOD_GAME), [bad] * 20)) == ["noise"], "after 2,000 steps it is none"
    assert kinds(GAN | {"learning_rate": 0.1}, rows(moving(GOOD_GAME), [bad] * 4)) == ["noise"], "nor after large ones"


def test_copies_are_a_collapse_and_as_many_real_digits_are_none():
    assert diagnosis.spoiled(look(copies())) == diagnosis.COLLAPSE
    assert diagnosis.spoiled(look(copies(0))) == diagnosis.COLLAPSE
    assert diagnosis.spoiled(look(real_digits())) is None
    assert diagnosis.spoiled(look(uniform_noise())) == diagnosis.NOISE
    assert diagnosis.spoiled(look(torch.full_like(real_digits(), 9))) == diagnosis.NOISE
    assert diagnosis.spoiled(GOOD_LOOK | {"classes_covered": 10, "confident_share": 0.9}) is None
    assert diagnosis.spoiled(GOOD_LOOK | {"classes_covered": 1, "confident_share": 0.9}) == diagnosis.COLLAPSE
    (finding,) = findings(
        GAN, rows(moving(GOOD_GAME), [look(copies()) | {"classes_covered": 1, "confident_share": 0.9}] * 6)
    )
    assert finding.kind == "collapse"
    assert "1 of 10 classes" in finding.meaning


def test_a_kl_of_1e_6_is_a_posterior_collapse_with_no_active_unit():
    stream = moving({"neg_elbo": 200, "kl": 1e-6, "active_units": 0})
    (finding,) = findings(VAE, rows(stream, test=[{"kl": 1e-6, "active_units": 0}] * 6))
    assert finding.kind == "posterior collapse"
    assert "0 of 16 dimensions are used" in finding.meaning
    assert kinds(VAE, rows(stream)) == ["posterior collapse"]
    assert kinds(VAE, rows(moving({"neg_elbo": 100, "kl": 20, "active_units": 12}))) == []


def test_samples_that_are_alike_because_the_code_is_ignored_are_one_finding():
    stream = rows(moving({"neg_elbo": 200, "kl": 1e-6, "active_units": 0}), [look(copies())] * 6)
    assert kinds(VAE, stream) == ["posterior collapse"]


def test_a_discriminator_without_a_loss_dominates():
    """PyTorch-GAN, issue 57: D loss 0, G loss 10."""
    (finding,) = findings(GAN, rows(moving({"d_loss": 1e-4, "g_loss": 10.0})))
    assert finding.kind == "discriminator dominates"
    assert "learning rate" in finding.advice
    wasserstein = GAN | {"objective": "wasserstein-gp"}
    assert kinds(wasserstein, rows(moving({"d_loss": 1e-4, "g_loss": 10}))) == [], "its loss has no lowest value"


def test_the_lowest_cross_entropy_with_label_smoothing_is_not_0():
    smoothed = GAN | {"objective": "cross-entropy", "label_smoothing": 0.1}
    lowest = -(0.1 * math.log(0.1) + 0.9 * math.log(0.9))
    stream = rows([{"d_loss": lowest, "g_loss": 3.0 + i % 7} for i in range(60)])
    assert kinds(smoothed, stream) == ["discriminator dominates"]
    assert kinds(smoothed, rows(moving(GOOD_GAME))) == []


def test_a_generator_that_fools_the_discriminator_dominates():
    assert kinds(GAN, rows(moving(GOOD_GAME | {"d_real": 0.4, "d_fake": 0.9}))) == ["generator dominates"]


def test_losses_that_never_moved_are_frozen():
    assert kinds(GAN, rows([{"d_loss": 1.386, "g_loss": 0.693}] * 30)) == ["frozen"]
    assert kinds(VAE, rows([{"neg_elbo": 543.4 + 0.3 * math.sin(i)} for i in range(30)])) == ["frozen"]
    assert kinds(VAE, rows([{"neg_elbo": 100 + 400 * math.exp(-i)} for i in range(60)])) == []


@pytest.mark.parametrize("change", [{"movement": 1e-5}, {}])
def test_a_generator_that_does_not_move_or_has_no_gradient_does_not_learn(change: dict[str, float]):
    game = GOOD_GAME if change else GOOD_GAME | {"g_gradient": 0.0}
    assert kinds(GAN, rows(moving(game), [GOOD_LOOK | change] * 6)) == ["generator not learning"]


@pytest.mark.parametrize("generator_rate", [1e-9, 1e-6, 1e-3])
def test_a_generator_with_hardly_any_steps_does_not_learn(generator_rate: float):
    still = look(uniform_noise()) | {"movement": 1e-7}
    config = DCGANConfig(generator_rate=generator_rate, epochs=100).model_dump()
    assert kinds(config, rows(moving(GOOD_GAME), [still] * 6)) == ["generator not learning"]


def test_a_generator_without_steps_does_not_learn_though_its_samples_move():
    """As measured of an InfoGAN: the averages of BatchNorm change, and the samples with them."""
    noise = look(uniform_noise()) | {"movement": 0.02}
    game = rows(moving(GOOD_GAME), [noise] * 6, steps_per_epoch=100)
    (finding,) = findings(InfoGANConfig(generator_rate=1e-9, epochs=100).model_dump(), game)
    assert finding.kind == "generator not learning"
    assert finding.causes[0].field == "generator_rate"
    assert kinds(InfoGANConfig(epochs=100).model_dump(), game) == []


def test_after_a_few_steps_it_is_too_early_to_tell_whether_a_generator_learns():
    """Of an InfoGAN on 32 images, in batches of 8: its averaged weights have hardly left their beginning."""
    hardly = [look(uniform_noise()) | {"movement": movement} for movement in (0.0023, 0.00042)]
    frame = rows(moving(GOOD_GAME, 6), hardly, steps_per_epoch=10)
    assert state(InfoGANConfig(epochs=2).model_dump(), frame) == "too early to tell"


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_what_is_not_finite_is_told_with_its_step(value: float):
    frame = rows([*moving(GOOD_GAME, 30), {"g_loss": value}], [GOOD_LOOK] * 3)
    (finding,) = findings(GAN, frame)
    assert finding.kind == "not finite"
    assert finding.meaning.startswith("g_loss became NaN or infinite at step 310")
    assert state(GAN, frame) == "not finite"


@pytest.mark.parametrize("split", ["train", "test"])
def test_a_loss_beyond_all_bounds_is_no_good_health_even_without_looks_at_samples(split: str):
    """As in a run of a few steps, whose loss stays where it has got to."""
    exploded = [{"neg_elbo": 7.7e24 + i} for i in range(8)]
    frame = rows(train=exploded) if split == "train" else rows(train=moving({"neg_elbo": 150.0}), test=exploded[:1])
    (finding,) = findings(VAE, frame)
    assert (finding.kind, finding.epoch) == ("diverged", 0.1 if split == "train" else 1.0)
    assert finding.meaning.endswith("neg_elbo is 7.7e+24.")
    assert findings(VAE, rows(train=[*exploded, *moving({"neg_elbo": 150.0})])) == [], "it has come back"


@pytest.mark.parametrize(
    ("config", "loss", "value"),
    [
        (VAE, "neg_elbo", 9e5),  # nats, where to guess each pixel evenly costs 543
        (VAEConfig(image_size=64, channels=3).model_dump(), "neg_elbo", 9e5),
        (FlowConfig().model_dump(), "loss", 2e3),  # where the target's variance is 2
    ],
)
def test_a_loss_that_no_guess_is_as_bad_as_is_diverged_though_it_stands_still(config: dict, loss: str, value: float):
    assert kinds(config, rows(train=[{loss: value}] * 40)) == ["diverged"]


def test_rows_of_an_earlier_version_and_no_rows_are_fine():
    old = {name: value for name, value in GAN.items() if name != "check_every"}
    assert findings(old, rows(moving(GOOD_GAME))) == []
    assert findings(old, rows()) == []
    assert findings({"family": "of another version"}, rows(moving({"loss": 1.0}))) == []
