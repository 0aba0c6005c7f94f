"""What a web page tells of a model: how its network is asked, and what is shown beside it. All of it becomes JSON."""

import base64
import math
from typing import Any

import numpy as np
import torch

from genmodels.checkpoints import test_images
from genmodels.config.families import TransportConfig
from genmodels.data.folder_check import may_show
from genmodels.export.figures import PALETTE
from genmodels.export.portable import examples
from genmodels.export.report.latent_contents import MOST_GROUPS
from genmodels.export.report.sources import Source
from genmodels.inference.restore import Trained
from genmodels.latent import codes as latent_codes
from genmodels.latent.codes import Codes
from genmodels.latent.encode import without_data
from genmodels.latent.pca import principal_plane
from genmodels.storage.image_grid import data_url, grid, read

FRAMES = 24  # at most, of the pictures that a training made
COMPLETED = 8  # test images to complete
MAP_BYTES = 2000 * 28 * 28  # of all images on the map, before they are packed
DECIMALS = 4


def record(source: Source, trained: Trained) -> dict[str, Any]:
    """Of a model that draws. Numbers are finite; names are as somebody has typed them."""
    config, family = trained.config, trained.family
    given = examples(family, 1)
    shape = given["z"].shape[1:]
    codes = _codes(source, trained)
    z = None if codes is None else _noise(family, codes.mu)
    kl = codes.kl if codes is not None and z is codes.mu else None  # of a code, which is its noise under N(0, I)
    order = np.arange(math.prod(shape)) if kl is None else np.argsort(-kl)
    completes = "hidden" in given
    return {
        "kind": "completion" if completes else config.family,
        "channels": config.channels,
        "side": config.image_size,
        "epochs": round(source.epoch, 2),
        "z": list(shape),
        "order": order.tolist() if len(shape) == 1 else [],
        "kl": None if kl is None else kl.round(2).tolist(),
        "labels": _labels(trained) if "labels" in given else None,
        "codes": given["codes"].shape[1] if "codes" in given else 0,
        "transport": _transport(config) if "t" in given else None,
        "pictures": _pictures(source) if completes else None,
        "map": None if codes is None or z is None else _map(codes, z),
        "history": _history(source),
    }


def _labels(trained: Trained) -> dict[str, Any]:
    """What the labels of the network are called, and whether it can do without one, whose number is then that of the names."""
    if trained.config.family == "infogan":
        return {"word": "category", "names": list(map(str, range(trained.family.config.categories))), "none": False}  # type: ignore[attr-defined]
    return {"word": "class", "names": list(trained.classes), "none": isinstance(trained.config, TransportConfig)}


def _transport(config: Any) -> dict[str, Any]:
    """How its steps are taken, until the reader chooses otherwise."""
    return {
        "objective": config.objective,
        "sampler": config.sampler,
        "steps": config.num_steps,
        "guidance": config.guidance,
    }


def _pictures(source: Source) -> dict[str, str] | None:
    """Test images to complete, as uint8 (N, C, H, W) in base64; None where there are none, or none may be seen."""
    config = source.config.model_dump()
    kept = test_images.load(source.folder, config) if may_show(config) else None
    return None if kept is None else {"pixels": base64.b64encode(kept.images[:COMPLETED].tobytes()).decode()}


def _codes(source: Source, trained: Trained) -> Codes | None:
    """Those of a VAE's test images, if it has kept them, or these images, and they may be seen."""
    if source.family != "vae" or not may_show(source.config.model_dump()):
        return None
    return without_data(trained, "test", latent_codes.STORED_IMAGES)


def _noise(family: Any, mu: np.ndarray) -> np.ndarray | None:
    """What a VAE's network is to be given for it to decode the codes ``mu`` (N, D): the codes themselves, or the noise (N, D) that its
    learned prior makes them of, where that is one; else None."""
    if family.config.prior == "normal":
        return mu
    with torch.no_grad():
        noise = family.model.prior.noise(torch.from_numpy(mu))
    return None if noise is None else noise.numpy()


def _map(codes: Codes, z: np.ndarray) -> dict[str, Any]:
    """The first of the codes, each as the network is given it (N, D), on the plane of their principal axes, with their images as one
    picture."""
    plane = principal_plane(z)
    shown = codes.images[: max(1, MAP_BYTES // codes.images[0].size)]
    columns = math.ceil(math.sqrt(len(shown)))
    labelled = codes.labels is not None and len(codes.classes) <= MOST_GROUPS
    return {
        "points": _rounded(plane.project(z[: len(shown)])),
        "axes": _rounded(plane.axes),
        "origin": _rounded(plane.origin),
        "labels": codes.labels[: len(shown)].tolist() if labelled and codes.labels is not None else None,
        "classes": list(codes.classes),
        "colours": [PALETTE[index % len(PALETTE)] for index in range(max(1, len(codes.classes)))],
        "columns": columns,
        "sheet": data_url(grid(shown, columns, gap=0)),
    }


def _history(source: Source) -> list[dict[str, Any]]:
    """Samples from the whole training, the last always among them, each with its epoch."""
    files = sorted((source.folder / "pictures").glob("samples-*.png"))
    if not files:
        last = source.picture("samples")
        return [{"epoch": round(source.epoch, 2), "picture": data_url(last)}] if last else []
    chosen = np.unique(np.linspace(0, len(files) - 1, FRAMES).astype(int))
    a_step = source.epoch / source.step if source.step else 0.0
    return [
        {"epoch": round(int(files[index].stem.rpartition("-")[2]) * a_step, 2), "picture": data_url(read(files[index]))}
        for index in chosen
    ]


def _rounded(numbers: np.ndarray) -> list:
    return np.asarray(numbers, float).round(DECIMALS).tolist()
