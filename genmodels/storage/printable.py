"""Names of the disk as text: on Linux they are bytes, and those that are no UTF-8 can be neither stored, printed nor sent."""

from collections.abc import Iterable
from itertools import count


def printable(text: str) -> str:
    """``text`` as UTF-8 holds it. Bytes that Python could not decode in a name, and keeps as lone surrogates (PEP 383), are decoded as
    UTF-8, whatever the locale, and where they are none become U+FFFD, the replacement character."""
    try:
        raw = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # surrogates that stand for no byte, as JSON may have them
        raw = text.encode("utf-8", "surrogatepass")
    return raw.decode("utf-8", "replace")


def distinct(names: Iterable[str]) -> dict[str, str]:
    """Each of ``names`` with its text; those that would become the same text are numbered in their order."""
    known = sorted(set(names))
    found = {name: name for name in known if printable(name) == name}  # these keep theirs
    taken = set(found.values())
    for name in known:
        if name not in found:
            text = printable(name)
            numbered = (f"{text} ({number})" for number in count(2))
            found[name] = text if text not in taken else next(each for each in numbered if each not in taken)
            taken.add(found[name])
    return found
