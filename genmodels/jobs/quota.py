"""What the runs take on the disk, and which of them may go for the sake of others."""

from collections.abc import Collection
from pathlib import Path

from genmodels.runs.groups import key_of
from genmodels.runs.run import CONFIG, Run
from genmodels.runs.store import Store
from genmodels.storage.files import files_below


def size(folder: Path) -> int:
    """Bytes of all files in a folder; those that go meanwhile count for nothing."""
    return sum(found.st_size for _, found in files_below(folder))


def surplus(store: Store, most: float, needed: Collection[str] = ()) -> tuple[list[Run], bool]:
    """The runs that must go for all runs to take at most ``most`` bytes, and whether that is enough.

    The ones that came first go first; never one that is under way or pinned, nor one of a group of which some are, nor the newest, nor
    one of the ids ``needed``.
    """
    runs = sorted(store.runs(), key=lambda run: _came(store, run))
    busy = {key_of(run) for run in runs if run.alive} - {""}
    sizes = {run.id: size(store.folder(run.id)) for run in runs}
    taken = sum(sizes.values())
    gone: list[Run] = []
    for run in runs[:-1]:
        if taken > most and not (run.alive or run.pinned or run.id in needed or key_of(run) in busy):
            gone.append(run)
            taken -= sizes[run.id]
    return gone, taken <= most


def _came(store: Store, run: Run) -> float:
    """When it came to this store: an imported run may have been started long before."""
    try:
        return (store.folder(run.id) / CONFIG).stat().st_mtime
    except FileNotFoundError:
        return run.created
