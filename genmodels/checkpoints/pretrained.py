"""The trained models that come with the project: one folder each, readable without torch."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genmodels.storage.paths import PRETRAINED
from genmodels.storage.strict_json import read_object

if TYPE_CHECKING:  # it takes as long to load as all the rest of a first page
    import pandas as pd


@dataclass(frozen=True)
class Pretrained:
    """config: as in a run. card: command, seed, device, minutes, scores and the like, as ``genmodels.export.pretrain`` wrote it."""

    folder: Path
    config: dict[str, Any]
    card: dict[str, Any]

    @property
    def name(self) -> str:
        return self.folder.name

    def picture(self, name: str) -> Path | None:
        """What it drew under that name; None where there is no such picture, as with all of a model that generates nothing."""
        path = self.folder / f"{name}.png"
        return path if path.is_file() else None

    def metrics(self) -> "pd.DataFrame":
        """The rows (name, step, epoch, value) of the training curves."""
        import pandas as pd

        return pd.read_csv(self.folder / "metrics.csv")


def pretrained_models(family: str | None = None) -> list[Pretrained]:
    """All pretrained models, or those of one family, by name; a folder without a readable card is passed over."""
    models = [_read(file.parent) for file in sorted(PRETRAINED.glob("*/card.json"))]
    return [model for model in models if model and family in (None, model.config.get("family"))]


def find(name: str) -> Pretrained | None:
    """The pretrained model of that name, or None."""
    return _read(PRETRAINED / name) if name and name == Path(name).name else None  # a name may come from an address


def _read(folder: Path) -> Pretrained | None:
    files = (folder / "config.json", folder / "card.json")
    try:
        return _read_version(folder, files, tuple(file.stat().st_mtime_ns for file in files))
    except (OSError, TypeError, ValueError):
        return None


@lru_cache(maxsize=128)
def _read_version(folder: Path, files: tuple[Path, ...], written: tuple[int, ...]) -> Pretrained:
    """Of files that were written at these times: a page asks for all models several times."""
    return Pretrained(folder, *map(read_object, files))
