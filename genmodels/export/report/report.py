"""The document that is made of what is chosen."""

import time
from collections.abc import Iterator

from genmodels.config.families import FAMILIES
from genmodels.errors import UserError
from genmodels.export.report import latent_contents as latent_contents  # whose directives are known by its import
from genmodels.export.report import markup
from genmodels.export.report import pooling as pooling
from genmodels.export.report.choice import (
    APPENDIX,
    LONGEST_AUTHOR,
    LONGEST_TITLE,
    MOST_OTHERS,
    Choice,
)
from genmodels.export.report.contents import Context, contents
from genmodels.export.report.document import Block, Document, Heading, Paragraph, Span, Table, Text, name, numbered
from genmodels.export.report.latent_map import Start
from genmodels.export.report.own_words import own_words, without_controls
from genmodels.export.report.sources import Source, source
from genmodels.export.report.words import Section, counted, day, words
from genmodels.language import N_, speaking
from genmodels.language.figures import in_digits
from genmodels.latent.tsne import TSNE
from genmodels.runs.store import Store
from genmodels.storage.progress import Advance, watched


def make(store: Store, choice: Choice, start: Start = TSNE.start) -> Document:
    """The document; how far it is, is told as ``storage.progress`` does.

    start: of a t-SNE map that is not there yet. Raises ``UserError`` for a model that is not there.
    """
    with speaking(choice.language):
        return _document(store, choice, start)


def _document(store: Store, choice: Choice, start: Start) -> Document:
    said = words(choice.language)
    models = {family: source(store, model) for family, model in choice.models.items()}
    others = [source(store, model) for model in choice.others[:MOST_OTHERS]]
    for family, model in [*models.items(), *(("dcgan", other) for other in others)]:
        if model.family != family:
            raise UserError(
                N_(
                    "{name} is no {acronym}: choose another model for that part.",
                    name=model.name,
                    acronym=FAMILIES[family].acronym,
                )
            )
    context = Context(said, models, others, start)
    with watched(N_("the document"), len(choice.sections), N_("sections")) as advance:
        blocks = list(_blocks(context, choice, advance))
    return Document(
        title=without_controls(choice.title).strip()[:LONGEST_TITLE] or said["title"],
        author=without_controls(choice.author).strip()[:LONGEST_AUTHOR],
        date=day(time.strftime("%Y-%m-%d")),
        language=choice.language,
        figure=said["figure"],
        table=said["table"],
        blocks=numbered(blocks),
    )


def _blocks(context: Context, choice: Choice, advance: Advance) -> Iterator[Block]:
    kept = ([section for section in part.sections if section.key in choice.sections] for part in context.words.parts)
    filled = [(part.title, sections) for part, sections in zip(context.words.parts, kept, strict=True) if sections]
    for number, (title, sections) in enumerate(filled, start=1):
        yield Heading((Span(f"{counted(number, choice.language)}. {title}"),), 1)
        for section in sections:
            yield from _section(context, section, choice.own.get(section.key, ""))
            advance(1)
    if APPENDIX in choice.sections:
        yield from _again(context)
        yield from own_words(choice.own.get(APPENDIX, ""))
        advance(1)


def _section(context: Context, section: Section, own: str) -> Iterator[Block]:
    yield Heading((Span(section.title),), 2)
    for block in markup.blocks(section.text):
        if isinstance(block, str):
            yield from contents(context, block)
        else:
            yield block
    yield from own_words(own)


def _again(context: Context) -> Iterator[Block]:
    """The models of the report, and what made each."""
    said = context.words
    yield Heading((Span(said["again"]),), 1)
    yield Paragraph(markup.text(said["again_text"]))
    models = {model.name: model for model in (*context.models.values(), *context.others)}
    header = tuple(map(said.column, ("model", "command", "device", "versions", "minutes", "date")))
    if models:
        yield Table(header, tuple(_made(model) for model in models.values()), said.caption("again"))


def _made(model: Source) -> tuple[Text, ...]:
    versions = ", ".join(f"{key} {model.environment[key]}" for key in ("python", "torch") if key in model.environment)
    command = (Span(str(model.facts["command"]), "code"),)
    return (
        name(model.name),
        command,
        name(model.device),
        name(versions),
        name(in_digits(model.minutes, ".1f")),
        name(day(model.date)),
    )
