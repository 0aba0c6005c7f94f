"""An environment of a few packages, without a network: what `pip install` of them would make, of those that are installed here."""

from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement


def only(names: list[str], folder: Path) -> None:
    """Links in ``folder`` to the named packages and to all that they require, and to nothing else."""
    folder.mkdir()
    for distribution in _closure(names):
        # By the first part of its path: whole packages, single modules, and the record of the installation.
        for top in {file.parts[0] for file in distribution.files or () if ".." not in file.parts}:
            source, target = Path(str(distribution.locate_file(top))), folder / top
            if source.exists() and not target.exists():
                target.symlink_to(source)


def _closure(names: list[str]) -> list[metadata.Distribution]:
    """The named distributions and all that they require here, with the extras that are asked for."""
    found: dict[str, metadata.Distribution] = {}
    waiting, seen = [Requirement(name) for name in names], set()
    while waiting:
        asked = waiting.pop()
        if (key := (asked.name, *sorted(asked.extras))) in seen:
            continue
        seen.add(key)
        found[asked.name] = distribution = metadata.distribution(asked.name)
        for each in map(Requirement, distribution.requires or ()):
            if not each.marker or any(each.marker.evaluate({"extra": extra}) for extra in ("", *asked.extras)):
                waiting.append(each)
    return list(found.values())
