"""A run as one zip: its whole folder, which brings it back on another machine, without its data and without a GPU.

A zip may come from anywhere, so ``unpack`` validates untrusted input: what it takes is plain files in one folder, of bounded size, that
this program could have written. Nothing in it is ever executed; there is no pickle.
"""

import json
import re
import shutil
import sqlite3
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO

from PIL import Image
from pydantic import ValidationError

from genmodels.checkpoints.integrity import BEST, NEWEST, STATE, TRAINING, WEIGHTS, CheckpointError, verify
from genmodels.config.families import parse
from genmodels.data.folder_check import elsewhere
from genmodels.errors import UserError
from genmodels.runs.run import CONFIG, GONE, METRICS, OWNER, RUN, Run, read_copy, rewrite_config
from genmodels.runs.store import Store
from genmodels.storage.files import files_below, waiting_lock, write_text

MOST_FILES = 20_000  # 2,000 epochs with two pictures each are 4,000
MOST_BYTES = 4 * 2**30
MOST_RATIO = 100  # unpacked bytes for one in the zip; what a run consists of is hard to compress
MOST_JSON = 32 * 2**20  # it is read into memory at once
MOST_PIXELS = 4096  # along a side of a picture

NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.,=+ -]{0,150}")  # of a file or folder; nothing hidden, no way up
CHECKPOINT = re.compile(r"step-\d{8,15}")
PICTURE = re.compile(r"[a-z_]+-\d{8,15}\.png")
TEXT = {".json", ".csv", ".log"}  # worth to be compressed; tensors and pictures are not
IMPORTING = ".importing-"

AGAIN = "download the run again, and import that file"
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


def pack(store: Store, run_id: str, file: Path | IO[bytes]) -> None:
    """Write the whole of a run into ``file`` as a zip; also while it trains. Raises ``ArchiveError`` when it is not there."""
    folder = store.folder(run_id)
    with zipfile.ZipFile(file, "w") as archive, ExitStack() as stack:
        # Checkpoints come and go while a run trains, but a file that is open stays readable. The rows are saved after it is
        # known which checkpoints there are, so that they reach at least as far.
        checkpoints = [
            opened
            for kind in (NEWEST, BEST)
            for checkpoint in sorted((folder / kind).glob("step-*"))
            for opened in _open_whole(checkpoint, stack)
        ]
        store.save_copy(run_id)
        if not (folder / RUN).is_file():
            raise ArchiveError(GONE)
        for path, opened in checkpoints:
            _add(archive, path.relative_to(folder.parent), opened)
        for path in sorted(path for path, _ in files_below(folder)):
            name = path.relative_to(folder)
            if name.parts[0] not in (NEWEST, BEST) and _is_plain(name) and not path.is_symlink():
                with suppress(FileNotFoundError), path.open("rb") as opened:
                    _add(archive, path.relative_to(folder.parent), opened)


def _open_whole(checkpoint: Path, stack: ExitStack) -> list[tuple[Path, IO[bytes]]]:
    """The files of a checkpoint, to be closed by ``stack``; none of them if it is damaged, or gone by now."""
    with ExitStack() as attempt:
        try:
            verify(checkpoint)
            paths = [checkpoint / name for name in (WEIGHTS, TRAINING, STATE)]
            opened: list[tuple[Path, IO[bytes]]] = [(path, attempt.enter_context(path.open("rb"))) for path in paths]
        except (CheckpointError, OSError):
            return []
        stack.push(attempt.pop_all())
        return opened


def _is_plain(name: PurePosixPath | Path) -> bool:
    return name.suffix != ".lock" and all(NAME.fullmatch(part) for part in name.parts)


def _add(archive: zipfile.ZipFile, name: Path, file: IO[bytes]) -> None:
    info = zipfile.ZipInfo(name.as_posix())
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.compress_type = zipfile.ZIP_DEFLATED if name.suffix in TEXT else zipfile.ZIP_STORED
    with archive.open(info, "w", force_zip64=True) as target:
        shutil.copyfileobj(file, target, 2**20)


def unpack(store: Store, file: Path | IO[bytes], owner: str = "") -> Run:
    """Bring back a run from a zip that ``pack`` wrote, as one of ``owner``; raises ``ArchiveError``, and has changed nothing
    then."""
    # One at a time, so that what lies there from before is of a process that was killed.
    with _explained(), waiting_lock(store.root / "locks" / "import.lock"):
        for left in store.runs_folder.glob(f"{IMPORTING}*"):
            shutil.rmtree(left, ignore_errors=True)
        with opened(file, store.runs_folder) as (folder, run):
            if store.get(run.id) is not None:
                raise ArchiveError(
                    f"This run is here already, as {run.name}: to import it anew, delete that one first."
                )
            _make_room(store.folder(run.id))
            if owner:
                write_text(folder / OWNER, owner)
            return store.adopt(folder)


@contextmanager
def opened(file: Path | IO[bytes], parent: Path | None = None) -> Iterator[tuple[Path, Run]]:
    """The folder and the run in a zip that ``pack`` wrote, in a temporary folder in ``parent`` (the system's by default) that
    goes when the block ends; raises ``ArchiveError``."""
    with tempfile.TemporaryDirectory(prefix=IMPORTING, dir=parent, ignore_cleanup_errors=True) as temporary:
        with _explained():
            folder = _extract(file, Path(temporary))
            run = _check(folder)
        yield folder, run


@contextmanager
def _explained() -> Iterator[None]:
    """What can go wrong with a zip, as one sentence."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise ArchiveError(f"The zip could not be unpacked ({reason}): free some space, or {AGAIN}.") from error
    except BROKEN as error:
        raise ArchiveError(f"This zip is damaged or cut short: {AGAIN}.") from error


def _extract(file: Path | IO[bytes], target: Path) -> Path:
    """Unpack ``file`` below ``target``, each member against its check sum; returns the one folder that is in it."""
    try:
        archive = zipfile.ZipFile(file)
        if min((member.header_offset for member in archive.infolist()), default=0) > 0:
            raise zipfile.BadZipFile("only a zip within the zip is whole")
    except zipfile.BadZipFile as error:
        raise ArchiveError(f"This file is not a zip, or it is cut short: {AGAIN}.") from error
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        _check_members(members)
        for member in members:
            path = target / member.filename
            path.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, path.open("xb") as opened:
                shutil.copyfileobj(source, opened, 2**20)
    (folder,) = target.iterdir()
    return folder


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Names and sizes, before a byte is unpacked; ``zipfile`` gives no more bytes of a member than its size says."""
    names = {member.filename for member in members}
    folders = {name.removesuffix(f"/{RUN}") for name in names if name.endswith(f"/{RUN}") and name.count("/") == 1}
    if len(folders) != 1 or not names.issuperset(
        f"{folder}/{name}" for folder in folders for name in (CONFIG, METRICS)
    ):
        raise ArchiveError("This zip is not a run of this program: choose one that was downloaded on the page Runs.")
    for member in members:
        name = PurePosixPath(member.filename)
        is_file = stat.S_IFMT(member.external_attr >> 16) in (0, stat.S_IFREG)
        if not (is_file and str(name) == member.filename and name.parts[0] in folders and _is_plain(name)):
            raise ArchiveError(f"This zip holds {member.filename!r}, which is no plain file of a run: {AGAIN}.")
    if (
        len(members) > MOST_FILES
        or _unpack_to_too_much(members)
        or any(member.file_size > MOST_JSON for member in members if member.filename.endswith(".json"))
    ):
        raise ArchiveError(f"This zip unpacks to more than any run needs, as if to fill the disk: {AGAIN}.")


def _unpack_to_too_much(members: list[zipfile.ZipInfo]) -> bool:
    unpacked, packed = sum(member.file_size for member in members), sum(member.compress_size for member in members)
    return unpacked > min(MOST_BYTES, MOST_RATIO * packed + MOST_JSON)


def _check(folder: Path) -> Run:
    """The run in ``folder``, all of which is as this program writes it."""
    config = json.loads((folder / CONFIG).read_text(encoding="utf-8"))
    try:
        run, _ = read_copy(folder)
        if run.id != folder.name or run.config != config:
            raise ArchiveError(f"The parts of this zip are of different runs: {AGAIN}.")
        complete = parse(config).model_dump()
        complete["folder"] = elsewhere(complete["folder"])
        if complete != config:  # pages rely on all options, and the run's version may not have had some yet
            rewrite_config(folder, complete)
    except (LookupError, TypeError, ValidationError) as error:
        raise ArchiveError("This run is of another version of this program, or altered: update this one, or import it there.") from error  # fmt: skip
    try:
        for checkpoint in (*(folder / NEWEST).glob("*"), *(folder / BEST).glob("*")):
            if not CHECKPOINT.fullmatch(checkpoint.name):
                raise CheckpointError(f"{checkpoint.name} is none.")
            verify(checkpoint)
    except CheckpointError as error:
        raise ArchiveError(f"Checkpoint {str(error).rstrip('.')}: {AGAIN}.") from error
    for path in (folder / "pictures").glob("*"):
        _check_picture(path)
    for path in folder.rglob("*.npz"):  # a zip within the zip
        with zipfile.ZipFile(path) as arrays:
            if _unpack_to_too_much(arrays.infolist()):
                raise ArchiveError(f"{path.name} unpacks to more than any run needs: {AGAIN}.")
    return run


def _check_picture(path: Path) -> None:
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            if not PICTURE.fullmatch(path.name) or max(picture.size) > MOST_PIXELS:
                raise ValueError("not a grid of samples")
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ArchiveError(f"The picture {path.name} in this zip is damaged: {AGAIN}.") from error


def _make_room(folder: Path) -> None:
    """A folder without a row is what a kill left, or what a rebuild could not read; it is moved to ``.before-ID-...``."""
    if folder.exists():
        folder.rename(tempfile.mkdtemp(prefix=f".before-{folder.name}-", dir=folder.parent))
