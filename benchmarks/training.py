"""Images per second of the VAE: its bare step, the whole trainer, and the usual way of writing it, in turns."""

import gzip
import os
import statistics
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from accelerate import Accelerator
from PIL import Image
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset
from torchvision.transforms import ToTensor

from genmodels import data
from genmodels.config import RunConfig
from genmodels.families import VAEConfig
from genmodels.models import build
from genmodels.models.family import Batch
from genmodels.noise import Noise
from genmodels.report import Report
from genmodels.trainer import Trainer

STEPS = 100  # of the bare and of the plain way, a turn


def measure(turns: int) -> dict[str, float]:
    """Medians over ``turns``, in images per second, and their ratios.

    The trainer's turn is one epoch over a set of MNIST's size (the embedded digits, repeated), with its test curves, its
    pictures and its checkpoint.
    """
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write_mnist(root)
        os.environ["GENMODELS_DATA"], os.environ["GENMODELS_HOME"] = folder, str(root / "home")
        config = VAEConfig(dataset="mnist", epochs=1, batch_size=128)
        ways: dict[str, Callable[[], float]] = {
            "bare": _bare(config),
            "trainer": lambda: _trainer(config, root),
            "plain": _plain(config),
        }
        for way in ("bare", "plain"):
            ways[way]()  # the first time is slower
        speeds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(turns):
            for way, run in ways.items():
                speeds[way].append(run())
    medians = {f"{way}, images/s": statistics.median(values) for way, values in speeds.items()}
    overheads = [bare / trainer - 1 for bare, trainer in zip(speeds["bare"], speeds["trainer"], strict=True)]
    against_plain = [trainer / plain for trainer, plain in zip(speeds["trainer"], speeds["plain"], strict=True)]
    return medians | {
        "trainer's overhead over the bare step": statistics.median(overheads),
        "trainer against the plain way": statistics.median(against_plain),
    }


def _bare(config: RunConfig) -> Callable[[], float]:
    """The step alone, with its moving average, on batches that lie ready."""
    family = build(config)
    family.prepare(Accelerator(cpu=not torch.cuda.is_available()))
    train = _digits(config).to(family.device)
    batches = [train.batch(torch.arange(i, i + config.batch_size)) for i in range(0, 3000, config.batch_size)]
    noise = Noise(0, family.device)

    def run() -> float:
        start = time.perf_counter()
        for step in range(STEPS):
            family.step(Batch(*batches[step % len(batches)], epoch=1.0), noise)
            family.update_average(step)
        _wait()
        return STEPS * config.batch_size / (time.perf_counter() - start)

    return run


def _trainer(config: RunConfig, root: Path) -> float:
    folder = Path(tempfile.mkdtemp(dir=root))
    trainer = Trainer(config, folder, Report())
    start = time.perf_counter()
    trainer.run()
    _wait()
    return trainer.total_steps * trainer.batch_size / (time.perf_counter() - start)


class _Pictures(Dataset):
    """The same digits as torchvision's data sets give them: one PIL image at a time."""

    def __init__(self, digits: data.Dataset) -> None:
        self.images = digits.images[:, 0].numpy()
        self.transform = ToTensor()

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> torch.Tensor:
        return self.transform(Image.fromarray(self.images[index]))


def _plain(config: VAEConfig) -> Callable[[], float]:
    """The same network and loss as they are usually written: a DataLoader with ToTensor, and a loss printed each step."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = build(config).networks["autoencoder"].to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=config.learning_rate)
    loader = DataLoader(_Pictures(_digits(config)), batch_size=config.batch_size, shuffle=True, drop_last=True)

    def run() -> float:
        start, step = time.perf_counter(), 0
        while step < STEPS:
            for x in loader:
                x = torch.bernoulli(x.to(device))
                logits, _, mu, logvar = model(x, torch.randn(len(x), config.latent_dim, device=device))
                recon = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
                kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
                loss = (recon + kl) / len(x)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                f"{loss.item():.2f}"
                step += 1
                if step == STEPS:
                    break
        return STEPS * config.batch_size / (time.perf_counter() - start)

    return run


def _digits(config: RunConfig) -> data.Dataset:
    return data.load("mnist-sample", "train", image_size=config.image_size, channels=config.channels)


def _wait() -> None:
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def _write_mnist(root: Path) -> None:
    """Sets of MNIST's size and layout, made of the embedded digits."""
    folder = root / "MNIST" / "raw"
    folder.mkdir(parents=True)
    digits = data.load("mnist-sample", "train", image_size=28, channels=1)
    assert digits.labels is not None
    for name, count in (("train", 60_000), ("t10k", 10_000)):
        indices = torch.arange(count) % len(digits)
        for kind, header, values in (
            ("images-idx3", (0x803, count, 28, 28), digits.images[indices]),
            ("labels-idx1", (0x801, count), digits.labels[indices].to(torch.uint8)),
        ):
            with gzip.open(folder / f"{name}-{kind}-ubyte.gz", "wb", compresslevel=1) as file:
                file.write(struct.pack(f">{len(header)}i", *header) + values.numpy().tobytes())
