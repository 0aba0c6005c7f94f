"""Make a pretrained checkpoint of a run: averaged weights in half precision, config, curves, pictures, and a card with scores.

python -m genmodels.export.pretrain RUN checkpoints/NAME
"""

import json
import shutil
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import save_file
from torch import Tensor

from genmodels.checkpoints import checkpoint, code_history, test_images
from genmodels.config.arguments import Parser, one_line
from genmodels.config.command_line import command_line
from genmodels.errors import UserError
from genmodels.inference.devices import named
from genmodels.inference.frozen_weights import parted
from genmodels.inference.load import load_model
from genmodels.latent import codes as latent_codes
from genmodels.latent.tsne import TSNE
from genmodels.latent.umap import UMAP
from genmodels.metrics.evaluate import evaluate
from genmodels.models.base import Family
from genmodels.models.weights import AVERAGED
from genmodels.runs.run import CONFIG, METRICS
from genmodels.runs.spread import spread_of
from genmodels.runs.store import Store
from genmodels.storage.files import write_text
from genmodels.storage.image_grid import newest
from genmodels.storage.progress import shown_on_stderr

# Of the evaluation, and no scores of the model.
REQUESTED = ("seed", "samples", "real_images", "test_images", "iw_k", "fid_images", "judge_images", "judge_accuracy")
OF_OTHERS = ("_floor", "_noise")  # of real images and of noise, how the names of such scores end
PICTURES = "pictures"  # folder of a run, or a model
TIMELAPSE_FRAMES = 9  # at most, of the pictures that a training made


def export(run_id: str, target: Path, iw_k: int = 1000, samples: int | None = None, tried: Sequence[str] = ()) -> dict:
    """Write the folder ``target`` and return its card. The scores are those of the weights as they are kept, in half precision.

    ``iw_k``, ``samples``: see ``metrics.evaluate.evaluate``. ``tried``: other runs of the same settings, of other seeds: the card then
    tells the mean and the standard deviation of each score over them all, this one included. Of an InfoGAN it tells the
    ``code_accuracy`` of each, since what a code comes to mean is chance.
    """
    store = Store()
    trained = load_model(run_id, store)
    run = store.get(run_id)
    if run is None:
        raise UserError(f"There is no run {run_id} in {store.root}: give the id of a run.")
    target.mkdir(parents=True, exist_ok=True)
    weights = _weights(trained.family)
    halves = {name: t.half().contiguous() if t.is_floating_point() else t for name, t in weights.items()}
    of = {
        network: getattr(trained.config, network) for network in trained.family.frozen
    }  # a field tells of which model
    own, frozen = parted(halves, of)
    save_file(own, target / checkpoint.WEIGHTS)
    shutil.copy(trained.folder / CONFIG, target)
    shutil.copy(trained.folder / METRICS, target)
    _copy_pictures(trained.folder, target)
    folder = latent_codes.folder_of(trained.folder, trained.step, "test", latent_codes.STORED_IMAGES)
    codes = latent_codes.load(folder)
    if codes is not None:  # a run that was stopped has none; they are quickly made again of the images
        test_images.save(target, test_images.Images(codes.images, codes.labels, codes.classes))
        maps = (kind(folder).folder.name for kind in (TSNE, UMAP))  # as they are drawn where nobody chose anything
        kept = {latent_codes.MAP, *maps}
        shutil.copytree(folder, target / "latents" / folder.name, ignore=lambda inside, names: set(names) - kept)
    if (trained.folder / test_images.FILE).exists():
        shutil.copy(trained.folder / test_images.FILE, target)
    card = {
        "title": trained.config.default_name,
        "command": command_line(trained.config),
        "seed": run.config["seed"],
        "device": (run.environment or {}).get("device", ""),
        "environment": run.environment,
        "minutes": round(run.seconds / 60, 1),
        "step": trained.step,
        "classes": list(trained.classes),
        "epochs": run.epoch,
        "validation_images": trained.config.validation_images,
        "frozen": frozen,
        "parameters": sum(t.numel() for t in weights.values()),
        "date": time.strftime("%Y-%m-%d", time.localtime(run.created)),
        "curves": METRICS,
        "scores": {},
    }
    write_text(target / "card.json", json.dumps(card, indent=2, allow_nan=False))
    pretrained = load_model(str(target))
    pretrained.family.to(named("auto"))
    card["scores"] = evaluate(pretrained, iw_k=iw_k, samples=samples)
    if tried:
        others = [load_model(other, store) for other in tried]
        each = {str(run.config["seed"]): card["scores"]} | {
            str(other.config.seed): evaluate(other, iw_k=iw_k, samples=samples) for other in others
        }
        card["over_seeds"] = _over_seeds(list(each.values()))
        if "code_accuracy" in card["scores"]:
            card["seeds_tried"] = {seed: scores["code_accuracy"] for seed, scores in each.items()}
    write_text(target / "card.json", json.dumps(card, indent=2, allow_nan=False) + "\n")
    return card


def _over_seeds(each: Sequence[dict[str, Any]]) -> dict[str, dict[str, float]]:
    """Mean, standard deviation (of the sample) and number of seeds of every score that is a number, but for those of real images and
    of noise, which have no seed of a training."""
    found = {}
    for name, score in each[0].items():
        if isinstance(score, (int, float)) and name not in REQUESTED and not name.endswith(OF_OTHERS):
            spread = spread_of(float(scores[name]) for scores in each if scores.get(name) is not None)
            if spread is not None and spread.n > 1:
                found[name] = {"mean": spread.mean, "sd": spread.sd, "seeds": spread.n}
    return found


def _weights(family: Family) -> dict[str, Tensor]:
    """The averaged weights, and those of networks that have no average, such as a discriminator or what is frozen."""
    own = tuple(f"{name}." for name in (*family.networks, *family.frozen) if name not in family.averaged)
    return {name: tensor for name, tensor in family.tensors().items() if name.startswith((AVERAGED, *own))}


def _copy_pictures(source: Path, target: Path) -> None:
    """The newest of each kind, and some of the samples from the whole training, for the time lapse, with the codes of the same steps
    where the run has kept any."""
    for name, path in newest(source / PICTURES).items():
        shutil.copy(path, target / f"{name}.png")
    codes = code_history.files(source)
    samples = sorted((source / PICTURES).glob("samples-*.png"))
    if codes:
        samples = [path for path in samples if _step(path) in codes]
    if not samples:
        return
    kept = [samples[index] for index in {*np.linspace(0, len(samples) - 1, TIMELAPSE_FRAMES).astype(int).tolist()}]
    for folder, files in (PICTURES, kept), (code_history.FOLDER, [codes[_step(path)] for path in kept if codes]):
        for file in files:
            (target / folder).mkdir(exist_ok=True)
            shutil.copy(file, target / folder)


def _step(picture: Path) -> int:
    return int(picture.stem.rpartition("-")[2])


def main(arguments: list[str] | None = None, prog: str = "python -m genmodels.export.pretrain") -> None:
    """Make the checkpoint that the command line asks for, and print its card."""
    parser = Parser(
        prog=prog,
        description="Make a pretrained model of a run: its averaged weights in half precision, and a card with scores.",
    )
    parser.add_argument("run", metavar="RUN", help="the id of a run, as printed when it started")
    parser.add_argument(
        "target",
        type=Path,
        metavar="FOLDER",
        help="where the checkpoint goes; its name is the model's, as checkpoints/NAME",
    )
    parser.add_argument(
        "--tried",
        nargs="*",
        default=(),
        metavar="RUN",
        help="ids of runs with the same settings and other seeds, over which the card tells mean and spread",
    )
    with one_line(prog):
        options = parser.parse_args(arguments)
        with shown_on_stderr():
            card = export(options.run, options.target, tried=options.tried)
    print(json.dumps(card, indent=2, allow_nan=False))


if __name__ == "__main__":
    main()
