"""What all commands share: a parser, and one line for each mistake."""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from genmodels.errors import UserError


class Parser(argparse.ArgumentParser):
    """Raises ``UserError`` for a mistake, and takes no shortened flags: ``--epoch`` is a mistake, not ``--epochs``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise UserError(message)


def folder(text: str) -> Path:
    """A folder that is named: where nothing is, as in an unset variable of a shell, the current one would be taken."""
    if not text:
        raise argparse.ArgumentTypeError("it is empty: name a folder")
    return Path(text)


@contextmanager
def one_line(prog: str) -> Iterator[None]:
    """For a block in which a command works: a mistake, or a file that fails, ends the process with one line, which ``prog``
    begins. What is printed to a stream that the caller has closed is lost."""
    _open_closed_streams()
    try:
        yield
    except UserError as error:
        sys.exit(f"{prog}: {error}")
    except OSError as error:
        path, why = error.filename or "A file", error.strerror or error
        sys.exit(f"{prog}: {path} cannot be read or written ({why}): choose another place, or free some space.")


def _open_closed_streams() -> None:
    """Python has None in the place of a standard stream that the caller has closed, and the next file to be opened has its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            stream = open(os.devnull, mode)  # noqa: SIM115
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)
