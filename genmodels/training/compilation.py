"""``torch.compile`` for the networks of a family, with the plain networks where it does not work, or where it does not pay."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import torch
from accelerate.utils import broadcast_object_list
from torch import Tensor

from genmodels.checkpoints import checkpoint
from genmodels.config.base import RunConfig
from genmodels.data.noise import Noise
from genmodels.language import N_
from genmodels.models.base import Batch, Family, floats
from genmodels.storage.callbacks import Level

BACKEND = "inductor"
REHEARSALS = (
    3  # of each kind of step: CUDA graphs are warmed up in the first, recorded in the second and played in the third
)
TIMED, TURNS = 20, 3  # steps in a turn, and turns, of which the fastest counts
TOLERANCE = 0.05  # between the curves' means over the rehearsals: of the plain one's size, or of 1


@dataclass(frozen=True)
class Outcome:
    """Whether the networks are compiled now, and the sentence that tells the reader."""

    compiled: bool
    sentence: str
    level: Level = "info"


@dataclass(frozen=True)
class Rehearsal:
    """The curves' means over the first steps, the seconds that these took, and the seconds of a later step."""

    values: dict[str, float]
    seconds: float
    step: float


def wanted(config: RunConfig, device: torch.device) -> bool:
    """Whether a run's networks are to be compiled: with ``auto`` on CUDA, where it is measured whether that pays.

    A measurement would not decide alike each time, so not where the run is to repeat itself.
    """
    return config.compile == "on" or (config.compile == "auto" and device.type == "cuda" and not config.deterministic)


def compile_networks(family: Family, batch: Batch, seed: int, measure: bool = False) -> Outcome:
    """Compile what ``family.compilable()`` names, and rehearse on ``batch``; weights and optimisers are put back.

    With ``measure`` the networks stay compiled only if their steps are faster than the plain ones' and give the same numbers.
    ``seed``: of noise that no training needs. With several processes the main one decides for all.
    """
    # On CUDA this records graphs too, so that no kernel waits for Python.
    mode = "reduce-overhead" if family.device.type == "cuda" else None
    torch._dynamo.config.suppress_errors = False
    try:
        # A step that fails by itself fails again where training takes it, which tells what to do.
        plain = _rehearse(family, batch, seed, timed=True) if measure else None
        for name in family.compilable():
            family.unwrapped(name).compile(backend=BACKEND, mode=mode)
        outcome = _judge(plain, _rehearse(family, batch, seed, timed=measure))
    except Exception as error:  # whatever compilers, drivers and graphs can raise
        cause = getattr(error, "inner_exception", error)  # within what dynamo tells of its own state
        reason = str(cause).strip().partition("\n")[0] or type(cause).__name__
        outcome = Outcome(
            False, N_("The networks could not be compiled, so they run as they are: {reason}", reason=reason), "warning"
        )
    # A shape that comes up later may fail by itself: it then runs as it is.
    torch._dynamo.config.suppress_errors = True
    (keep,) = broadcast_object_list([outcome.compiled])
    if not (keep and outcome.compiled):
        undo(family)
    return outcome


def _judge(plain: Rehearsal | None, compiled: Rehearsal) -> Outcome:
    took = N_("compiling took {seconds:.0f} seconds", seconds=compiled.seconds)
    if plain is None:
        return Outcome(True, N_("The networks are compiled: {took}.", took=took))
    for name, value in plain.values.items():
        other = compiled.values[name]
        if not abs(other - value) <= TOLERANCE * max(1.0, abs(value)):  # nor where either is not a number
            differs = N_("compiled, {name} is {other:.4g} instead of {value:.4g}", name=name, other=other, value=value)
            return Outcome(
                False,
                N_("The networks run as they are: {differs} in the first steps; {took}.", differs=differs, took=took),
                "warning",
            )
    times = N_(
        "a step takes {compiled:.3g} ms instead of {plain:.3g}", compiled=1000 * compiled.step, plain=1000 * plain.step
    )
    if compiled.step < plain.step:
        return Outcome(True, N_("The networks are compiled: {times}; {took}.", times=times, took=took))
    return Outcome(False, N_("The networks run as they are: compiled, {times}; {took}.", times=times, took=took))


def begin_step(family: Family) -> None:
    """Let CUDA graphs overwrite what the step before has computed, and nothing until the next call.

    Else they decide by themselves, and a discriminator's second call would overwrite the images that the generator still
    learns from.
    """
    if _is_compiled(family):
        torch.compiler.cudagraph_mark_step_begin()


def undo(family: Family) -> None:
    """Make the networks plain again, and free what compiling them has taken."""
    if _is_compiled(family):
        for name in family.compilable():
            family.unwrapped(name)._compiled_call_impl = None
        torch._dynamo.reset()


def _is_compiled(family: Family) -> bool:
    return any(family.unwrapped(name)._compiled_call_impl is not None for name in family.compilable())


def _rehearse(family: Family, batch: Batch, seed: int, timed: bool) -> Rehearsal:
    """The first steps and, where they are ``timed``, some more; what was in the family before is put back."""
    noise = Noise(seed, family.device)
    with _put_back(family):
        begin = time.perf_counter()
        # In the one before step 0 all networks learn; in step 0, of a game in which the generator waits, not all.
        steps = [_play(family, batch, step, noise) for _ in range(REHEARSALS) for step in (-1, 0)]
        by_curve: dict[str, list[Tensor]] = {}
        for values in steps:
            for name, value in values.items():
                by_curve.setdefault(name, []).append(value)
        means = floats({name: torch.stack(values).mean() for name, values in by_curve.items()})
        seconds = time.perf_counter() - begin
        return Rehearsal(means, seconds, _seconds_a_step(family, batch, noise) if timed else 0.0)


def _seconds_a_step(family: Family, batch: Batch, noise: Noise) -> float:
    turns = []
    for _ in range(TURNS):
        begin = time.perf_counter()
        for step in range(TIMED):
            values = _play(family, batch, step, noise)
        floats(values)  # the host has only queued the work
        turns.append((time.perf_counter() - begin) / TIMED)
    return min(turns)


def _play(family: Family, batch: Batch, step: int, noise: Noise) -> dict[str, Tensor]:
    begin_step(family)
    return family.step(replace(batch, step=step), noise)


@contextmanager
def _put_back(family: Family) -> Iterator[None]:
    before = {name: tensor.clone() for name, tensor in family.tensors().items()}
    optimizers, options = checkpoint.pack_optimizers(family.optimizers)
    optimizers = {name: tensor.clone() for name, tensor in optimizers.items()}
    try:
        yield
    finally:
        family.load(before)
        family.optimizers = family.make_optimizers()
        checkpoint.unpack_optimizers(family.optimizers, optimizers, options)
