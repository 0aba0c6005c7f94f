"""What is wrong with a run, told by its config and its rows alone, while it trains and afterwards. Free of torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genmodels.config.base import RunConfig
from genmodels.language import N_, Message, joined
from genmodels.training.diagnosis.causes import Cause
from genmodels.training.diagnosis.evidence import Evidence
from genmodels.training.diagnosis.rules import ALIKE, COLLAPSE, NOISE, NOT_FINITE, RULES
from genmodels.training.diagnosis.samples import spoiled, taking_shape

if TYPE_CHECKING:  # the trainer asks for no more than ``spoiled``
    import pandas as pd

__all__ = ["ALIKE", "COLLAPSE", "EARLY", "GOOD", "NOISE", "NOT_FINITE", "Diagnosis", "Finding", "diagnose", "spoiled"]

GOOD, EARLY = N_("good"), N_("too early to tell")
ADVISED = 2  # causes that are told
ADVICE = (N_("Most likely, {sentence}"), N_("Or {sentence}"))


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its kind, the epoch since when, what it means, in plain sentences, and what may cause it, the
    likeliest first."""

    kind: str
    epoch: float
    meaning: Message
    causes: tuple[Cause, ...]
    family: type[RunConfig]

    @property
    def advised(self) -> tuple[Cause, ...]:
        """The causes whose change is advised."""
        return self.causes[:ADVISED]

    @property
    def advice(self) -> Message:
        """What to try, by the names that the form gives the settings."""
        causes = zip(ADVICE, self.advised, strict=False)
        return joined([N_(begin, sentence=cause.sentence(self.family)) for begin, cause in causes])

    @property
    def sentence(self) -> Message:
        """What it means, and what to try."""
        return joined([self.meaning, self.advice])

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True)
class Diagnosis:
    """``findings``: what is wrong now, each cause before what it explains; ``early``: why it is too early to tell, else empty."""

    findings: tuple[Finding, ...]
    early: str = ""

    def __str__(self) -> str:
        """In a few words, for a table."""
        return ", ".join(finding.kind for finding in self.findings) or (EARLY if self.early else GOOD)


def diagnose(config: Mapping[str, Any], rows: "pd.DataFrame") -> Diagnosis:
    """Of a run of ``config`` after its rows (name, step, epoch, value) so far."""
    run = Evidence.of(config, rows)
    findings: list[Finding] = []
    explained: set[str] = set()
    for rule in RULES:
        if rule.kind not in explained and issubclass(run.family, rule.family) and (seen := rule.seen(run)):
            findings.append(Finding(rule.kind, *seen, tuple(rule.causes(run)), run.family))
            explained.update(rule.explains)
    return Diagnosis(tuple(findings), "" if findings else _early(run))


def _early(run: Evidence) -> str:
    if not taking_shape(run):
        return ""
    if run.finished:
        return N_("Too early to tell: the run ended before its samples had taken shape. Start again with more epochs.")
    return N_("Too early to tell: the samples are still taking shape.")
