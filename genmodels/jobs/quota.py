"""What the runs take on the disk, and which of them may go for the sake of others."""

from pathlib import Path

from genmodels.runs.run import CONFIG, Run
from genmodels.runs.store import Store
from genmodels.storage.files import files_below


def size(folder: Path) -> int:
    """Bytes of all files in a folder; those that go meanwhile count for nothing."""
    return sum(found.st_size for _, found in files_below(folder))


def surplus(store: Store, most: float, needed: str = "") -> tuple[list[Run], bool]:
    """The runs that must go for all runs to take at most ``most`` bytes, and whether that is enough.

    The ones that came first go first; never one that is under way or pinned, nor the newest, nor the one of the id ``needed``.
    """
    runs = sorted(store.runs(), key=lambda run: _came(store, run))
    sizes = {run.id: size(store.folder(run.id)) for run in runs}
    taken = sum(sizes.values())
    gone: list[Run] = []
    for run in runs[:-1]:
        if taken > most and not (run.alive or run.pinned or run.id == needed):
            gone.append(run)
            taken -= sizes[run.id]
    return gone, taken <= most


def _came(store: Store, run: Run) -> float:
    """When it came to this store: an imported run may have been started long before."""
    try:
        return (store.folder(run.id) / CONFIG).stat().st_mtime
    except FileNotFoundError:
        return run.created
