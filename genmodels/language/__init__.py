"""Texts in the visitor's language: a message is written in English where it arises, and told in another where it is shown.

``N_`` marks a message and leaves it English; ``_`` tells it in the language of whoever is being served. A language is one file,
``locale/CODE/LC_MESSAGES/genmodels.po``, which ``python -m genmodels.config.catalogue`` brings up to date with the sources.
"""

from genmodels.language.current import current, speaking
from genmodels.language.languages import FROM_THE_RIGHT, LANGUAGES, direction
from genmodels.language.message import N_, Message, _, counted, joined, listed, ngettext, sided, told

__all__ = [
    "FROM_THE_RIGHT",
    "LANGUAGES",
    "N_",
    "Message",
    "_",
    "counted",
    "current",
    "direction",
    "joined",
    "listed",
    "ngettext",
    "sided",
    "speaking",
    "told",
]
