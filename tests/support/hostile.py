"""Runs as a stranger would make them: every text in them would have a browser fetch something, if it were read as markup."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save_file

from genmodels.checkpoints.integrity import TRAINING, WEIGHTS, seal
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from genmodels.storage import arrays
from genmodels.storage.paths import PRETRAINED

EVIL = "evil.example"
TEXT = (
    f"![m](https://{EVIL}/m.png) <img src='https://{EVIL}/i.png'> <b>bold</b> <span style='fill:url(https://{EVIL}/s.svg#x)'>"
    f"[![l](https://{EVIL}/l.png)](https://{EVIL}) $x^2$ `code` :red[red] &lt;"
)


def hostile_run(store: Store, model: str, state: str = "finished", name: str = "") -> Run:
    """A trained run that is the pretrained ``model`` under other names."""
    source = PRETRAINED / model
    run = store.create(json.loads((source / "config.json").read_text()), name + TEXT)
    folder = store.folder(run.id)
    checkpoint = folder / "checkpoints" / "step-00000010"
    checkpoint.mkdir(parents=True)
    shutil.copyfile(source / WEIGHTS, checkpoint / WEIGHTS)
    save_file({"w": np.zeros(1, np.float32)}, checkpoint / TRAINING)
    classes = [f"{number} {TEXT}" for number in range(10)]
    seal(checkpoint, 10, {"seconds": 1.0, "classes": classes})
    for file in source.rglob("*.npz"):
        rename_classes(
            file, folder / file.relative_to(source).as_posix().replace(_step(file), "step-00000010"), classes
        )
    if (source / "pictures").is_dir():
        shutil.copytree(source / "pictures", folder / "pictures")
    values: dict[str, Any] = {"state": state, "step": 10, "total_steps": 10, "epoch": 1.0, "device": TEXT, "note": TEXT}
    store.update(run.id, **values, error=TEXT, environment={"device": TEXT, TEXT: TEXT})
    store.describe(run.id, tags=[TEXT, f"<b>{EVIL}</b>"])
    for level in ("info", "warning", "error"):
        store.add_event(run.id, f"{level} {TEXT}", level)
    store.add_metrics(run.id, 10, 1.0, {"train/neg_elbo": 1.0, "train/d_loss": 1.0, "test/neg_elbo": 1.0})
    found = store.get(run.id)
    assert found is not None
    return found


def rename_classes(source: Path, target: Path, classes: list[str]) -> None:
    """A copy of an archive of arrays whose labels are called so."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with np.load(source, allow_pickle=False) as found:
        own = {name: found[name] for name in found.files if name not in ("labels", "classes")}
        arrays.save(target, found["labels"], classes, **own)


def _step(file: Path) -> str:
    """What a folder of codes is called after."""
    return file.parent.name.partition("-test")[0] if "-test" in file.parent.name else "step-none"
