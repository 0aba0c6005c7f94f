"""A document as one HTML file that needs nothing else, also to be printed: equations are MathML, drawings SVG, no script but the button's."""

import base64
from collections.abc import Callable
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from genmodels.export.report.document import Document, Picture, plain_words
from genmodels.export.report.mathml import mathml
from genmodels.export.report.words import counted, words
from genmodels.language import FROM_THE_RIGHT, typeface

FOLDER = Path(__file__).parent
# Without a font for mathematics, which many machines lack, no brace is as wide as its term.
FONT = FOLDER / "fonts" / "equations.woff2"


def html(document: Document) -> str:
    """The whole file."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,  # names, titles and own words are whatever somebody has typed
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters: dict[str, Callable[..., object]] = {
        "kind": lambda block: type(block).__name__,
        "mathml": lambda latex, display=False: Markup(mathml(latex, display)),  # made by a library, which escapes
        "address": _address,
        "words": plain_words,
        "counted": lambda number: counted(number, document.language),
    }
    templates.filters |= filters
    right = document.language in FROM_THE_RIGHT
    return templates.get_template("document.html.jinja").render(
        document=document,
        said=words(document.language),
        right=right,
        faces=Markup(typeface.faces()) if right else "",
        equations=base64.b64encode(FONT.read_bytes()).decode(),
    )


def _address(picture: Picture) -> str:
    kind, data = ("svg+xml", picture.svg) if picture.svg else ("png", picture.png)
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
