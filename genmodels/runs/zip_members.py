"""What is in the zip of a run, known and bounded before a byte of it is unpacked: a zip may come from anywhere."""

import re
import shutil
import sqlite3
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.runs.run import CONFIG, LOCK, METRICS, RUN

MOST_FILES = 20_000  # 2,000 epochs with two pictures each are 4,000
MOST_BYTES = 4 * 2**30
MOST_RATIO = 100  # unpacked bytes for one in the zip; what a run consists of is hard to compress
MOST_JSON = 4 * 2**20  # it is read into memory at once, where it takes thirty times as much
MOST_DIRECTORY = 4 * 2**20  # of the zip's own list of its files, for the same reason

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.,=+ -]{0,150}")  # of a file or folder; nothing hidden, no way up
LITTER = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}  # what systems put into zips that people make
AGAIN = N_("download the run again, and import that file")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    RuntimeError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
)


class ArchiveError(UserError):
    """A zip that cannot be imported, or a run that cannot be made into one."""


def too_much(again: str = AGAIN) -> ArchiveError:
    """What to say of a zip that is a bomb."""
    return ArchiveError(
        N_("This zip unpacks to more than any run needs, as if to fill the disk: {again}.", again=again)
    )


@contextmanager
def explained(again: str = AGAIN) -> Iterator[None]:
    """What can go wrong with a zip, as one sentence, with ``again`` as the way out."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArchiveError(
            N_("The zip could not be unpacked ({reason}): free some space, or {again}.", reason=reason, again=again)
        ) from error
    except BROKEN as error:
        raise ArchiveError(N_("This zip is damaged or cut short: {again}.", again=again)) from error


class _InPieces:
    """A file that gives no more than ``MOST_DIRECTORY`` bytes at once: ``zipfile`` reads a zip's whole directory in one go."""

    def __init__(self, file: IO[bytes], again: str) -> None:
        self._file, self._again = file, again

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int = -1) -> bytes:
        limit = MOST_DIRECTORY + 1
        data = self._file.read(limit if size < 0 else min(size, limit))
        if len(data) == limit:
            raise too_much(self._again)
        return data


@contextmanager
def open_zip(file: Path | IO[bytes], again: str = AGAIN) -> Iterator[zipfile.ZipFile]:
    """``file`` as a zip, to be read; raises ``ArchiveError``, with ``again`` as the way out, when it is none, or its directory is
    too large."""
    with ExitStack() as stack:
        source = stack.enter_context(file.open("rb")) if isinstance(file, Path) else file
        try:
            archive = stack.enter_context(zipfile.ZipFile(_InPieces(source, again)))
            if min((member.header_offset for member in archive.infolist()), default=0) > 0:
                raise zipfile.BadZipFile(N_("only a zip within the zip is whole"))
        except zipfile.BadZipFile as error:
            raise ArchiveError(N_("This file is not a zip, or it is cut short: {again}.", again=again)) from error
        yield archive


def extract(archive: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], target: Path, again: str = AGAIN) -> None:
    """Unpack members into ``target`` by the names given, which were found to stay within it, each against its check sum.

    Raises ``ArchiveError``, with ``again`` as the way out, for two that the disk cannot take beside each other.
    """
    for name, member in members.items():
        path = target / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            opened = path.open("xb")
        except (FileExistsError, NotADirectoryError) as error:
            raise ArchiveError(
                N_(
                    "This zip holds a file and a folder of one name, or a file twice ({name!r}): {again}.",
                    name=name[:200],
                    again=again,
                )
            ) from error
        with opened, archive.open(member) as source:
            shutil.copyfileobj(source, opened, 2**20)


def run_members(archive: zipfile.ZipFile) -> tuple[str, dict[str, zipfile.ZipInfo]]:
    """The files of the one run in a zip by their names in its folder, and what the zip calls that folder.

    The folder may lie in others, or be the zip itself, as in zips that people make anew. Raises ``ArchiveError`` when there is
    anything that no run has, or too much of it; ``zipfile`` gives no more bytes of a member than its size says.
    """
    named = [(name_of(member), member) for member in archive.infolist()]
    members = [(name, member) for name, member in named if not name.endswith("/") and not is_litter(name)]
    around = _folder_of_the_run({name for name, _ in members})
    found: dict[str, zipfile.ZipInfo] = {}
    for whole, member in members:
        name = whole.removeprefix(around)
        if whole == around + LOCK:
            continue  # is in a folder that somebody has zipped by hand
        if not (is_file(member) and whole.startswith(around) and name not in found and _is_plain_name(name)):
            raise ArchiveError(
                N_(
                    "This zip holds {whole!r}, which is no plain file of a run: {again}.",
                    whole=whole[:200],
                    again=AGAIN,
                )
            )
        found[name] = member
    texts = [member.file_size for name, member in found.items() if name.endswith(".json")]
    if len(found) > MOST_FILES or unpack_to_too_much(found.values()) or max(texts) > MOST_JSON:
        raise too_much()
    return PurePosixPath(around).name, found


def name_of(member: zipfile.ZipInfo) -> str:
    """With slashes, where some programs write backslashes on Windows; a slash at the end is that of a folder."""
    return member.filename.replace("\\", "/")


def is_file(member: zipfile.ZipInfo) -> bool:
    """Whether it is no link or device; 0 where the zip was made on a system that has none."""
    return stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG)


def is_plain(name: PurePosixPath | Path) -> bool:
    """Whether a file of a run's folder goes into a zip, by its name in that folder."""
    return name.suffix != ".lock" and all(NAME.fullmatch(part) for part in name.parts)


def unpack_to_too_much(members: Any) -> bool:
    """Whether these members of a zip, an iterable of ``ZipInfo``, are a bomb."""
    sizes = [(member.file_size, member.compress_size) for member in members]
    unpacked, packed = sum(size for size, _ in sizes), sum(size for _, size in sizes)
    return unpacked > min(MOST_BYTES, MOST_RATIO * packed + MOST_JSON)


def _folder_of_the_run(names: set[str]) -> str:
    """What all names of the run's files begin with: empty, or with a slash at its end."""
    around = [
        name.removesuffix(RUN)
        for name in names
        if PurePosixPath(name).name == RUN
        and names.issuperset(name.removesuffix(RUN) + one for one in (CONFIG, METRICS))
    ]
    if len(around) != 1:
        raise ArchiveError(
            N_("This zip is not a run of this program: choose one that was downloaded on the page Runs.")
        )
    return around[0]


def _is_plain_name(name: str) -> bool:
    path = PurePosixPath(name)
    return str(path) == name and is_plain(path)


def is_litter(name: str) -> bool:
    """Whether a system has put this into a zip, and not who made it."""
    parts = PurePosixPath(name).parts
    return not LITTER.isdisjoint(parts) or any(part.startswith("._") for part in parts[-1:])
