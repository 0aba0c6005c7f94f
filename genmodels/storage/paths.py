"""Where runs, caches and pretrained models live on disk."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from genmodels.settings import Settings

PROJECT = Path(__file__).resolve().parents[2]
PRETRAINED = PROJECT / "checkpoints"


def home() -> Path:
    """The one writable folder: ``GENMODELS_HOME``, else ``/data/genmodels`` on a host with a persistent ``/data`` disk, else ``workspace``."""
    if chosen := Settings.read().home:
        return chosen
    if os.access("/data", os.W_OK):
        return Path("/data/genmodels")
    return PROJECT / "workspace"


def fleeting() -> bool:
    """Whether what is written is lost with this container: it is one, and ``home`` lies on no disk of its own."""
    if not Settings.read().in_container:
        return False
    folder = home()
    while not folder.exists():
        folder = folder.parent
    return folder.stat().st_dev == Path("/").stat().st_dev


def ensure_scratch() -> None:
    """Have temporary files, of this process and those it starts, in ``home`` where no other folder can be written."""
    try:
        tempfile.gettempdir()
    except FileNotFoundError:
        folder = home() / "tmp"
        with suppress(OSError):  # looking at a model needs none
            folder.mkdir(parents=True, exist_ok=True)
        os.environ["TMPDIR"] = str(folder)
