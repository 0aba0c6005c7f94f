"""The messages of the sources, and the catalogues of the languages brought up to date with them.

    python -m genmodels.config.catalogue

Babel finds what is marked (``_``, ``N_``, ``ngettext``, ``counted`` in Python, ``word`` in JavaScript); what a config, a prepared experiment, an
objective, a data set or a pretrained model's card declares is a message without a mark. A catalogue keeps the translations that it
has; those of messages that are gone are dropped.
"""

import json
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from genmodels.config.datasets import DATASETS
from genmodels.config.experiments import experiments
from genmodels.config.families import FAMILIES
from genmodels.config.objectives import OBJECTIVES
from genmodels.config.wording import field_title, unit
from genmodels.language.kept_texts import in_each
from genmodels.language.languages import ENGLISH, LANGUAGES, catalogue
from genmodels.storage.paths import PACKAGE, PROJECT

KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "counted": (1, 2)}
OF_SCRIPTS = {"word": None}
NAMES = {"dataset", "precision", "log_with", "optimizer"}  # options whose choices are names, or code, in every language
WIDTH = 0  # of a line in a catalogue: a message is one line, so that a change of it is one line too

_HEADER = """\
msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {plural}\\n"

"""

Id = str | tuple[str, ...]


@dataclass(frozen=True)
class _Source:
    method: str | Callable[..., Any]
    files: list[Path]
    keywords: dict[str, Any] = field(default_factory=lambda: KEYWORDS)
    options: dict[str, Any] | None = None


def messages() -> list[Id]:
    """Every message once, by its English text, or both of its plural forms."""
    return list(dict.fromkeys([*_marked(), *_declared()]))


def update(code: str) -> None:
    """Bring the catalogue of a language up to date."""
    with catalogue(code).open("rb") as file:
        known = read_po(file, locale=code)
    template = Catalog(locale=code)
    for message in messages():
        template.add(message)
    known.update(template, no_fuzzy_matching=True)
    known.obsolete.clear()
    with catalogue(code).open("wb") as file:
        file.write(_HEADER.format(code=code, plural=known.plural_forms).encode())
        write_po(file, known, width=WIDTH, no_location=True, omit_header=True, sort_output=True)


def _marked() -> Iterator[Id]:
    pages = [PROJECT / "pages", PACKAGE]
    sources = (
        _Source("python", sorted(path for folder in pages for path in folder.rglob("*.py"))),
        _Source(babel_extract, sorted(PACKAGE.rglob("*.jinja"))),
        _Source("javascript", sorted((PACKAGE / "ui").rglob("*.js")), OF_SCRIPTS, {"parse_template_string": True}),
    )
    for source in sources:
        for path in source.files:
            with path.open("rb") as file:
                for _line, message, _comments, _context in extract(
                    source.method, file, source.keywords, options=source.options
                ):
                    if message:
                        yield message


def _declared() -> Iterator[str]:
    yield from _of_configs()
    for family in FAMILIES:
        for experiment in experiments(family):
            yield from (experiment.title, experiment.see, *(sign.says for sign in experiment.signs))
    for objective in OBJECTIVES.values():
        yield from (objective.title, objective.source, objective.reading)
    yield from (info.title for info in DATASETS.values())
    for path in (PACKAGE / "export" / "report" / "texts.toml", PACKAGE / "export" / "web" / "words.toml"):
        kept: list[str] = []
        in_each(tomllib.loads(path.read_text(encoding="utf-8")), kept.append)
        yield from kept
    for card in sorted((PROJECT / "checkpoints").glob("*/card.json")):
        title: str = json.loads(card.read_text(encoding="utf-8"))["title"]
        yield title


def _of_configs() -> Iterator[str]:
    for config in FAMILIES.values():
        yield from (config.title, config.acronym, *config.abilities, *config.pictures.values(), *config.groups())
        yield from (name.capitalize() for name in config.pictures)
        for name, option in config.options().items():
            yield from filter(None, (field_title(name, option), option.description, unit(option)))
            if name not in NAMES:
                yield from (choice for choice in get_args(option.annotation) if isinstance(choice, str))
        for curve in config.curves:
            yield from (curve.label, curve.panel, curve.unit, curve.help)
        if config.page:
            yield from (config.page.title, config.page.heading, config.page.teaser)


if __name__ == "__main__":
    for language in LANGUAGES:
        if language != ENGLISH:
            update(language)
