"""Whether a step on the device is that of the CPU: what is another step does not pass for it."""

from typing import Any

import pytest
import torch
from torch import Tensor

from genmodels.gpu_check import agreement
from genmodels.gpu_check.agreement import HostNoise
from genmodels.gpu_check.row import Figure
from genmodels.gpu_check.session import Session
from genmodels.models.vae import VAE
from tests.support.pretended_cuda import CUDA, pretended_cuda

Step = agreement.Taken


def changed(session: Session, monkeypatch: pytest.MonkeyPatch, change: Any) -> dict[str, Figure]:
    """The figures of a VAE whose second step, which stands for the device's, is ``change`` of what it should be."""
    step, taken = agreement.step, []

    def other(*arguments: Any) -> Step:
        taken.append(step(*arguments))
        return change(taken[-1]) if len(taken) == 2 else taken[-1]

    monkeypatch.setattr(agreement, "step", other)
    (row,) = agreement.check(session, "vae")
    assert (row.state == "passed") == all(figure.holds for figure in row.figures.values())
    return dict(row.figures)


def test_the_same_step_agrees_to_the_last_bit(session: Session, monkeypatch: pytest.MonkeyPatch):
    figures = changed(session, monkeypatch, lambda taken: taken)
    assert [figure.value for figure in figures.values()] == [0, 0, 0]


@pytest.mark.parametrize("factor", [2.0, -1.0, float("nan"), float("inf")])
@pytest.mark.parametrize(
    ("part", "figure"),
    [("gradients", "gradients differ by"), ("curves", "curves differ by"), ("updates", "updates differ by")],
)
def test_what_differs_is_out_of_bounds(
    session: Session, monkeypatch: pytest.MonkeyPatch, part: str, figure: str, factor: float
):
    def change(taken: Step) -> Step:
        values: dict[str, Any] = getattr(taken, part)
        values |= {name: factor * value for name, value in values.items()}
        return taken

    figures = changed(session, monkeypatch, change)
    assert [name for name, found in figures.items() if not found.holds] == [figure]


def test_other_noise_is_another_step(session: Session, monkeypatch: pytest.MonkeyPatch):
    """So the step depends on what is drawn for it, and both must be given the same."""
    noises = iter([HostNoise(0, torch.device("cpu")), HostNoise(1, torch.device("cpu"))])
    monkeypatch.setattr(agreement, "HostNoise", lambda seed, device: next(noises))
    (row,) = agreement.check(session, "vae")
    assert not row.figures["gradients differ by"].holds


def test_a_network_that_learns_nothing_on_the_device_is_found(session: Session, monkeypatch: pytest.MonkeyPatch):
    step, taken = VAE.step, [0]

    def frozen(self: VAE, *arguments: Any) -> dict[str, Tensor]:
        taken[0] += 1
        before = [weight.detach().clone() for weight in self.networks["autoencoder"].parameters()]
        values = step(self, *arguments)
        if taken[0] == 2:
            with torch.no_grad():
                for weight, was in zip(self.networks["autoencoder"].parameters(), before, strict=True):
                    weight.copy_(was)
        return values

    monkeypatch.setattr(VAE, "step", frozen)
    (row,) = agreement.check(session, "vae")
    assert row.figures["updates differ by"].value == pytest.approx(1)
    assert row.state == "failed"


def test_noise_of_the_host_comes_to_the_device(monkeypatch: pytest.MonkeyPatch):
    with pretended_cuda(monkeypatch):
        noise = HostNoise(0, CUDA)
        drawn = [
            noise.normal(2, 3),
            noise.uniform(2),
            noise.integers(2, 5),
            noise.bernoulli(torch.ones(2, device=CUDA)),
        ]
        assert {each.device for each in drawn} == {CUDA}
