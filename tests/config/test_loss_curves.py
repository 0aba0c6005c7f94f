"""The curves of the objectives against the losses that are trained on."""

import numpy as np
import pytest
import torch

from genmodels.config.families import DCGANConfig
from genmodels.config.loss_curves import LOSS_CURVES
from genmodels.config.objectives import OBJECTIVES
from genmodels.models import build
from genmodels.models.losses import OBJECTIVE_LOSSES

LOGITS = np.array([-40.0, -3.0, -1.0, -0.2, 0.0, 0.4, 1.0, 2.5, 40.0])


@pytest.mark.parametrize("name", [name for name in OBJECTIVE_LOSSES if not OBJECTIVES[name].paired])
def test_the_curves_add_up_to_the_losses_that_are_trained_on(name: str):
    family = build(DCGANConfig(objective=name, width=4, latent_dim=2))
    objective, curves = family.objective, LOSS_CURVES[name]  # type: ignore[attr-defined]
    real, fake, generator = (curve(LOGITS) for curve in (curves.real, curves.fake, curves.generator))
    for i, real_logit in enumerate(torch.from_numpy(LOGITS)):
        for j, fake_logit in enumerate(torch.from_numpy(LOGITS)):
            expected = objective.discriminator(real_logit[None], fake_logit[None]).item()
            assert real[i] + fake[j] == pytest.approx(expected, abs=1e-9)
        assert generator[i] == pytest.approx(objective.generator(real_logit[None]).item(), abs=1e-9)


@pytest.mark.parametrize("name", [name for name in OBJECTIVE_LOSSES if OBJECTIVES[name].paired])
def test_the_curves_of_pairs_are_their_losses_by_the_difference(name: str):
    objective, curves = OBJECTIVE_LOSSES[name], LOSS_CURVES[name]
    for real, fake in torch.cartesian_prod(*2 * [torch.from_numpy(LOGITS)]):
        by = (real - fake).numpy()
        d_loss, g_loss = objective.discriminator(real, fake).item(), objective.generator(fake, real).item()
        assert [curves.real(by), curves.fake(-by)] == pytest.approx([d_loss, d_loss], abs=1e-9)
        assert curves.generator(-by) == pytest.approx(g_loss, abs=1e-9)


def test_every_objective_has_curves():
    assert list(LOSS_CURVES) == list(OBJECTIVE_LOSSES)
