"""Faults that any family's losses give away, and the KL of a VAE."""

import math

import numpy as np

from genmodels.language import N_
from genmodels.training.diagnosis.evidence import EPOCH, LEAST_STEPS, SETTLED, SMOOTHED, Evidence, History, Seen

LOSSES = ("neg_elbo", "d_loss", "g_loss", "loss")
HUGE = 1e6  # the loss of a GAN, which has no bound by itself
HOPELESS = 10 * math.log(2)  # nats a value of an image: ten times what it costs to guess it evenly
FAR_OFF = 1e3  # a mean square over unit variance, or the cross-entropy of a few classes
FLAT = 0.05  # range of a loss over its size
TREND = 1e-4  # so improbable is a trend by chance
UNEXPLAINED = 0.3  # share of the variance; on the path from noise, even a linear map explains more
NO_INFORMATION = 0.1  # nats of KL
FEWEST_ROWS = 2 * EPOCH  # of fewer, a slow trend may be missed
INFORMED = 0.05  # the sum of the learning rates after which the code of a VAE is in use, as a rule


def not_finite(run: Evidence) -> Seen:
    for name, curve in run.curves.items():
        broken = ~np.isfinite(curve.value)
        if broken.any():
            first, what = int(np.argmax(broken)), name.partition("/")[2] or name
            return float(curve.epoch[first]), (
                N_(
                    "{what} became NaN or infinite at step {step:.0f}, so training ended there.",
                    what=what,
                    step=curve.step[first],
                )
            )
    return None


def diverged(run: Evidence) -> Seen:
    values = run.config["channels"] * run.config["image_size"] ** 2
    bounds = {"neg_elbo": HOPELESS * values, "loss": FAR_OFF}
    for name in (f"{split}/{loss}" for loss in LOSSES for split in ("test", "train")):
        loss = run.curves.get(name)
        if loss is None:
            continue
        huge = np.abs(loss.smooth()) > bounds.get(name.partition("/")[2], HUGE)
        since = loss.since(huge, 1 if name.startswith("test/") else SMOOTHED)
        if since is not None:
            return (
                since,
                N_(
                    "Training has diverged since epoch {since:.3g}: {name} is {value:.2g}.",
                    since=since,
                    name=name.partition("/")[2],
                    value=loss.value[-1],
                ),
            )
    return None


def frozen(run: Evidence) -> Seen:
    """All losses stand still, and not one curve had a trend at the start."""
    losses = [curve for loss in LOSSES if (curve := run.curves.get(f"train/{loss}")) and len(curve) >= FEWEST_ROWS]
    trained = [curve for name, curve in run.curves.items() if name.startswith("train/")]
    if losses and all(_flat(loss) for loss in losses) and not any(_trend(curve) for curve in trained):
        return float(losses[0].epoch[0]), N_("The losses have stood still from the start: nothing is learned.")
    return None


def stuck(run: Evidence) -> Seen:
    """What a flow's network predicts has never told more than hardly anything of what it is to predict, after steps enough to learn
    that; where it did once, what broke it shows in the samples."""
    explained = run.curves.get("train/explained")
    if explained is None or not (explained.step[-1] >= LEAST_STEPS and run.travel(explained.step[-1]) >= SETTLED):
        return None
    little = explained.smooth() < UNEXPLAINED
    since = explained.since(little, EPOCH)
    if since is None or not little.all():
        return None
    return since, (
        N_(
            "The loss is stuck since epoch {since:.3g}: the network explains {max:.0%} of the variance of what it"
            " is to predict.",
            since=since,
            max=max(0.0, explained.value[-1]),
        )
    )


def _flat(loss: History) -> bool:
    return bool(np.ptp(loss.smooth()) <= FLAT * abs(np.median(loss.value)))


def _trend(curve: History) -> bool:
    """In the first five epochs, by Kendall's rank correlation with time."""
    from scipy.stats import kendalltau  # not at the top: it takes longer to load than all else of a page

    start = curve.value[: 5 * EPOCH]
    return bool(np.ptp(start) > 0 and kendalltau(np.arange(len(start)), start).pvalue < TREND)


def posterior_collapse(run: Evidence) -> Seen:
    for split, lasting in (("test", 1), ("train", EPOCH)):
        kl = run.curves.get(f"{split}/kl")
        if kl is None or run.travel(kl.step[-1]) < INFORMED:
            continue
        since = kl.since(kl.smooth() < NO_INFORMATION, lasting)
        units = run.curves.get(f"{split}/active_units")
        if since is not None:
            used = round(units.value[-1]) if units is not None else 0
            return since, (
                N_(
                    "The decoder ignores the code (posterior collapse): KL is {value:.2g} nats, and {used} of "
                    "{latent_dim} dimensions are used.",
                    value=max(kl.value[-1], 0.0),  # of a few samples, it may come out below
                    used=used,
                    latent_dim=run.config["latent_dim"],
                )
            )
    return None
