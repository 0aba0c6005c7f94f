"""What a report takes of a run or a pretrained model: its curves, pictures, scores and codes, as they are stored."""

import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genmodels.checkpoints import test_images
from genmodels.checkpoints.integrity import NEWEST, steps
from genmodels.checkpoints.pretrained import Pretrained, find, pretrained_models
from genmodels.config.base import MONITORED, RunConfig
from genmodels.config.command_line import command_line
from genmodels.config.families import FAMILIES, understood
from genmodels.data.folder_check import FOLDER, require_shown, shown_previews
from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.language.figures import in_digits
from genmodels.latent import codes as latent_codes
from genmodels.latent.codes import Codes
from genmodels.latent.infogan_codes import CodeMeaning
from genmodels.runs.evaluation import evaluation_of
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from genmodels.storage.image_grid import newest, read

if TYPE_CHECKING:
    import pandas as pd
    from PIL import Image


@dataclass(frozen=True)
class Source:
    """A model of a report. ``name``: the id of a run, or the name of a pretrained model; ``title``: what it is called."""

    name: str
    title: str
    config: RunConfig
    folder: Path
    step: int
    epoch: float
    minutes: float
    device: str
    environment: dict[str, Any]
    date: str
    rows: "pd.DataFrame"
    scores: dict[str, float]

    @property
    def family(self) -> str:
        return self.config.family

    @property
    def facts(self) -> dict[str, Any]:
        """What a caption says of it, so that it can be made again."""
        return {
            "run": self.name,
            "seed": in_digits(self.config.seed),
            "epoch": in_digits(self.epoch, ".4g"),
            "command": self.command,
        }

    @property
    def command(self) -> str:
        """What trains it again, without the place of own images on the machine where that was."""
        here = {"folder": FOLDER} if self.config.folder else {}
        return command_line(self.config.model_copy(update=here))

    def last(self, name: str) -> float | None:
        """The newest value of a curve, or None."""
        values = self.rows.loc[self.rows["name"] == name, "value"]
        return None if values.empty else float(values.iloc[-1])

    def picture(self, name: str) -> "Image.Image | None":
        """The newest that it drew under that name; raises ``DataError`` for a damaged one."""
        path = newest(self.folder / "pictures").get(name)
        own = self.folder / f"{name}.png"  # of a pretrained model, whose folder of pictures is the way there
        path = own if own.is_file() else path
        if path is None or not shown_previews(self.config.model_dump(), {name: path}):
            return None
        return read(path)

    @cached_property
    def codes(self) -> Codes:
        """Of its test images, of a VAE: as they are stored, else encoded now, which loads torch. Raises ``UserError``."""
        require_shown(self.config.model_dump())
        n = latent_codes.STORED_IMAGES
        where = latent_codes.folder_of(self.folder, self.step, "test", n)
        kept = latent_codes.load(where, self.config.model_dump())
        if kept is not None:
            return kept
        from genmodels.inference.load import load_model
        from genmodels.latent.encode import encode

        return encode(load_model(self.folder), "test", n)

    @cached_property
    def test_images(self) -> test_images.Images:
        """Those that it keeps, else the first of its data. Raises ``UserError``."""
        require_shown(self.config.model_dump())
        kept = test_images.load(self.folder, self.config.model_dump())
        if kept is not None:
            return kept
        from genmodels.data.load import load_for

        test, most = load_for(self.config, "test"), test_images.STORED_IMAGES
        labels = None if test.labels is None else test.labels[:most].numpy()
        return test_images.Images(test.images[:most].numpy(), labels, test.classes)

    @cached_property
    def meaning(self) -> tuple[CodeMeaning, np.ndarray]:
        """What an InfoGAN's Q reads in its test images, and these, uint8 (N, C, H, W). Loads torch; raises ``UserError``."""
        from genmodels.inference.load import load_model
        from genmodels.latent.encode import read_codes

        images = self.test_images
        infogan: Any = load_model(self.folder).family
        return CodeMeaning(*read_codes(infogan, images.images), images.labels, images.classes), images.images


def source(store: Store, name: str) -> Source:
    """The run or pretrained model of that name; raises ``UserError`` where there is none, or one of another version."""
    if run := store.get(name):
        return _of_run(store, run)
    if model := find(name):
        return _of_pretrained(model)
    names = ", ".join(model.name for model in pretrained_models())
    raise UserError(
        N_(
            "There is no run and no pretrained model {name}: give the id of a run, or one of {names}.",
            name=name,
            names=names,
        )
    )


def _of_run(store: Store, run: Run) -> Source:
    rows = store.metrics(run.id)[["name", "step", "epoch", "value"]]
    return Source(
        run.id,
        run.name,
        understood(run.config, run.name),
        store.folder(run.id),
        max(steps(store.folder(run.id) / NEWEST), default=0),
        run.epoch,
        run.seconds / 60,
        run.device or (run.environment or {}).get("device", ""),
        run.environment or {},
        _day(run.created),
        rows,
        _scores_of_run(store, run),
    )


def _scores_of_run(store: Store, run: Run) -> dict[str, float]:
    """Those of its evaluation, and what training has measured beside them."""
    last = store.last_metrics(run.id).items()
    trained = {name.partition("/")[2]: value for name, value in last if name.startswith(("test/", "score/"))}
    found = evaluation_of(store.folder(run.id), run.config)
    return {"samples": MONITORED} | trained | (_numbers(found.card["scores"]) if found else {})


def _numbers(scores: dict[str, Any]) -> dict[str, float]:
    return {name: value for name, value in scores.items() if isinstance(value, (int, float))}


def _of_pretrained(model: Pretrained) -> Source:
    card = model.card
    return Source(
        model.name,
        str(card.get("title", model.name)),
        understood(model.config, model.name),
        model.folder,
        int(card.get("step", 0)),
        float(card.get("epochs", 0)),
        float(card.get("minutes", 0)),
        str(card.get("device", "")),
        card.get("environment") or {},
        str(card.get("date", "")),
        model.metrics(),
        _numbers(card["scores"]),
    )


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d", time.localtime(seconds))


def page_of(family: str) -> str:
    """The title of the page that trains a family."""
    page = FAMILIES[family].page
    return N_(page.title) if page else N_("Runs")
