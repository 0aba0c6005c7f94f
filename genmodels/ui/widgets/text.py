"""Text of others, such as the name of a run, in the places where Streamlit reads Markdown."""

import re

from genmodels.language import Message, current, told
from genmodels.language.languages import FROM_THE_RIGHT
from genmodels.language.message import ISOLATED

# What makes Markdown within a line: an image in it would have every visitor's browser fetch an address.
WITHIN = re.compile(
    r"[\\`*\[\]<$~]"  # code, emphasis, links and images, HTML, formulas, struck out
    r"|_(?![^\W_])|(?<![^\W_])_"  # emphasis, but not within a word
    r"|&(?=#?\w+;)"  # an entity
    r"|:(?=[A-Za-z])"  # a colour, a badge, an icon
)
AT_THE_START = re.compile(r"^(\d*)([#>+=.)-])")  # a heading, a quotation, a list, a rule

# What Streamlit, and the GitHub flavour of Markdown that it reads, replace in the text that parsing has left. Escapes are gone by
# then, so only a character that nobody sees keeps it apart.
REPLACED = re.compile(
    r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=[\w.+-])(?=@)"  # addresses become links
    r"|(?<=:)(?=[\w+/-]+:)"  # names between colons emojis and icons
    r"|(?<!\S)(?=(?:<?->|<-|--|[<>~]=)(?:\s|$))",  # and arrows, dashes and comparisons single signs
    re.IGNORECASE,
)
UNSEEN = "\u200b"  # zero width space


def plain(text: object) -> str:
    """Markdown that shows ``text`` as it is, in one line; a message, or an error with one, in the visitor's language."""
    said = told(text) if isinstance(text, Message | BaseException) else str(text)
    line = REPLACED.sub(UNSEEN, " ".join(said.split()))
    line = WITHIN.sub(r"\\\g<0>", line)
    return AT_THE_START.sub(r"\1\\\2", line)


def leading(name: str) -> str:
    """A Latin ``name`` at the beginning of a line, which else would turn all of it where the visitor reads from the right."""
    return ISOLATED.format(name) if current() in FROM_THE_RIGHT else name
