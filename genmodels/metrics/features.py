"""Networks whose features of images are compared, and the features, kept on disk."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.models.base import INFERENCE_BATCH
from genmodels.models.classifier import Classifier
from genmodels.storage.files import files_below, replacing
from genmodels.storage.hashing import digest
from genmodels.storage.paths import home
from genmodels.storage.progress import following

INCEPTION = "inception-v3"
FEATURE_FILES_KEPT = 64  # files of features, 2.5 MB each for 10,000 images


class FeatureError(UserError):
    """A feature network that cannot be had."""


@dataclass(frozen=True)
class FeatureNetwork:
    """name: for the reader; digest: of what it computes; extract: uint8 images (B, C, H, W) -> features (B, D)."""

    name: str
    digest: str
    extract: Callable[[Tensor], Tensor]
    batch: int = INFERENCE_BATCH


def of_classifier(name: str, classifier: Classifier) -> FeatureNetwork:
    """What the pretrained classifier called ``name`` sees before its last layer."""
    return FeatureNetwork(name, _digest(classifier.tensors()), classifier.features)


def inception(device: torch.device) -> FeatureNetwork:
    """Inception with the weights of the FID paper, 2,048 features; fetched at first use.

    Raises ``FeatureError`` when they cannot be.
    """
    from torchmetrics.image.fid import NoTrainInceptionV3

    try:
        network = NoTrainInceptionV3(name="inception-v3-compat", features_list=["2048"]).to(device)
    except (URLError, OSError) as error:
        raise FeatureError(
            f"The weights of Inception could not be fetched ({error}): connect to the network once, "
            "or use the features of the pretrained classifier."
        ) from error

    def extract(images: Tensor) -> Tensor:
        with torch.no_grad():
            return network(images.expand(-1, 3, -1, -1))

    return FeatureNetwork(INCEPTION, INCEPTION, extract, batch=50)


def extract(network: FeatureNetwork, images: Tensor) -> Tensor:
    """Features (N, D) of uint8 images (N, C, H, W), from the disk when the same network saw the same images before."""
    folder = home() / "cache" / "features"
    path = folder / f"{_digest({'images': images})[:24]}-{network.digest[:24]}.safetensors"
    try:
        return load_file(path)["features"].to(images.device)
    except (OSError, SafetensorError, KeyError):
        parts = following(images.split(network.batch), len(images), N_("features of {name}", name=network.name))
        found = torch.cat([network.extract(part).float() for part in parts])
    folder.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        save_file({"features": found.cpu().contiguous()}, temporary)
    _drop_oldest(folder)
    return found


def _drop_oldest(folder: Path) -> None:
    dates = {path: found.st_mtime for path, found in files_below(folder) if path.suffix == ".safetensors"}
    for path in sorted(dates, key=dates.__getitem__)[:-FEATURE_FILES_KEPT]:
        path.unlink(missing_ok=True)


def _digest(tensors: dict[str, Tensor]) -> str:
    parts: list[str | Tensor] = []
    for name, tensor in tensors.items():
        parts += [f"{name} {tuple(tensor.shape)} {tensor.dtype}", tensor]
    return digest(*parts)
