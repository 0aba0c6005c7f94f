"""What is chosen for a report. Without torch and matplotlib, so that a page can offer it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from genmodels.checkpoints.pretrained import find, pretrained_models
from genmodels.config.families import is_known, parse
from genmodels.export.report.words import words
from genmodels.language.languages import ENGLISH
from genmodels.runs.run import Run

MOST_OTHERS = 8  # further DCGANs
LONGEST_TITLE, LONGEST_AUTHOR, LONGEST_WORDS = 200, 200, 20_000  # characters
APPENDIX = "again"  # the key of the last section


@dataclass(frozen=True)
class Choice:
    """models: the name of a run or pretrained model, by family; others: of DCGANs to be compared with the chosen one.

    sections: keys of those that go in, all by default; own: what somebody has written for a section, by its key.
    """

    models: Mapping[str, str]
    others: tuple[str, ...] = ()
    language: str = "en"
    title: str = ""
    author: str = ""
    sections: frozenset[str] = field(default_factory=lambda: frozenset(section_titles()))
    own: Mapping[str, str] = field(default_factory=dict)


def section_titles(language: str = "en") -> dict[str, str]:
    """The title of each section by its key, in the order of the report."""
    said = words(language)
    found = {section.key: section.title for part in said.parts for section in part.sections}
    return found | {APPENDIX: said["again"]}


def families() -> tuple[str, ...]:
    """Those that a report has a model of, in their order."""
    return words(ENGLISH).families


def sensible(runs: Sequence[Run]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The models and the others that a report of these runs, and of the pretrained models, has if nobody chooses."""
    models = {family: found[0] for family in families() if (found := candidates(runs, family))}
    by_id = {run.id: run.config for run in runs}
    others: dict[tuple, str] = {}
    for candidate in candidates(runs, "dcgan"):
        kind = _kind(by_id.get(candidate) or _config(candidate))
        if candidate != models["dcgan"]:
            others.setdefault(kind, candidate)
    return models, tuple(others.values())[:MOST_OTHERS]


def candidates(runs: Sequence[Run], family: str) -> list[str]:
    """Names of what a report may take of a family, the first the most sensible: finished runs in their order, then pretrained
    models, then runs that have not ended well."""
    own = [run for run in runs if run.config.get("family") == family and is_known(run.config)]
    finished = [run.id for run in own if run.state == "finished"]
    ready = [model.name for model in pretrained_models(family) if is_known(model.config)]
    return [*finished, *ready, *(run.id for run in own if run.state != "finished" and run.step)]


def _kind(values: Mapping[str, Any]) -> tuple[str, str, str]:
    """In what DCGANs are to differ that a report compares."""
    config = parse(dict(values)).model_dump()
    return config["objective"], config["downsampling"], config["upsampling"]


def _config(model: str) -> Mapping[str, Any]:
    found = find(model)
    assert found is not None  # it is one of the candidates
    return found.config
