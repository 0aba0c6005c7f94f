"""The GAN objectives against closed form, two-sided, and the facts that the page tells of them."""

import math

import pytest
import torch
from torch import Tensor, nn

from genmodels.config.families import DCGANConfig
from genmodels.config.objectives import LOSSES, OBJECTIVES, OUTPUTS
from genmodels.models.losses import (
    OBJECTIVE_LOSSES,
    cross_entropy_discriminator,
    gradient_penalty,
    zero_centred_penalty,
)

NAMES = list(OBJECTIVE_LOSSES)
REAL, FAKE = torch.tensor([1.5, -0.5, 3.0]), torch.tensor([0.25, -2.0, 1.0])


def generator_loss(name: str, fake: Tensor, real: Tensor) -> Tensor:
    """The real images' logits count where the objective pairs them with fakes."""
    return OBJECTIVE_LOSSES[name].generator(*([fake, real] if OBJECTIVES[name].paired else [fake]))


def generator_gradient(name: str, logit: float) -> float:
    fake = torch.tensor([float(logit)], requires_grad=True)
    generator_loss(name, fake, torch.zeros(1)).backward()
    assert fake.grad is not None
    return fake.grad.item()


def log_sigmoid(logits: Tensor) -> Tensor:
    return torch.log(1 / (1 + torch.exp(-logits.double())))


CLOSED_FORM: dict[str, tuple[Tensor, Tensor]] = {
    "minimax": (-log_sigmoid(REAL).mean() - log_sigmoid(-FAKE).mean(), log_sigmoid(-FAKE).mean()),
    "non-saturating": (-log_sigmoid(REAL).mean() - log_sigmoid(-FAKE).mean(), -log_sigmoid(FAKE).mean()),
    "cross-entropy": (-log_sigmoid(REAL).mean() - log_sigmoid(-FAKE).mean(), -log_sigmoid(FAKE).mean()),
    "least-squares": (((REAL - 1) ** 2).mean() / 2 + (FAKE**2).mean() / 2, ((FAKE - 1) ** 2).mean() / 2),
    "wasserstein-clip": (FAKE.mean() - REAL.mean(), -FAKE.mean()),
    "wasserstein-gp": (FAKE.mean() - REAL.mean(), -FAKE.mean()),
    "hinge": ((1 - REAL).clamp(min=0).mean() + (1 + FAKE).clamp(min=0).mean(), -FAKE.mean()),
    "relativistic": (-log_sigmoid(REAL - FAKE).mean(), -log_sigmoid(FAKE - REAL).mean()),
}


@pytest.mark.parametrize("name", NAMES)
def test_each_objective_is_its_equation(name: str):
    discriminator, generator = CLOSED_FORM[name]
    assert OBJECTIVE_LOSSES[name].discriminator(REAL, FAKE).item() == pytest.approx(discriminator.item(), abs=1e-5)
    assert generator_loss(name, FAKE, REAL).item() == pytest.approx(generator.item(), abs=1e-5)


def test_minimax_saturates_where_non_saturating_does_not():
    assert abs(generator_gradient("minimax", -10)) == pytest.approx(4.54e-5, rel=1e-2)
    assert abs(generator_gradient("non-saturating", -10)) == pytest.approx(1, abs=1e-4)
    assert abs(generator_gradient("minimax", 0)) == pytest.approx(0.5)
    assert abs(generator_gradient("non-saturating", 0)) == pytest.approx(0.5)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", [1e4, -1e4])
def test_no_logit_makes_a_loss_infinite(name: str, size: float):
    real, fake = (torch.full((4,), value, requires_grad=True) for value in (size, -size))
    loss = OBJECTIVE_LOSSES[name].discriminator(real, fake) + generator_loss(name, fake, real)
    loss.backward()
    for value in (loss, real.grad, fake.grad):
        assert value is not None
        assert torch.isfinite(value).all()


@pytest.mark.parametrize("name", NAMES)
def test_a_step_against_the_gradient_makes_fakes_look_more_real(name: str):
    assert generator_gradient(name, 0.3) < 0


def test_least_squares_has_no_loss_at_its_goal():
    assert OBJECTIVE_LOSSES["least-squares"].discriminator(torch.ones(5), torch.zeros(5)).item() == 0
    assert OBJECTIVE_LOSSES["least-squares"].generator(torch.ones(5)).item() == 0


def test_smoothing_asks_for_less_certainty():
    logits = torch.linspace(-5, 8, 1301)
    losses = torch.stack([cross_entropy_discriminator(logit[None], torch.tensor([-50.0]), 0.1) for logit in logits])
    assert torch.sigmoid(logits[losses.argmin()]).item() == pytest.approx(0.9, abs=2e-3)
    assert cross_entropy_discriminator(REAL, FAKE, 0.0) == OBJECTIVE_LOSSES["minimax"].discriminator(REAL, FAKE)


# The penalty


class Linear(nn.Module):
    """A critic with the gradient w everywhere."""

    def __init__(self, w: Tensor) -> None:
        super().__init__()
        self.w = nn.Parameter(w)

    def forward(self, x: Tensor) -> Tensor:
        return x.flatten(1) @ self.w


@pytest.mark.parametrize("length", [0.5, 1.0, 3.0])
def test_the_penalty_of_a_linear_critic_is_its_steepness_from_1(length: float):
    w = torch.randn(4)
    critic = Linear(length * w / w.norm())
    real, fake = torch.rand(2, 6, 1, 2, 2)
    assert gradient_penalty(critic, real, fake, torch.rand(6)).item() == pytest.approx((length - 1) ** 2, abs=1e-5)


def test_the_penalty_is_taken_between_real_and_fake_not_at_either():
    def curved(x: Tensor) -> Tensor:
        return x.flatten(1).square().sum(1) / 2  # its gradient is x itself

    real, fake, epsilon = torch.ones(2, 1, 1, 1), torch.zeros(2, 1, 1, 1), torch.tensor([0.25, 1.0])
    assert gradient_penalty(curved, real, fake, epsilon).item() == pytest.approx((0.75**2 + 0) / 2, abs=1e-5)


def test_a_critic_without_a_gradient_has_a_finite_penalty_and_finite_gradients():
    critic = Linear(torch.zeros(4))
    penalty = gradient_penalty(critic, torch.rand(3, 1, 2, 2), torch.rand(3, 1, 2, 2), torch.rand(3))
    penalty.backward()
    assert penalty.item() == pytest.approx(1, abs=1e-4)
    assert critic.w.grad is not None
    assert torch.isfinite(critic.w.grad).all()


@pytest.mark.parametrize("length", [0.0, 0.5, 3.0])
def test_the_zero_centred_penalty_of_a_linear_critic_is_half_its_steepness_squared(length: float):
    critic = Linear(torch.tensor([0.6, 0.8, 0.0, 0.0]) * length)
    penalty = zero_centred_penalty(critic, torch.rand(6, 1, 2, 2))
    penalty.backward()
    assert penalty.item() == pytest.approx(length**2 / 2)
    torch.testing.assert_close(critic.w.grad, critic.w.detach())


def test_the_zero_centred_penalty_is_the_mean_over_the_images_that_it_is_taken_at():
    def curved(x: Tensor) -> Tensor:
        return x.flatten(1).square().sum(1) / 2  # its gradient is x itself

    images = torch.tensor([1.0, 3.0]).view(2, 1, 1, 1)
    assert zero_centred_penalty(curved, images).item() == pytest.approx((1 + 9) / 2 / 2)
    assert not images.requires_grad


@pytest.mark.parametrize("name", ["r1_weight", "r2_weight"])
def test_a_penalty_leaves_the_discriminator_without_batch_norm(name: str):
    assert (
        DCGANConfig.model_validate({name: 0}).critic_norm
        == DCGANConfig.model_validate({name: "0"}).critic_norm
        == "batch"
    )
    assert DCGANConfig.model_validate({name: "0.5"}).critic_norm == "none"
    with pytest.raises(ValueError, match=f"critic_norm: must be none or spectral with {name}"):
        DCGANConfig.model_validate({name: 0.5, "critic_norm": "batch"})
    with pytest.raises(ValueError, match=name):
        DCGANConfig.model_validate({name: "a lot"})


# What the page tells


def test_both_halves_know_the_same_objectives():
    assert list(OBJECTIVES) == NAMES
    assert DCGANConfig.model_fields["objective"].annotation.__args__ == tuple(NAMES)  # type: ignore[union-attr]


OUTPUTS_AT_EQUILIBRIUM = {
    ("non-saturating", 0.0): (0.5,),
    ("minimax", 0.0): (0.5,),
    ("cross-entropy", 0.0): (0.5,),
    ("cross-entropy", 0.1): (0.45,),
    ("cross-entropy", 0.3): (0.35,),
    ("least-squares", 0.0): (0.5,),
    ("hinge", 0.0): (-1.0, 1.0),
    ("wasserstein-clip", 0.0): (),
    ("wasserstein-gp", 0.0): (),
    ("relativistic", 0.0): (),
}


def discriminator_loss(name: str, smoothing: float, logit: Tensor) -> Tensor:
    if name == "cross-entropy":
        return cross_entropy_discriminator(logit[None], logit[None], smoothing)
    return OBJECTIVE_LOSSES[name].discriminator(logit[None], logit[None])


@pytest.mark.parametrize(("name", "smoothing"), OUTPUTS_AT_EQUILIBRIUM)
def test_the_line_of_equilibrium_is_where_the_best_discriminator_cannot_tell(name: str, smoothing: float):
    """At equal distributions D's loss is lowest at one output for both, and the lines stand at its loss, G's and its output."""
    same = torch.linspace(-3, 3, 6001)
    losses = torch.stack([discriminator_loss(name, smoothing, value) for value in same])
    lowest = losses.min().item()
    lines = DCGANConfig(objective=name, label_smoothing=smoothing).lines()
    assert lines[LOSSES][0][0] == pytest.approx(lowest, abs=1e-5)
    outputs = OUTPUTS_AT_EQUILIBRIUM[name, smoothing]
    assert [height for height, _ in lines.get(OUTPUTS, ())] == pytest.approx(outputs)
    within = (*outputs, sum(outputs) / 2) if len(outputs) > 1 else outputs or (-1.0, 0.0, 2.0)
    logits = [math.log(output / (1 - output)) if OBJECTIVES[name].probabilities else output for output in within]
    for logit in map(torch.tensor, logits):
        assert discriminator_loss(name, smoothing, logit).item() == pytest.approx(lowest, abs=1e-5)
        for height, _ in lines[LOSSES][1:]:
            assert height == pytest.approx(generator_loss(name, logit[None], logit[None]).item(), abs=1e-5)
    if len(outputs) > 1:  # and no farther
        for beyond in (outputs[0] - 0.1, outputs[-1] + 0.1):
            assert discriminator_loss(name, smoothing, torch.tensor(beyond)).item() > lowest + 0.05


def test_a_discriminator_of_pairs_is_best_where_all_images_have_the_same_logit():
    """Over all pairs of five images, which are as likely to be real as fake; from anywhere, the way down leads there."""
    logits = torch.tensor([-2.0, 0.5, 1.0, 3.0, -0.3], requires_grad=True)
    real, fake = torch.cartesian_prod(torch.arange(5), torch.arange(5)).unbind(1)
    descent = torch.optim.SGD([logits], lr=2.0)
    for _ in range(300):
        loss = OBJECTIVE_LOSSES["relativistic"].discriminator(logits[real], logits[fake])
        descent.zero_grad()
        loss.backward()
        descent.step()
    assert logits.std().item() < 1e-3
    assert loss.item() == pytest.approx(OBJECTIVES["relativistic"].equilibrium(0.0).d_loss, abs=1e-6)


def test_the_legend_tells_the_interval_of_the_hinge_loss():
    labels = [label for _, label in DCGANConfig(objective="hinge").lines()[OUTPUTS]]
    assert labels == ["equilibrium: from -1", "equilibrium: to 1"]


def test_the_legend_tells_the_numbers_of_smoothed_labels():
    lines = DCGANConfig(objective="cross-entropy", label_smoothing=0.1).lines()
    labels = [label for panel in (LOSSES, OUTPUTS) for _, label in lines[panel]]
    assert labels == ["D at equilibrium: 1.376", "G at equilibrium: 0.7985", "equilibrium: 0.45"]


@pytest.mark.parametrize("name", ["non-saturating", "minimax", "cross-entropy", "least-squares", "relativistic"])
def test_the_generators_loss_has_a_line_where_it_is_determined(name: str):
    assert len(DCGANConfig(objective=name).lines()[LOSSES]) == 2


@pytest.mark.parametrize("name", NAMES)
def test_what_an_objective_demands_makes_a_valid_config(name: str):
    config = DCGANConfig(objective=name)
    for field, value in OBJECTIVES[name].demands.items():
        assert getattr(config, field) == value
    assert {curve.name for curve in config.drawn()} >= {"d_loss", "g_loss", "d_real", "d_fake"}
    assert ("distance" in {curve.name for curve in config.drawn()}) == name.startswith("wasserstein")
