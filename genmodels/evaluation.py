"""Scores of a trained model on held-out images.

python -m genmodels.evaluation RUN_OR_CHECKPOINT --json
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor
from tqdm import tqdm

from genmodels import data, inference, judge
from genmodels.clusters import kmeans_accuracy
from genmodels.data import to_unit
from genmodels.errors import UserError
from genmodels.losses import importance_weighted_bound
from genmodels.models.classifier import Classifier
from genmodels.models.family import Batch
from genmodels.models.vae import VAE
from genmodels.noise import Noise

BATCH = 500  # images encoded, generated or judged at a time
GENERATED = 10_000  # images that a generator is judged by
DECODED = 1000  # images decoded at a time for the importance-weighted bound; more no longer fit the CPU's cache


def evaluate(trained: inference.Trained, *, iw_k: int = 1000, samples: int | None = None, seed: int = 0) -> dict:
    """The scores of a trained model, by its family; raises ``data.DataError`` when the images cannot be had.

    ``samples``: the first so many test images, or so many generated ones; by default all, or 10,000. ``iw_k`` is for the VAE.
    """
    count = {"family": trained.config.family, "dataset": trained.config.dataset, "seed": seed}
    if isinstance(trained.family, VAE):
        return count | _score_vae(trained, trained.family, iw_k, samples, seed)
    if isinstance(trained.family, Classifier):
        return count | _score_classifier(trained, trained.family, samples)
    return count | _score_generator(trained, samples or GENERATED, seed)


def _score_vae(trained: inference.Trained, vae: VAE, iw_k: int, samples: int | None, seed: int) -> dict:
    """On the test images of its own data set.

    Pixels are drawn as 0 or 1 with their grey value as probability, anew for each score, from ``seed``; nats per image.
    ``neg_elbo``: with the closed-form KL and one z an image. ``iw_nll``: the importance-weighted bound on -log p(x) with
    ``iw_k`` draws (Burda et al. 2016, eq. 8). ``kmeans_acc_*``: KMeans, k = 10, on the means of q(z|x) for the grey
    images, over 10 seeds; None without labels.
    """
    test = data.load_for(trained.config, "test").to(vae.device)
    n = min(samples or len(test), len(test))
    batches = [test.batch(indices) for indices in torch.arange(n).split(BATCH)]
    elbo = vae.evaluate((Batch(*batch, epoch=0.0) for batch in batches), Noise(seed, vae.device))
    means = torch.cat([vae.encode(images)[0] for images, _ in batches]).cpu().numpy()
    clusters = None
    if test.labels is not None and n >= 10:
        clusters = kmeans_accuracy(means, test.labels[:n].cpu().numpy())
    return {
        "samples": n,
        "neg_elbo": elbo["neg_elbo"],
        "recon": elbo["recon"],
        "kl": elbo["kl"],
        "active_units": elbo["active_units"],
        "iw_nll": importance_weighted_nll(vae, (images for images, _ in batches), n, iw_k, Noise(seed, vae.device)),
        "iw_k": iw_k,
        "kmeans_acc_mean": clusters and clusters.mean,
        "kmeans_acc_std": clusters and clusters.std,
    }


def _score_classifier(trained: inference.Trained, classifier: Classifier, samples: int | None) -> dict:
    """``accuracy`` on test images, and ``confident_share``: how many it calls with a probability above 0.9."""
    test = data.load_for(trained.config, "test").to(classifier.device)
    n = min(samples or len(test), len(test))
    assert test.labels is not None
    found = torch.cat([judge.probabilities(classifier, test.batch(i)[0]) for i in torch.arange(n).split(BATCH)])
    return {
        "samples": n,
        "accuracy": (found.argmax(1) == test.labels[:n]).double().mean().item(),
        "confident_share": judge.confident_share(found),
    }


def _score_generator(trained: inference.Trained, n: int, seed: int) -> dict:
    """What the shipped classifier says of ``n`` generated images, drawn from ``seed``; None where none fits the data.

    ``confident_share``: called with a probability above 0.9; ``classes_covered``: classes so called at least once in
    every 1,000 images; ``feature_network``: who judges.
    """
    name, classifier = judge.judge_of(trained.config)
    scores: dict[str, Any] = {"samples": n, "feature_network": name, "confident_share": None, "classes_covered": None}
    if classifier is None:
        return scores
    device = trained.family.device
    classifier.to(device)
    noise = Noise(seed, device)
    found = []
    for part in torch.arange(n).split(BATCH):
        images = trained.family.sample(len(part), noise.normal(len(part), trained.config.model_dump()["latent_dim"]))
        found.append(judge.probabilities(classifier, data.to_uint8(images)))
    answers = torch.cat(found)
    return scores | {
        "confident_share": judge.confident_share(answers),
        "classes_covered": judge.classes_covered(answers),
    }


def importance_weighted_nll(vae: VAE, batches: Iterator[Tensor], n: int, k: int, noise: Noise) -> float:
    """Minus the importance-weighted bound in nats per image, over ``n`` uint8 images in batches (B, C, H, W)."""
    total = 0.0
    at_once = max(1, DECODED // k)  # images whose k draws are decoded together
    with tqdm(total=n, desc=f"importance-weighted bound, k = {k}", unit=" images", file=sys.stderr) as bar:
        for images in batches:
            for x in noise.bernoulli(to_unit(images)).split(at_once):
                parts = [
                    vae.log_weights(x, noise.normal(draws, len(x), vae.config.latent_dim))
                    for draws in np.diff([*range(0, k, DECODED), k])
                ]
                total -= importance_weighted_bound(torch.cat(parts)).double().sum().item()
                bar.update(len(x))
    return total / n


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m genmodels.evaluation", description="Score a trained model.")
    parser.add_argument(
        "model", metavar="RUN_OR_CHECKPOINT", help="a run's id, or a shipped checkpoint's name or folder"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--iw-k", type=int, default=1000, help="draws behind iw_nll [default 1000]")
    parser.add_argument(
        "--samples", type=int, help="so many test images, or generated ones, only [default: all, or 10,000]"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    options = parser.parse_args(arguments)
    if options.iw_k < 1 or (options.samples is not None and options.samples < 1):
        sys.exit("evaluation: --iw-k and --samples must be at least 1.")
    try:
        trained = inference.load(options.model)
        trained.family.to(options.device)
        scores = evaluate(trained, iw_k=options.iw_k, samples=options.samples, seed=options.seed)
    except UserError as error:
        sys.exit(f"evaluation: {error}")
    print(json.dumps(scores) if options.json else _table(scores))


def _table(scores: dict[str, Any]) -> str:
    width = max(map(len, scores))
    return os.linesep.join(
        f"{name:{width}}  {value:.4f}" if isinstance(value, float) else f"{name:{width}}  {value}"
        for name, value in scores.items()
    )


if __name__ == "__main__":
    main()
