"""Compiled networks train as plain ones do, and where they cannot be had training goes on without."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from torch import nn
from torch._inductor.cudagraph_trees import MarkStepBox

from genmodels.checkpoints import checkpoint
from genmodels.config import families
from genmodels.config.base import RunConfig
from genmodels.config.objectives import OBJECTIVES
from genmodels.data.noise import Noise
from genmodels.errors import TrainingError
from genmodels.models import build
from genmodels.models.base import Batch, Family
from genmodels.training import compilation, out_of_memory
from genmodels.training.compilation import Outcome, Rehearsal
from tests.support.cuda_graphs import GraphMemory
from tests.support.gans import batch
from tests.support.tiers import some
from tests.support.training import assert_equal, quicken, tiny, train, weights

pytestmark = pytest.mark.slow
FAMILIES: list[dict[str, Any]] = [
    {"family": "vae", "hidden": 16, "latent_dim": 2},
    {"family": "dcgan", "latent_dim": 4},
    {"family": "dcgan", "latent_dim": 4, "objective": "wasserstein-gp", "n_critic": 2},
    {"family": "cgan", "latent_dim": 4},
    {"family": "infogan", "latent_dim": 4, "hidden": 16},
    {"family": "flow"},
    {"family": "latent_flow", "width": 8},
    {"family": "classifier"},
]
GAMES: list[dict[str, Any]] = [
    *({"family": "dcgan", "objective": objective} for objective in OBJECTIVES),
    {"family": "dcgan", "objective": "relativistic", "r1_weight": 0, "r2_weight": 0},
    {"family": "dcgan", "critic_norm": "spectral"},
    {"family": "dcgan", "n_critic": 2},
    {"family": "dcgan", "instance_noise": 0.2},
    {"family": "dcgan", "precision": "bf16"},
    {"family": "cgan", "condition": "label"},
    {"family": "cgan", "condition": "picture"},
    {"family": "infogan", "diversity_weight": 1.0, "shift": 1, "distortion": 1.0},
    {"family": "vae", "precision": "bf16"},
    {"family": "flow", "precision": "bf16"},
    {"family": "latent_flow", "width": 8, "precision": "bf16"},
    {"family": "classifier", "precision": "bf16"},
]


@pytest.fixture(autouse=True)
def sizes(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, int]]:
    """All of ``torch.compile`` but the compiler itself, which takes a minute and needs one of C++; with the rules of CUDA graphs."""
    monkeypatch.setattr(compilation, "BACKEND", GraphMemory())
    monkeypatch.setattr(MarkStepBox, "mark_step_counter", 0)
    yield quicken(monkeypatch)
    torch._dynamo.reset()
    AcceleratorState._reset_state()


def prepared(**values: Any) -> Family:
    family = build(small(**values), 10)
    family.prepare(Accelerator(cpu=True, mixed_precision="bf16" if values.get("precision") == "bf16" else "no"))
    return family


def small(**values: Any) -> RunConfig:
    return families.parse({"width": 4, "batch_size": 100, "epochs": 1, "device": "cpu", "check_every": 0} | values)


@pytest.mark.parametrize(
    "options",
    some(FAMILIES, FAMILIES[2]),
    ids=lambda options: f"{options['family']} {options.get('objective', '')}",
)
def test_compiled_networks_learn_what_plain_ones_learn(tmp_path: Path, sizes: dict[str, int], options: dict[str, Any]):
    sizes |= {"train": 80, "test": 20}
    options = options | {"batch_size": 20}
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


@pytest.mark.parametrize("game", some(GAMES, *GAMES[::6]), ids=lambda game: " ".join(map(str, game.values())))
def test_no_step_touches_what_cuda_graphs_have_overwritten(game: dict[str, Any], monkeypatch: pytest.MonkeyPatch):
    memory = GraphMemory()
    monkeypatch.setattr(compilation, "BACKEND", memory)
    family = prepared(**game)
    outcome = compilation.compile_networks(family, batch(), seed=0)
    assert re.fullmatch(r"The networks are compiled: compiling took \d+ seconds\.", outcome.sentence)
    assert memory.generations == 2 * compilation.REHEARSALS - 1


def test_without_a_mark_between_steps_cuda_graphs_overwrite_what_the_generator_needs(monkeypatch: pytest.MonkeyPatch):
    """So the rules that are replayed here are those that a card would hold to."""
    monkeypatch.setattr(compilation, "begin_step", lambda family: None)
    outcome = compilation.compile_networks(prepared(family="dcgan"), batch(), seed=0)
    assert not outcome.compiled
    assert "overwritten by a subsequent run" in outcome.sentence


def test_a_rehearsal_plays_a_step_in_which_the_generator_waits(monkeypatch: pytest.MonkeyPatch):
    family, told = prepared(family="dcgan", n_critic=5), []
    step = type(family).step

    def watched(*arguments: Any) -> dict[str, torch.Tensor]:
        values = step(*arguments)
        told.append("g_loss" in values)
        return values

    monkeypatch.setattr(type(family), "step", watched)
    compilation.compile_networks(family, batch(), seed=0)
    assert told == [True, False] * compilation.REHEARSALS


@pytest.mark.parametrize(
    ("compiled", "kept", "told"),
    [
        (
            {"step": 0.004},
            True,
            "The networks are compiled: a step takes 4 ms instead of 8; compiling took 90 seconds.",
        ),
        ({"step": 0.009}, False, "The networks run as they are: compiled, a step takes 9 ms instead of 8; "),
        (
            {"step": 0.004, "values": {"d_loss": 1.6}},
            False,
            "The networks run as they are: compiled, d_loss is 1.6 instead of 1.386 in the first steps; ",
        ),
        ({"step": 0.004, "values": {"d_loss": float("nan")}}, False, "compiled, d_loss is nan instead of 1.386"),
    ],
    ids=["faster", "slower", "other numbers", "not a number"],
)
def test_auto_keeps_what_is_faster_and_agrees_and_says_so(
    monkeypatch: pytest.MonkeyPatch, compiled: dict[str, Any], kept: bool, told: str
):
    plain = Rehearsal({"d_loss": 1.386}, seconds=0.1, step=0.008)
    rehearsals = iter([plain, replace(plain, **{"seconds": 90.0} | compiled)])
    monkeypatch.setattr(compilation, "_rehearse", lambda *arguments, **options: next(rehearsals))
    family = prepared(family="dcgan")
    outcome = compilation.compile_networks(family, batch(), seed=0, measure=True)
    assert outcome.compiled == kept
    assert told in outcome.sentence
    assert compilation._is_compiled(family) == kept


def test_a_measurement_changes_nothing_of_what_is_measured(monkeypatch: pytest.MonkeyPatch):
    family = prepared(family="dcgan")
    family.step(batch(), Noise(0))  # so that the optimisers have a state
    monkeypatch.setattr(compilation, "TIMED", 2)
    before = {name: tensor.clone() for name, tensor in family.tensors().items()}
    optimizers, _ = checkpoint.pack_optimizers(family.optimizers)
    optimizers = {name: tensor.clone() for name, tensor in optimizers.items()}
    outcome = compilation.compile_networks(family, batch(), seed=0, measure=True)
    assert re.search(r"a step takes \S+ ms instead of \S+; compiling took \d+ seconds\.$", outcome.sentence)
    assert_equal(family.tensors(), before)
    assert_equal(checkpoint.pack_optimizers(family.optimizers)[0], optimizers)


@pytest.mark.parametrize("kept", [True, False])
def test_a_run_keeps_to_what_auto_chose_when_it_is_resumed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kept: bool):
    asked: list[bool] = []

    def choose(family: Family, batch: Batch, seed: int, measure: bool = False) -> Outcome:
        asked.append(measure)
        return Outcome(kept, "It was measured." if measure else "It was not.")

    monkeypatch.setattr(compilation, "wanted", lambda config, device: True)  # as on CUDA
    monkeypatch.setattr(compilation, "compile_networks", choose)
    first = train(tiny(compile="auto"), tmp_path, stop_at=5)
    assert "It was measured." in first.events
    train(tiny(compile="auto"), tmp_path)
    assert asked == ([True, False] if kept else [True])


def test_a_run_that_is_to_repeat_itself_does_not_let_a_clock_decide():
    assert not compilation.wanted(tiny(compile="auto", deterministic=True), torch.device("cuda:0"))
    assert compilation.wanted(tiny(compile="on", deterministic=True), torch.device("cuda:0"))


def test_evaluating_compiles_nothing(monkeypatch: pytest.MonkeyPatch):
    """Its batches have other sizes, which would take another minute each."""
    family = prepared(family="dcgan")
    compilation.compile_networks(family, batch(), seed=0)
    with torch.compiler.set_stance("fail_on_recompile"):
        family.evaluate([batch(n=7)], Noise(0))


def test_a_batch_that_is_too_large_is_not_compiled_in_every_size(monkeypatch: pytest.MonkeyPatch):
    family = prepared(family="dcgan")
    compilation.compile_networks(family, batch(), seed=0)
    step, sizes = type(family).step, []

    def small_only(self: Family, batch: Batch, noise: Noise) -> dict[str, torch.Tensor]:
        sizes.append((len(batch.images), compilation._is_compiled(self)))
        if len(batch.images) > 4:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return step(self, batch, noise)

    monkeypatch.setattr(type(family), "step", small_only)
    with pytest.raises(TrainingError, match="a batch size of 4, which fits"):
        out_of_memory.step_or_explain(family, batch(), Noise(0))
    assert sizes == [(16, True), (8, False), (4, False)]
