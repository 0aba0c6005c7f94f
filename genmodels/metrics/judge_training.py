"""A judge of images that no pretrained classifier knows: a small network, trained on them once and kept for all of a lab.

It learns the labels of the training images or, where they have none, by how many quarter turns each was turned (Gidaris et al.
2018, arXiv:1803.07728), with one random turn an image in place of all four. That features learnt without labels can rank generators is
shown, of larger networks, by Morozov et al. (2021, openreview.net/forum?id=NeRdBeTionN); these know little of what looks alike at every
turn, such as texture and colour. `python -m benchmarks judges` measures both.

`python -m genmodels.metrics.judge_training FOLDER` trains the one of the config in FOLDER, which is how pages have it trained.
"""

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from genmodels.config.base import RunConfig
from genmodels.config.families import ClassifierConfig
from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.data.folder import told_apart
from genmodels.data.noise import Noise
from genmodels.errors import DataError
from genmodels.language import N_
from genmodels.metrics import judge as judges
from genmodels.metrics.judge import Judge
from genmodels.metrics.judge_card import Card, Task, name_of, read
from genmodels.metrics.scores import LEAST, too_few
from genmodels.metrics.short_training import train_at_once
from genmodels.models import build
from genmodels.models.base import INFERENCE_BATCH, Batch
from genmodels.models.classifier import Classifier
from genmodels.models.weights import AVERAGED, WeightsError
from genmodels.storage.background import Background, keep_newest, work
from genmodels.storage.files import lock, replacing, write_text
from genmodels.storage.paths import home
from genmodels.storage.progress import following, watched

VERSION = 1  # counts the ways in which it has been trained: what an earlier one gave is trained anew
# 48 features, so that the covariance of as few as LEAST images has full rank.
RECIPE = {"width": 12, "batch_size": 64, "learning_rate": 2e-3, "seed": 0}
# Images that it sees, by their side, counted each time: what takes one core a minute or two.
SEEN = {28: 40_000, 32: 40_000, 64: 12_000}
MOST_EPOCHS = 20
TESTED = 2000  # images behind its accuracy
TURNS = ("0", "90", "180", "270")  # degrees, of which one is the class of a turned image
DOING = N_("training a network to judge these images")
CARD, WEIGHTS, CONFIG = "judge.json", "weights.safetensors", "config.json"
MOST_JUDGES = 20  # kept, of some 2 MB each
TOLD_EVERY, ASKED_EVERY = 1.0, 0.5  # seconds


class JudgeTraining(Background[Card]):
    """The training of the judge of a ``config``'s images, and its folder, by default one of its own among others."""

    title, kind, partial, less = (
        N_("The network that judges these images"),
        "judge",
        "progress.json",
        N_("choose a run of smaller images"),
    )

    def __init__(self, config: ClassifierConfig, folder: Path) -> None:
        self.config = config
        super().__init__(folder)

    @classmethod
    def of(cls, config: RunConfig) -> "JudgeTraining":
        """For the images of a run, whatever else it is configured by: runs that were trained on a part of a set have the same judge.

        Raises ``DataError`` where they lie in a folder that cannot be read.
        """
        images = config.model_dump(include={"dataset", "folder", "class_folders", "image_size", "channels"})
        own = ClassifierConfig.model_validate(RECIPE | images)
        # A set with a name has published sums, see ``torchvision_sets``; a folder may have other images tomorrow.
        content = told_apart(own.folder, own.class_folders) if own.dataset == "folder" else []
        made_of = json.dumps([VERSION, SEEN, MOST_EPOCHS, own.model_dump(), content])
        return cls(own, home() / "cache" / "judges" / hashlib.sha256(made_of.encode()).hexdigest()[:16])

    def command(self) -> list[str]:
        return [sys.executable, "-m", "genmodels.metrics.judge_training", str(self.folder)]

    def start(self, owner: str = "") -> bool:
        self._prepare()
        return super().start(owner)

    def _prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_text(self.folder / CONFIG, self.config.model_dump_json())

    def make_room(self) -> None:
        keep_newest((folder for folder in self.folder.parent.iterdir() if folder != self.folder), MOST_JUDGES - 1)

    def finished_result(self) -> Card | None:
        return read(self.folder / CARD)

    def partial_result(self) -> tuple[Card, float] | None:
        found = read(self.folder / self.partial)
        return None if found is None else (found, found.share)

    def compute(self) -> Card:
        return self.train(torch.device("cpu"))

    def train(self, device: torch.device) -> Card:
        """Train it here, and keep it; raises ``DataError`` where the images cannot be had, or are fewer than ``LEAST``."""
        train, test = (load.load_for(self.config, split) for split in ("train", "test"))
        if len(train) < LEAST:
            raise DataError(
                N_("A network that judges images {why}: choose a run of more images.", why=too_few(len(train)))
            )
        labelled = train.labels is not None and len(train.labels.unique()) > 1
        task: Task = "labels" if labelled else "turns"
        began, card = time.monotonic(), Card(task=task, classes=train.classes if labelled else TURNS, images=len(train))
        with one_thread():
            classifier = train_at_once(self.config, len(card.classes), device, self._batches(train.to(device), card))
        accuracy = _accuracy(classifier, task, test.to(device).first(TESTED))
        weights = {name: tensor.cpu().contiguous() for name, tensor in classifier.tensors().items() if _is_kept(name)}
        with replacing(self.folder / WEIGHTS) as temporary:
            save_file(weights, temporary)
        done = {"seconds": time.monotonic() - began, "share": 1.0, "accuracy": accuracy}
        card = card.model_copy(update=done)
        write_text(self.folder / CARD, card.model_dump_json())
        (self.folder / self.partial).unlink(missing_ok=True)
        return card

    def _batches(self, train: Dataset, card: Card) -> Iterator[tuple[Tensor, Tensor]]:
        """What it learns from, several times over; tells how far it is."""
        random, began, told, done = torch.Generator().manual_seed(self.config.seed), time.monotonic(), 0.0, 0
        total = min(SEEN[self.config.image_size], MOST_EPOCHS * len(train))
        epochs = -(-total // len(train))
        order = torch.cat([torch.randperm(len(train), generator=random) for _ in range(epochs)])[:total]
        for indices in following(order.split(self.config.batch_size), total, DOING):
            if (now := time.monotonic()) - told > TOLD_EVERY:
                so_far = card.model_copy(update={"seconds": now - began, "share": done / total})
                write_text(self.folder / self.partial, so_far.model_dump_json())
                told = now
            yield _exercise(card.task, *train.batch(indices), random)
            done += len(indices)

    def judge(self, device: torch.device) -> Judge:
        """The judge itself, on ``device``, where it is trained unless it was before; who asks meanwhile waits. Raises as ``train``."""
        if (found := self.kept(device)) is not None:
            return found
        self._prepare()
        with self._alone():
            found = self.kept(device)  # by whoever was waited for
            if found is None:
                self.train(device)
                found = self.kept(device)
        assert found is not None
        return found

    def kept(self, device: torch.device) -> Judge | None:
        """As it was trained; None before that, and where its files are damaged, which then are dropped."""
        if (card := self.finished_result()) is None:
            return None
        classifier = build(self.config, len(card.classes))
        assert isinstance(classifier, Classifier)
        try:
            classifier.load(load_file(self.folder / WEIGHTS))
        except (OSError, SafetensorError, WeightsError):
            (self.folder / CARD).unlink(missing_ok=True)
            return None
        for network in classifier.networks.values():
            network.eval()
        classifier.to(device)
        classes = card.classes if card.task == "labels" else ()
        name = name_of(card.task, card.images)
        return Judge(name, classifier, classes, card.accuracy, card.task, card.images)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold its lock for the block, after waiting for whoever trains it, and showing how far that is."""
        held = lock(self.folder / "lock")
        if held is None:
            with watched(DOING, 100, "%") as advance:
                shown = 0
                while (held := lock(self.folder / "lock")) is None:
                    partial = self.partial_result()
                    reached = round(100 * partial[1]) if partial else shown
                    advance(reached - shown)
                    shown = reached
                    time.sleep(ASKED_EVERY)
        try:
            yield
        finally:
            os.close(held)


def judge_for(config: RunConfig, device: torch.device) -> Judge | None:
    """The pretrained classifier that knows a config's images, else a network that is trained on them; None where they are too few, or
    cannot be had."""
    if (known := judges.judge_of(config)) is not None:
        known.classifier.to(device)
        return known
    with suppress(DataError):
        return JudgeTraining.of(config).judge(device)
    return None


@contextmanager
def one_thread() -> Iterator[None]:
    """For a block in which torch has one thread on the CPU: so the numbers are those of a machine with more cores, and beside other busy
    processes so small a network trains several times as fast as with threads that wait for each other."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _exercise(task: Task, images: Tensor, labels: Tensor | None, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """Images (B, C, H, W) with what is to be told of them (B,)."""
    if task == "labels":
        assert labels is not None
        return images, labels
    turns = torch.randint(len(TURNS), (len(images),), generator=random).to(images.device)
    every = torch.stack([images.rot90(turn, (2, 3)) for turn in range(len(TURNS))])
    return every[turns, torch.arange(len(images), device=images.device)], turns


def _accuracy(classifier: Classifier, task: Task, test: Dataset) -> float:
    random = torch.Generator().manual_seed(0)
    parts = (test.batch(indices) for indices in torch.arange(len(test)).split(INFERENCE_BATCH))
    batches = (Batch(*_exercise(task, *part, random), epoch=0.0) for part in parts)
    return classifier.evaluate(batches, Noise(0))["accuracy"]


def _is_kept(weight: str) -> bool:
    return weight.startswith(AVERAGED)


def main() -> None:
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description="Train a judge of images.")
    parser.add_argument(
        "folder", type=Path, metavar="FOLDER", help=f"where it is kept, and {CONFIG} says of which images"
    )
    folder = parser.parse_args().folder
    config = ClassifierConfig.model_validate_json((folder / CONFIG).read_bytes())
    work(JudgeTraining(config, folder))


if __name__ == "__main__":
    main()
