"""The faults that a run can have, one rule each: whom it concerns, what gives it away, and what may cause it."""

from collections.abc import Callable
from dataclasses import dataclass

from genmodels.config.base import RunConfig
from genmodels.config.families import FlowConfig, GANConfig, VAEConfig
from genmodels.language import N_
from genmodels.training.diagnosis import causes, curves, game, samples
from genmodels.training.diagnosis.evidence import Evidence, Seen
from genmodels.training.diagnosis.samples import COLLAPSE, NOISE

NOT_FINITE, DIVERGED, FROZEN, POSTERIOR = N_("not finite"), N_("diverged"), N_("frozen"), N_("posterior collapse")
STILL_GENERATOR, STRONG_DISCRIMINATOR = N_("generator not learning"), N_("discriminator dominates")
STRONG_GENERATOR, ALIKE, ILLEGIBLE = N_("generator dominates"), N_("samples alike"), N_("illegible samples")
STUCK, GREY = N_("loss stuck"), N_("grey samples")


@dataclass(frozen=True)
class Rule:
    """``family``: all whose configs inherit from it are concerned; ``explains``: what then is no fault of its own."""

    kind: str
    family: type[RunConfig]
    seen: Callable[[Evidence], Seen]
    causes: Callable[[Evidence], causes.Causes]
    explains: tuple[str, ...] = ()


SAMPLES = (GREY, COLLAPSE, NOISE, ALIKE, ILLEGIBLE)
GAME = (STILL_GENERATOR, STRONG_DISCRIMINATOR, STRONG_GENERATOR)
# What explains another comes before it.
RULES = (
    Rule(NOT_FINITE, RunConfig, curves.not_finite, causes.unstable, (DIVERGED, STUCK, *GAME, *SAMPLES)),
    Rule(DIVERGED, RunConfig, curves.diverged, causes.unstable, (FROZEN, STUCK, *GAME, *SAMPLES)),
    Rule(FROZEN, RunConfig, curves.frozen, causes.frozen, (STUCK, *GAME, *SAMPLES)),
    Rule(STUCK, FlowConfig, curves.stuck, causes.frozen, SAMPLES),
    Rule(POSTERIOR, VAEConfig, curves.posterior_collapse, causes.ignored_code, SAMPLES),
    Rule(STILL_GENERATOR, GANConfig, game.still_generator, causes.still_generator, (STRONG_DISCRIMINATOR, *SAMPLES)),
    Rule(STRONG_DISCRIMINATOR, GANConfig, game.strong_discriminator, causes.strong_discriminator, SAMPLES),
    Rule(STRONG_GENERATOR, GANConfig, game.strong_generator, causes.strong_generator, SAMPLES),
    Rule(GREY, FlowConfig, samples.grey, causes.grey, (NOISE, ALIKE)),
    Rule(COLLAPSE, GANConfig, samples.alike, causes.mode_collapse, (ALIKE,)),
    Rule(NOISE, RunConfig, samples.noise, causes.noise),
    Rule(ALIKE, RunConfig, samples.alike, causes.alike),
    Rule(ILLEGIBLE, GANConfig, samples.illegible, causes.illegible),
)
