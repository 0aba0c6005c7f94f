"""The baseline script on the embedded digits, one PIL image at a time."""

from collections.abc import Iterator

import torch
from PIL import Image
from torch.utils.data import Dataset
from torchvision.transforms import Compose, Normalize, ToTensor

from genmodels.config.base import RunConfig
from genmodels.config.families import FlowConfig, GANConfig
from genmodels.data.load import load_dataset
from genmodels.gpu_check import baseline

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


class _Pictures(Dataset):
    """The embedded digits as torchvision's data sets give images."""

    def __init__(self, symmetric: bool) -> None:
        digits = load_dataset("mnist-sample", "train", image_size=28, channels=1)
        assert digits.labels is not None
        self.images, self.labels = digits.images[:, 0].numpy(), digits.labels.tolist()
        self.transform = Compose([ToTensor(), *([Normalize(0.5, 0.5)] if symmetric else [])])

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        return self.transform(Image.fromarray(self.images[index])), self.labels[index]


def steps(config: RunConfig) -> Iterator[None]:
    """One training step after another, without end."""
    return baseline.steps(config, _Pictures(symmetric=isinstance(config, GANConfig | FlowConfig)), DEVICE)
