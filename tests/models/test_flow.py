"""Flow matching and diffusion: what the network learns from, and what is drawn from noise."""

from typing import Any

import pytest
import torch

from genmodels.config.families import FlowConfig
from genmodels.data.load import load_dataset
from genmodels.data.noise import Noise
from genmodels.inference.restore import Trained
from genmodels.models import build
from genmodels.models.base import Batch
from genmodels.models.flow import Flow
from genmodels.models.flow_objectives import FLOW_OBJECTIVES
from tests.support.gans import CLASSES, batch


def flow(classes: int = CLASSES, **values: Any) -> Flow:
    """A small one that can be trained, and no longer gives 0 everywhere."""
    family = build(FlowConfig.model_validate({"width": 4, "batch_size": 16, "num_steps": 2} | values), classes)
    assert isinstance(family, Flow)
    family.prepare()
    noise = Noise(0)
    for step in range(3):
        family.step(batch(step, channels=family.config.channels, side=family.config.image_size), noise)
        family.update_average(step + 1)
    return family


def latent(family: Flow, n: int) -> torch.Tensor:
    return family.sample_latent(n, Noise(1))


@pytest.mark.parametrize(
    ("image_size", "channels", "objective"),
    [(28, 1, "flow-matching"), (28, 1, "diffusion"), (32, 3, "diffusion"), (64, 3, "flow-matching")],
)
def test_every_size_trains_and_has_previews_and_test_curves(image_size: int, channels: int, objective: str):
    family = flow(image_size=image_size, channels=channels, objective=objective)
    seen = batch(n=5, channels=channels, side=image_size)
    assert set(family.step(seen, Noise(0))) == {curve.name for curve in family.config.curves}
    assert set(family.evaluate([seen, seen], Noise(0))) == {curve.name for curve in family.config.curves if curve.test}
    previews = family.previews(seen.images)
    assert previews["samples"].shape == (64, channels, image_size, image_size)
    assert previews["samples"].min() >= 0
    assert previews["samples"].max() <= 1
    assert torch.equal(family.previews(seen.images)["samples"], previews["samples"])


def test_the_default_network_is_small():
    assert sum(weight.numel() for weight in build(FlowConfig(), CLASSES).networks["unet"].parameters()) < 1.5e6


@pytest.mark.parametrize("objective", FLOW_OBJECTIVES)
def test_it_learns_to_explain_what_it_predicts(objective: str):
    family, noise = flow(objective=objective, learning_rate=1e-2), Noise(0)
    digits = load_dataset("mnist-sample", "train", image_size=28, channels=1)
    seen = Batch(*digits.batch(torch.arange(64)), epoch=0.0)
    values = [family.step(seen, noise)["explained"].item() for _ in range(24)]
    assert max(values[-3:]) > max(values[0] + 0.1, 0.3)


def test_as_many_labels_as_asked_for_are_left_out_in_training():
    labels = torch.arange(10_000) % CLASSES
    dropped = flow(label_dropout=0.25)._dropped(labels, len(labels), Noise(0))
    assert (dropped == CLASSES).float().mean().item() == pytest.approx(0.25, abs=0.02)
    assert torch.equal(dropped[dropped < CLASSES], labels[dropped < CLASSES])


def test_the_class_changes_what_is_drawn_and_guidance_exaggerates_it():
    family = flow()
    z, label = latent(family, 1), torch.tensor([3])
    t = torch.tensor([0.5])
    free, conditional = family.velocity(z, t, family.no_class(1)), family.velocity(z, t, label)
    assert not torch.equal(free, conditional)
    torch.testing.assert_close(family.velocity(z, t, label, 3.0), free + 3 * (conditional - free))
    torch.testing.assert_close(family.velocity(z, t, label, 0.0), free)


@pytest.mark.parametrize("values", [{"classes": 0}, {"label_dropout": 1.0}])
def test_without_labels_it_draws_all_the_same(values: dict[str, Any]):
    family = flow(**values)
    assert family.num_classes == 0
    assert family.sample(3, latent(family, 3), guidance=2.0).shape == (3, 1, 28, 28)
    assert "labels" not in family.inputs()
    velocity = family.draw(latent(family, 3), t=torch.zeros(3))
    assert torch.equal(velocity, family.velocity(latent(family, 3), torch.zeros(3), family.no_class(3)))


def test_without_a_choice_all_classes_come_in_turn():
    family = flow()
    z = latent(family, 12)
    assert torch.equal(family.sample(12, z), family.sample(12, z, torch.arange(12) % CLASSES))


def test_the_same_noise_gives_the_same_image_alone_or_among_others():
    family = flow()
    z, labels = latent(family, 8), torch.arange(8)
    together = family.sample(8, z, labels)
    alone = torch.cat([family.sample(1, z[i : i + 1], labels[i : i + 1]) for i in range(8)])
    assert (together - alone).abs().max() < 1e-4


def test_a_library_user_chooses_steps_sampler_and_guidance(tmp_path: Any):
    family = flow()
    trained = Trained(family, family.config, tmp_path, step=0)
    labels = torch.tensor([1, 2])
    found = trained.sample(2, seed=0, labels=labels, num_steps=5, sampler="euler", guidance=2.0)
    assert torch.equal(found, trained.sample(2, seed=0, labels=labels, num_steps=5, sampler="euler", guidance=2.0))
    for other in ({"num_steps": 6}, {"sampler": "heun"}, {"guidance": 1.0}, {"labels": labels + 1}):
        options: dict[str, Any] = {"labels": labels, "num_steps": 5, "sampler": "euler", "guidance": 2.0} | other
        assert not torch.equal(found, trained.sample(2, seed=0, **options))
    assert torch.equal(trained.sample(2, seed=0, sampler="stochastic"), trained.sample(2, seed=0, sampler="stochastic"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"num_steps": 0}, "1 to 100, not 0"), ({"num_steps": 101}, "not 101"), ({"sampler": "rk4"}, "heun")],
)
def test_what_is_out_of_bounds_is_refused(wrong: dict[str, Any], said: str):
    with pytest.raises(ValueError, match=said):
        flow().sample(1, **wrong)


def test_what_is_predicted_lies_on_the_path():
    family = flow()
    x, t = latent(family, 2), torch.tensor([0.2, 0.7])
    found = family.predict(x, t, torch.tensor([1, 2]))
    share = t[:, None, None, None]
    torch.testing.assert_close((1 - share) * found["noise"] + share * found["image"], x)
    torch.testing.assert_close(found["image"] - found["noise"], found["velocity"])
