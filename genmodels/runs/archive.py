"""A run as one zip: its whole folder, which brings it back on another machine, without its data and without a GPU.

A zip may come from anywhere, so ``unpack`` validates untrusted input: what it takes is plain files in one folder, of bounded size, that
this program could have written. Nothing in it is ever executed; there is no pickle.
"""

import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import IO

from genmodels.checkpoints.integrity import BEST, NEWEST, START, STATE, TRAINING, WEIGHTS, CheckpointError, verify
from genmodels.language import N_
from genmodels.runs.import_check import check
from genmodels.runs.run import GONE, OWNER, RUN, Run
from genmodels.runs.store import Store
from genmodels.runs.zip_members import ArchiveError, explained, extract, is_plain, open_zip, run_members
from genmodels.storage.files import files_below, waiting_lock, write_text

TEXT = {".json", ".csv", ".log"}  # worth to be compressed; tensors and pictures are not
IMPORTING = ".importing-"
CHECKPOINTS = (NEWEST, BEST, START)  # folders that hold some


def pack(store: Store, run_id: str, file: Path | IO[bytes]) -> None:
    """Write the whole of a run into ``file`` as a zip; also while it trains. Raises ``ArchiveError`` when it is not there."""
    folder = store.folder(run_id)
    with zipfile.ZipFile(file, "w") as archive, ExitStack() as stack:
        # Checkpoints come and go while a run trains, but a file that is open stays readable. The rows are saved after it is
        # known which checkpoints there are, so that they reach at least as far.
        checkpoints = [
            opened
            for kind in CHECKPOINTS
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
            if name.parts[0] not in CHECKPOINTS and is_plain(name) and path.is_file() and not path.is_symlink():
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
    with explained(), waiting_lock(store.root / "locks" / "import.lock"):
        for left in store.runs_folder.glob(f"{IMPORTING}*"):
            for run_id in (path.name for path in left.iterdir()):
                if store.get(run_id) is None:
                    store.forget_rows(run_id)
            shutil.rmtree(left, ignore_errors=True)
        with opened(file, store.runs_folder) as (folder, run):
            if store.get(run.id) is not None:
                raise ArchiveError(
                    N_("This run is here already, as {name}: to import it anew, delete that one first.", name=run.name)
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
        with explained():
            unpacked = Path(temporary) / "run"
            run = check(unpacked, _extract(file, unpacked))
            folder = unpacked.rename(unpacked.with_name(run.id))
        yield folder, run


def _extract(file: Path | IO[bytes], target: Path) -> str:
    """Unpack the run in ``file`` into ``target``; returns what the zip calls its folder."""
    with open_zip(file) as archive:
        called, members = run_members(archive)
        extract(archive, members, target)
    return called


def _make_room(folder: Path) -> None:
    """A folder without a row is what a kill left, or what a rebuild could not read; it is moved to ``.before-ID-...``."""
    if folder.exists():
        folder.rename(tempfile.mkdtemp(prefix=f".before-{folder.name}-", dir=folder.parent))
