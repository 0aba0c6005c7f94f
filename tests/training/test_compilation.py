"""Compiled networks train as plain ones do, and where they cannot be had training goes on without."""

from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import torch
from torch import nn

from genmodels.config import families
from genmodels.config.base import RunConfig
from genmodels.models import build
from genmodels.training import compilation
from tests.support.training import assert_equal, quicken, tiny, train, weights

pytestmark = pytest.mark.slow
FAMILIES: list[dict[str, Any]] = [
    {"family": "vae", "hidden": 16, "latent_dim": 2},
    {"family": "dcgan", "latent_dim": 4},
    {"family": "dcgan", "latent_dim": 4, "objective": "wasserstein-gp", "n_critic": 2},
    {"family": "cgan", "latent_dim": 4},
    {"family": "infogan", "latent_dim": 4, "hidden": 16},
]


@pytest.fixture(autouse=True)
def traced_only(monkeypatch: pytest.MonkeyPatch):
    """All of ``torch.compile`` but the compiler itself, which takes a minute and needs one of C++."""
    monkeypatch.setattr(compilation, "BACKEND", "aot_eager")
    quicken(monkeypatch)
    yield
    torch._dynamo.reset()


def small(**values: Any) -> RunConfig:
    return families.parse({"width": 4, "batch_size": 100, "epochs": 1, "device": "cpu", "check_every": 0} | values)


@pytest.mark.parametrize("options", FAMILIES, ids=lambda options: f"{options['family']} {options.get('objective', '')}")
def test_compiled_networks_learn_what_plain_ones_learn(tmp_path: Path, options: dict[str, Any]):
    plain = train(small(**options, compile="off"), tmp_path / "plain")
    with patch.object(nn.Module, "compile", autospec=True, side_effect=nn.Module.compile) as made:
        compiled = train(small(**options, compile="on"), tmp_path / "compiled")
    assert made.call_count
    assert not [event for event in compiled.events if "could not" in event]
    for step, row in plain.rows.items():
        assert compiled.rows[step] == pytest.approx(row, rel=1e-3, abs=1e-4)


def test_networks_that_cannot_be_compiled_train_all_the_same_and_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def broken(graph: object, inputs: object) -> None:
        raise RuntimeError("no compiler is here\nand much more")

    monkeypatch.setattr(compilation, "BACKEND", broken)
    told = train(tiny(compile="on"), tmp_path / "broken")
    train(tiny(compile="off"), tmp_path / "plain")
    (sentence,) = [event for event in told.events if "could not be compiled" in event]
    assert "no compiler is here" in sentence
    assert "\n" not in sentence
    assert_equal(weights(tmp_path / "broken"), weights(tmp_path / "plain"))


def test_a_compiled_run_that_was_stopped_goes_on_as_if_it_had_not(tmp_path: Path):
    config = tiny(compile="on")
    train(config, tmp_path / "straight")
    train(config, tmp_path / "stopped", stop_at=5)
    train(config, tmp_path / "stopped")
    assert_equal(weights(tmp_path / "stopped"), weights(tmp_path / "straight"))


def test_auto_compiles_on_cuda_alone():
    for choice, on_cpu, on_cuda in (("auto", False, True), ("on", True, True), ("off", False, False)):
        config = tiny(compile=choice)
        assert compilation.wanted(config, torch.device("cpu")) == on_cpu
        assert compilation.wanted(config, torch.device("cuda:0")) == on_cuda


def test_a_critic_whose_gradient_is_penalised_is_left_plain():
    assert build(small(**FAMILIES[1]), 10).compilable() == ["generator", "discriminator"]
    assert build(small(**FAMILIES[2]), 10).compilable() == ["generator"]
