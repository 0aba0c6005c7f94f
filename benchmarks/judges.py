"""Whether judges that are trained on the embedded digits, with and without their labels, rank the pretrained generators as the pretrained
classifier does, and how long their training takes one core."""

import os
import tempfile
import time
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import torch
from scipy.stats import spearmanr

from genmodels.checkpoints.pretrained import pretrained_models
from genmodels.config.families import DCGANConfig
from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.data.noise import Noise
from genmodels.inference.load import load_model
from genmodels.metrics.judge import Judge, judge_of
from genmodels.metrics.judge_training import JudgeTraining, one_thread
from genmodels.metrics.scores.images import Critic, generate, uniform_noise

N = 1000  # images of each
FAMILIES = ("vae", "dcgan", "cgan", "infogan", "latent_flow")  # a flow in pixels takes minutes for so many
CPU = torch.device("cpu")
DIGITS = DCGANConfig(dataset="mnist-sample")


def measure(turns: int) -> dict[str, float]:
    """The FID of each by each judge, and Spearman's correlation of those of two; one turn is told."""
    result: dict[str, float] = {}
    real, train = (load.load_for(DIGITS, split).images[:N] for split in ("test", "train"))
    known = judge_of(DIGITS)
    assert known is not None
    judges = {"classifier-mnist": known} | {task: _trained(task, result) for task in ("labels", "turns")}
    models = [
        model.name
        for family in FAMILIES
        for model in pretrained_models(family)
        if model.config.get("condition", "label") == "label" and model.config["dataset"] in ("mnist", "mnist-sample")
    ]
    sets = {name: generate(load_model(name).family, real, N, Noise(0)) for name in models}
    fids: dict[str, list[float]] = {}
    for task, judge in judges.items():
        critic = Critic(judge, real)
        for name, images in (sets | {"real images": train, "noise": uniform_noise(real, 0)}).items():
            scores = critic.score(images, 0)
            result |= {f"{task}, {score} of {name}": scores[score] or 0.0 for score in ("fid", "precision", "recall")}
        fids[task] = [result[f"{task}, fid of {name}"] for name in sets]
        result[f"{task}, rank correlation of FIDs"] = spearmanr(fids["classifier-mnist"], fids[task]).statistic
    return result


def _trained(task: str, result: dict[str, float]) -> Judge:
    whole = load.load_dataset

    def loaded(*arguments: Any, **options: Any) -> Dataset:
        found = whole(*arguments, **options)
        return found if task == "labels" else replace(found, labels=None, classes=())

    with tempfile.TemporaryDirectory() as home, patch.dict(os.environ, {"GENMODELS_HOME": home}), one_thread():
        begin = time.process_time()
        with patch.object(load, "load_dataset", loaded):
            judge = JudgeTraining.of(DIGITS).judge(CPU)
        result[f"{task}, training (s of one core)"] = time.process_time() - begin
    result[f"{task}, accuracy"] = judge.accuracy or 0.0
    return judge
