"""A zip of images that a visitor uploads becomes a folder of this machine, for runs to be trained on.

A zip may come from anywhere: what is taken of it are plain files that are named like images, within the bounds of the zip of a run and
those of the server's policy, and none comes to lie outside of the folder.
"""

import hashlib
import os
import tempfile
import time
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path, PurePosixPath

from genmodels.data.folder_check import looks_like_image
from genmodels.jobs.policy import policy
from genmodels.language import N_
from genmodels.runs.store import Store
from genmodels.runs.zip_members import (
    MOST_FILES,
    ArchiveError,
    explained,
    extract,
    is_file,
    is_litter,
    name_of,
    open_zip,
    too_much,
    unpack_to_too_much,
)
from genmodels.storage.files import remove, waiting_lock

AGAIN = N_("make a zip of the images anew, and upload that")
KEPT_SECONDS = 24 * 3600.0  # of an upload that no run was started with
LONGEST_PART = 200  # bytes in the name of a file or folder; most disks take 255
UNPACKING = ".unpacking-"


def unpack_images(store: Store, file: BytesIO) -> Path:
    """The folder with the images of a zip, the same for the same zip; raises ``UserError``, and has added nothing then.

    Folders that lie around all of the images are left out. Earlier uploads that no run names go after a day.
    """
    uploads = store.root / "uploads"
    # One at a time, so that what lies there half unpacked is of a process that was killed.
    with explained(AGAIN), waiting_lock(store.root / "locks" / "uploads.lock"):
        uploads.mkdir(exist_ok=True)
        _forget_unused(store, uploads)
        folder = uploads / hashlib.file_digest(file, "sha256").hexdigest()[:16]
        with open_zip(file, AGAIN) as archive:
            members = _images(archive)
            policy().check_images(member.file_size for member in members.values())
            if not folder.exists():
                with tempfile.TemporaryDirectory(prefix=UNPACKING, dir=uploads) as temporary:
                    extract(archive, members, Path(temporary) / "images", AGAIN)
                    (Path(temporary) / "images").rename(folder)
        os.utime(folder)
    return folder


def _images(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """What is named like an image, by its name in the folder to be; raises ``ArchiveError`` when it is none or too much."""
    found: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        name = name_of(member)
        # The last also passes over what has a part that begins with a dot, as ".." does.
        if name.endswith("/") or is_litter(name) or not looks_like_image(PurePosixPath(name)):
            continue
        if not (is_file(member) and _stays_within(name) and name not in found):
            raise ArchiveError(
                N_("This zip holds {name!r}, which is no plain file within it: {again}.", name=name[:200], again=AGAIN)
            )
        if member.flag_bits & 1:
            raise ArchiveError(N_("This zip is encrypted: {again}, without a password.", again=AGAIN))
        found[name] = member
    if not found:
        raise ArchiveError(N_("This zip holds no images: {again}.", again=AGAIN))
    if len(found) > MOST_FILES or unpack_to_too_much(found.values()):
        raise too_much(AGAIN)
    around = _around(found)
    return {name.removeprefix(around): member for name, member in found.items()}


def _stays_within(name: str) -> bool:
    """Whether a name without ``..`` is that of a file in the folder, which a disk can take and a page can show."""
    path = PurePosixPath(name)
    return (
        str(path) == name
        and not path.is_absolute()
        and name.isprintable()
        and all(len(part.encode()) <= LONGEST_PART for part in path.parts)
    )


def _around(names: Iterable[str]) -> str:
    """The folders that all of these files lie in, with a slash at the end; empty if there are none."""
    common = os.path.commonpath([name.rpartition("/")[0] for name in names])
    return f"{common}/" if common else ""


def _forget_unused(store: Store, uploads: Path) -> None:
    named = [str(run.config.get("folder", "")) for run in store.runs()]
    for path in uploads.iterdir():
        unused = not any(path.name in folder for folder in named)
        if path.name.startswith(UNPACKING) or (unused and time.time() - path.stat().st_mtime > KEPT_SECONDS):
            remove(path)
