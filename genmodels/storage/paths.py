"""Where runs, caches and pretrained models live on disk, in a checkout and in an installed package."""

import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from genmodels.language import N_
from genmodels.settings import Settings

PACKAGE = Path(__file__).resolve().parents[1]
BUNDLE = PACKAGE / "_bundled"  # only a wheel has it: what lies beside the package in a checkout; see pyproject.toml
INSTALLED = BUNDLE.is_dir()
# Where the entry scripts, the pages, the explanations and the pretrained models are.
PROJECT = BUNDLE if INSTALLED else PACKAGE.parent
PRETRAINED = PROJECT / "checkpoints"
LITTLE = 20 * 2**20  # bytes


def home() -> Path:
    """The one writable folder: ``GENMODELS_HOME``, else ``/data/genmodels`` on a host with a persistent ``/data`` disk, else
    ``workspace`` in a checkout, and the user's folder for data of an installed package."""
    if chosen := Settings.read().home:
        return chosen.absolute()  # other processes, which are told it, work elsewhere
    if os.access("/data", os.W_OK):
        return Path("/data/genmodels")
    if not INSTALLED:
        return PROJECT / "workspace"
    import platformdirs

    return platformdirs.user_data_path("genmodels", appauthor=False)


def fleeting() -> bool:
    """Whether what is written is lost with this container: it is one, and ``home`` lies on no disk of its own."""
    if not Settings.read().in_container:
        return False
    folder = home()
    while not folder.exists():
        folder = folder.parent
    return folder.stat().st_dev == Path("/").stat().st_dev


def what_stays() -> str:
    """What there is of a run whose training was cut off, as the beginning of a sentence that says to resume it."""
    if fleeting() and not Settings.read().mirror:
        return N_("The last checkpoint is here until this server restarts")
    return N_("Nothing up to the last checkpoint is lost")


def is_full() -> bool:
    """Whether the disk of ``home`` has no space for as much as a checkpoint."""
    folder = home()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free < LITTLE


def ensure_scratch() -> None:
    """Have temporary files, of this process and those it starts, in ``home`` where no other folder can be written."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        folder = home() / "tmp"
        with suppress(OSError):  # looking at a model needs none
            folder.mkdir(parents=True, exist_ok=True)
        os.environ["TMPDIR"] = str(folder)
