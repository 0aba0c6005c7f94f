"""In which language to tell: that of the visitor who is being served, never one of the whole process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from genmodels.language.languages import ENGLISH, LANGUAGES

_chosen: ContextVar[str | None] = ContextVar("language", default=None)
_asked: list[Callable[[], str | None]] = []


def current() -> str:
    """The code of the language: that of the surrounding ``speaking``, else the visitor's, else English."""
    code = _chosen.get() or next((code for ask in _asked if (code := ask())), None)
    return code if code in LANGUAGES else ENGLISH


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """For a block in which everything is told in one language, whoever is served, as a report is."""
    token = _chosen.set(code)
    try:
        yield
    finally:
        _chosen.reset(token)


def ask_visitor(ask: Callable[[], str | None]) -> None:
    """Have ``ask`` tell the language of the visitor whom the calling thread serves, or None where it serves none."""
    _asked[:] = [ask]
