"""What speed is measured of."""

from itertools import islice
from typing import Any

import pytest
import torch
from torchvision.transforms import Compose, Normalize, ToTensor

from genmodels.config.objectives import OBJECTIVES
from genmodels.errors import TrainingError
from genmodels.gpu_check import baseline, images, speed
from genmodels.gpu_check.bare import bare
from genmodels.gpu_check.matmul import step_flops
from genmodels.gpu_check.session import Session
from genmodels.training import compilation

CPU = torch.device("cpu")


@pytest.mark.parametrize("symmetric", [True, False])
def test_a_script_sees_images_as_torchvision_makes_them(session: Session, symmetric: bool):
    dataset = images.few(session.config("dcgan", channels=3), "train")
    expected = Compose([ToTensor(), *([Normalize(0.5, 0.5)] if symmetric else [])])
    pictures = images.Pictures(dataset, symmetric)
    assert len(pictures) == len(dataset)
    image, label = pictures[7]
    torch.testing.assert_close(image, expected(dataset.images[7].permute(1, 2, 0).numpy()), rtol=0, atol=0)
    assert label == 7


@pytest.mark.parametrize("precision", ["fp32", "bf16"])
@pytest.mark.parametrize(
    "options", [{"family": "vae"}, *({"family": "dcgan", "objective": name} for name in OBJECTIVES)]
)
def test_a_script_makes_steps(
    session: Session, options: dict[str, Any], precision: str, monkeypatch: pytest.MonkeyPatch
):
    config = session.config(precision=precision, **options)
    pictures = images.Pictures(images.few(config, "train"), symmetric=options["family"] != "vae")
    steps = baseline.steps(config, pictures, CPU)
    weights: list[torch.Tensor] = []
    build = baseline.build

    def watched(*arguments: Any) -> Any:
        family = build(*arguments)
        weights.extend(next(network.parameters()) for network in family.networks.values())
        return family

    monkeypatch.setattr(baseline, "build", watched)
    next(steps)
    before = [weight.detach().clone() for weight in weights]
    [*islice(steps, getattr(config, "n_critic", 1))]
    assert all(not torch.equal(weight, was) for weight, was in zip(weights, before, strict=True))


def test_operations_of_an_image_do_not_depend_on_the_batch(session: Session):
    small, large = (session.config("vae", batch_size=n) for n in (4, 16))
    counted = [step_flops(config, images.few(config, "train")) for config in (small, large)]
    assert counted[0] == counted[1] > 0


def test_networks_that_cannot_be_compiled_are_not_measured_as_if_they_were(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    def broken(graph: object, inputs: object) -> None:
        raise RuntimeError("no compiler is here")

    monkeypatch.setattr(compilation, "BACKEND", broken)
    config = session.config("vae", compile="on")
    with pytest.raises(TrainingError, match=r"could not be compiled.*no compiler is here"):
        next(bare(config, images.few(config, "train")))
    torch._dynamo.reset()


@pytest.mark.slow
def test_compiled_networks_are_compared_with_the_plain_script_and_bounds_are_those_of_a_card(
    session: Session, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(compilation, "BACKEND", "eager")  # all but the compiler, which takes a minute
    monkeypatch.setattr(speed, "MODES", (speed.MODES[0], speed.MODES[-1]))
    monkeypatch.setattr(speed, "_senseless", lambda session, mode: "")
    monkeypatch.setattr(Session, "bounded", True)
    plain, compiled = speed.check(session, "vae")
    assert plain.figures["baseline script"] == compiled.figures["baseline script"]
    bounds = [
        [row.figures[f"trainer's {name}"].bound for name in ("time over the bare step's", "speed over the baseline's")]
        for row in (plain, compiled)
    ]
    assert bounds == [["at most 1.03", ""], ["at most 1.03", "at least 5"]]
