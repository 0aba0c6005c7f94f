"""Write the report of several models, as HTML, .docx or PDF.

genmodels report report.docx --vae RUN --language fa
"""

import sys
import tomllib
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from genmodels.config.arguments import Parser, one_line
from genmodels.config.families import FAMILIES
from genmodels.errors import UserError
from genmodels.language import LANGUAGES
from genmodels.storage.files import replacing
from genmodels.storage.progress import shown_on_stderr

if TYPE_CHECKING:
    from genmodels.export.report.document import Document

FORMATS = (".html", ".docx", ".pdf")


def main(arguments: list[str] | None = None, prog: str = "python -m genmodels.export.report.main") -> None:
    """Write the files that the command line asks for."""
    with one_line(prog):
        _write(arguments, prog)


def _write(arguments: list[str] | None, prog: str) -> None:
    from genmodels.export.report.choice import Choice, families, section_titles, sensible
    from genmodels.export.report.own_words import left_as_typed
    from genmodels.export.report.report import make
    from genmodels.runs.store import Store

    parser = Parser(
        prog=prog,
        description="Write one document of several models, with the theory, curves, images and tables of each part. Without "
        "options: your newest finished run of each family, else its pretrained model.",
    )
    parser.add_argument(
        "files",
        nargs="+",
        type=Path,
        metavar="FILE",
        help="where to; .html, .docx or .pdf, and several get the same document",
    )
    for family in families():
        title = FAMILIES[family].title
        parser.add_argument(
            f"--{family.replace('_', '-')}",
            metavar="MODEL",
            help=f"{title}: the id of a run, or the name of a pretrained model",
        )
    parser.add_argument(
        "--compare",
        nargs="*",
        metavar="GAN",
        help="further DCGANs, of other objectives or with pooling, to be compared",
    )
    parser.add_argument("--language", choices=list(LANGUAGES), default="en", help="of the texts [default en]")
    parser.add_argument("--title", default="", help="of the document")
    parser.add_argument("--author", default="", help="whose name stands below it")
    sections = section_titles()
    parser.add_argument(
        "--without", nargs="*", choices=list(sections), default=[], metavar="PART",
        help=f"what is left out, of: {', '.join(sections)}",
    )  # fmt: skip
    parser.add_argument(
        "--words", type=Path, metavar="FILE",
        help='your own words, a TOML file with a line for each part, such as noise = "My answer."; an empty line begins a paragraph, '
        "lines that begin with - are a list, and $x^2$, **bold** and *emphasis* are taken",
    )  # fmt: skip
    options = parser.parse_args(arguments)
    for file in options.files:  # before a minute is spent
        if file.suffix.lower() not in FORMATS:
            raise UserError(f"{file} is of no format that there is: end it with .html, .docx or .pdf.")
        if not file.absolute().parent.is_dir():
            raise UserError(f"There is no folder {file.absolute().parent}: make it, or choose another place.")
    own = own_words(options.words, sections) if options.words else {}
    store = Store()
    models, others = sensible(store.runs())
    asked = {family: getattr(options, family) for family in families() if getattr(options, family)}
    models |= asked
    choice = Choice(
        models,
        tuple(other for other in others if other != models.get("dcgan"))
        if options.compare is None
        else tuple(options.compare),
        options.language,
        options.title,
        options.author,
        frozenset(sections) - {*options.without},
        own,
    )
    if said := left_as_typed(own[key] for key in own if key in choice.sections):
        print(f"{prog}: {said}", file=sys.stderr)
    if any(file.suffix.lower() == ".pdf" for file in options.files):
        from genmodels.export.report.letters import lacking

        if letters := lacking([options.title, options.author, *own.values()], options.language):
            print(
                f"{prog}: no typeface of this machine has {letters}, which the PDF will lack: install one that does, "
                "such as those of Noto.",
                file=sys.stderr,
            )
    with shown_on_stderr():
        document = make(store, choice)
    for file in options.files:
        with replacing(file) as temporary:
            temporary.write_bytes(_as(file.suffix.lower(), document))
        print(file)


def own_words(file: Path, sections: Collection[str]) -> dict[str, str]:
    """What a TOML file says for each of the ``sections``, by its key; raises ``UserError`` for a file that is none of that kind."""
    from genmodels.export.report.choice import LONGEST_WORDS

    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"{file} cannot be read ({error.strerror}): name the file that has your own words.") from error
    except ValueError as error:
        raise UserError(
            f'{file} is no TOML file ({error}): write lines such as {next(iter(sections))} = "My answer."'
        ) from error
    for key, text in found.items():
        if key not in sections:
            raise UserError(f"{file} has words for {key}, which is no part: name one of {', '.join(sections)}.")
        if not isinstance(text, str) or len(text) > LONGEST_WORDS:
            raise UserError(
                f"{file} has for {key} what is no text of at most {LONGEST_WORDS:,} characters: put one in quotes."
            )
    return found


def _as(suffix: str, document: "Document") -> bytes:
    from genmodels.export.report.html import html

    if suffix == ".docx":
        from genmodels.export.report.word import word

        return word(document)
    if suffix == ".pdf":
        from genmodels.export.report.pdf import pdf

        return pdf(html(document), document.author)
    return html(document).encode()


if __name__ == "__main__":
    main()
