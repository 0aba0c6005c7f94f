"""What is wrong with a run, told by its config and its rows alone, while it trains and afterwards. Free of torch."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:  # the trainer asks for no more than ``spoiled``
    import pandas as pd

NOISE, COLLAPSE, NOT_FINITE, DIVERGED, FROZEN = "noise", "collapse", "not finite", "diverged", "frozen"
STRONG_DISCRIMINATOR, STRONG_GENERATOR = "discriminator dominates", "generator dominates"
STILL_GENERATOR, POSTERIOR = "generator not learning", "posterior collapse"
GOOD = "good"  # what a run without a finding is

# Chosen on some runs, and measured on others: see docs/health.md.
GRACE = 200  # steps in which samples may still be noise, unless the run ends before
ROUGH = 2.2  # times the roughness of real images
PALE = 0.25  # of the contrast of real images
FEW_VARIANTS, LITTLE_DIVERSITY = 0.03, 0.35  # of the distances between real images
CLASSES, FEW_CLASSES = 10, 5  # of each data set that a pretrained classifier knows; so few are seen in a collapse
RECOGNISED = 0.8  # of the samples must be, for missing classes to mean anything
FLAT = 0.05  # range of a loss over its size that is no more than chance
LASTING = 10  # rows: an epoch's worth
SMOOTHED = 5  # rows
# Below so much the discriminator's loss leaves the generator nothing to learn from; a critic's has no bound.
BEATEN = {"non-saturating": 0.05, "minimax": 0.05, "cross-entropy": 0.05, "least-squares": 0.005, "hinge": 0.02}
FOOLED = 0.05  # by so much D says more of fake images than of real ones
STILL = 3e-3  # movement of the samples between two looks
NO_GRADIENT = 1e-7
NO_INFORMATION = 0.1  # nats of KL
HUGE = 1e6  # a loss; to guess each of the 12,288 values of the largest images evenly costs 8,500 nats
LOSSES = ("neg_elbo", "d_loss", "g_loss", "loss")


STEADIER = "Start again with a lower learning rate or, if the precision is bf16, with fp32."


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: its kind, the epoch since when, what it means, and what to try, each a plain sentence."""

    kind: str
    epoch: float
    meaning: str
    advice: str

    def __str__(self) -> str:
        return f"{self.meaning} {self.advice}"


@dataclass(frozen=True)
class History:
    """The rows of one name, by step."""

    step: np.ndarray
    epoch: np.ndarray
    value: np.ndarray

    def smooth(self) -> np.ndarray:
        """Running medians, which single rows cannot move."""
        import pandas as pd

        return pd.Series(self.value).rolling(SMOOTHED, min_periods=1).median().to_numpy()

    def since(self, wrong: np.ndarray, lasting: int = 1, grace: int = GRACE) -> float | None:
        """The epoch since when all rows are wrong, the last one included, if they are enough and ``grace`` steps are over."""
        if not len(wrong) or not wrong[-1] or self.step[-1] < grace:
            return None
        first = len(wrong) - int(np.argmin(wrong[::-1])) if not wrong.all() else 0
        return float(self.epoch[first]) if len(wrong) - first >= lasting else None


Histories = dict[str, History]


def findings(config: Mapping[str, Any], rows: "pd.DataFrame") -> list[Finding]:
    """What is wrong with a run of ``config`` now, after its rows (name, step, epoch, value) so far; nothing, if all is well."""
    curves = {
        str(name): History(*(group[column].to_numpy(float) for column in ("step", "epoch", "value")))
        for name, group in rows.groupby("name", sort=False)
    }
    found = [finding for rule in (_not_finite, _diverged, _frozen, _posterior, _samples, _game, _still) for finding in rule(config, curves)]  # fmt: skip
    kinds = {finding.kind for finding in found}
    return [finding for finding in found if not kinds & EXPLAINED_BY.get(finding.kind, set())]


EXPLAINED_BY = {
    DIVERGED: {NOT_FINITE},
    FROZEN: {DIVERGED},
    COLLAPSE: {POSTERIOR},
    STILL_GENERATOR: {FROZEN},
    STRONG_DISCRIMINATOR: {FROZEN},
    STRONG_GENERATOR: {FROZEN},
}


def summary(found: Sequence[Finding]) -> str:
    """The kinds in a few words, for a table."""
    return ", ".join(finding.kind for finding in found) or GOOD


def spoiled(scores: Mapping[str, float]) -> str | None:
    """``NOISE`` or ``COLLAPSE`` where the scores of one look, see ``sample_monitor.SampleMonitor.evaluate``, show such samples, else None."""
    if scores["roughness"] > ROUGH or scores["contrast"] < PALE:
        return NOISE
    few_classes = scores.get("confident_share", 0) > RECOGNISED and scores["classes_covered"] <= FEW_CLASSES
    if scores.get("variants", 1.0) < FEW_VARIANTS or scores["diversity"] < LITTLE_DIVERSITY or few_classes:
        return COLLAPSE
    return None


def _not_finite(config: Mapping[str, Any], curves: Histories) -> Iterator[Finding]:
    for name, curve in curves.items():
        broken = ~np.isfinite(curve.value)
        if broken.any():
            first = int(np.argmax(broken))
            yield Finding(
                NOT_FINITE,
                float(curve.epoch[first]),
                f"{name.partition('/')[2] or name} became NaN or infinite at step {curve.step[first]:.0f}, so training ended there.",
                STEADIER,
            )
            return


def _diverged(config: Mapping[str, Any], curves: Histories) -> Iterator[Finding]:
    for name in (f"{split}/{loss}" for loss in LOSSES for split in ("test", "train")):
        loss = curves.get(name)
        if loss is None:
            continue
        since = loss.since(np.abs(loss.smooth()) > HUGE, 1 if name.startswith("test/") else SMOOTHED, grace=0)
        if since is not None:
            said = f"Training has diverged since epoch {since:.3g}: {name.partition('/')[2]} is {loss.value[-1]:.2g}."
            yield Finding(DIVERGED, since, said, STEADIER)
            return


def _frozen(config: Mapping[str, Any], curves: Histories) -> Iterator[Finding]:
    losses = [
        curves[name]
        for name in (f"train/{loss}" for loss in LOSSES)
        if name in curves and len(curves[name].value) >= LASTING
    ]
    if losses and all(np.ptp(loss.smooth()) < FLAT * abs(np.median(loss.value)) for loss in losses):
        yield Finding(
            FROZEN,
            float(losses[0].epoch[0]),
            "The losses have stood still from the start: nothing is learned.",
            "Start again with a higher learning rate; the default is a good first try.",
        )


def _posterior(config: Mapping[str, Any], curves: Histories) -> Iterator[Finding]:
    for split, lasting in (("test", 1), ("train", LASTING)):
        kl = curves.get(f"{split}/kl")
        if kl is None:
            continue
        since = kl.since(kl.smooth() < NO_INFORMATION, lasting)
        units = curves.get(f"{split}/active_units")
        if since is not None:
            used = f"{units.value[-1]:.0f}" if units is not None else "0"
            yield Finding(
                POSTERIOR,
                since,
                f"The decoder ignores the code (posterior collapse): KL is {kl.value[-1]:.2g} nats, and {used} of "
                f"{config.get('latent_dim', 'its')} dimensions are used.",
                "Try a lower beta, or let it rise slowly (KL warm-up).",
            )
            return


def _samples(config: Mapping[str, Any], curves: Histories) -> Iterator[Finding]:
    looks = {name.removeprefix("score/"): curve for name, curve in curves.items() if name.startswith("score/")}
    if "roughness" not in looks:
        return
    if "train/kl" in curves:  # a code of one or two dimensions leaves samples little room, and each has a like
        looks.pop("variants", None)
    time = looks["roughness"]
    kinds = [
        spoiled({name: curve.value[i] for name, curve in looks.items() if i < len(curve.value)})
        for i in range(len(time.value))
    ]
    kind = kinds[-1]
    first = next((i + 1 for i in reversed(range(len(kinds))) if kinds[i] != kind), 0)
    finished = time.epoch[-1] >= config.get("epochs", math.inf)
    if kind is None or not (first > 0 or time.step[-1] >= GRACE or finished):
        return
    since = float(time.epoch[first])
    before = " The best checkpoint is from before." if None in kinds else ""
    if kind == NOISE:
        yield Finding(
            NOISE, since, f"The samples are noise, or blank, and no images, since epoch {since:.3g}.{before}",
            "Try a lower learning rate, another objective such as hinge, or more epochs if it has only begun.",
        )  # fmt: skip
    else:
        seen = looks.get("classes_covered")
        classes = "" if seen is None else f", and {seen.value[-1]:.0f} of {CLASSES} classes are seen"
        yield Finding(
            COLLAPSE, since,
            f"The samples are much alike (mode collapse) since epoch {since:.3g}: their diversity is "
            f"{looks['diversity'].value[-1]:.0%} of that of real images{classes}.{before}",
            "Try Wasserstein with gradient penalty, a lower learning rate, or instance noise.",
        )  # fmt: skip


def _game(config: Mapping[str, Any], curves: Histories) -> Iterator[Finding]:
    """Which side of a GAN has won."""
    loss, real, fake = (curves.get(f"train/{name}") for name in ("d_loss", "d_real", "d_fake"))
    if loss is not None and (most := BEATEN.get(config.get("objective", "non-saturating"))):
        least = _entropy(config["label_smoothing"]) if config.get("objective") == "cross-entropy" else 0.0
        since = loss.since(loss.smooth() - least < most, LASTING)
        if since is not None:
            yield Finding(
                STRONG_DISCRIMINATOR, since,
                f"The discriminator tells all images apart since epoch {since:.3g}: its loss is near its lowest, and the "
                "generator learns little from it.",
                "Try a lower learning rate, instance noise, or a Wasserstein objective.",
            )  # fmt: skip
    if real is not None and fake is not None and len(real.value) == len(fake.value):
        since = real.since(fake.smooth() - real.smooth() > FOOLED, LASTING)
        if since is not None:
            yield Finding(
                STRONG_GENERATOR, since,
                f"The generator fools the discriminator since epoch {since:.3g}: fake images are called real more than real "
                "ones, so what it learns says nothing about them.",
                "Try more steps of the discriminator, or a wider network.",
            )  # fmt: skip


def _entropy(p: float) -> float:
    """Of a coin, in nats: the least that cross-entropy with label smoothing ``p`` can be."""
    return -sum(q * math.log(q) for q in (p, 1 - p) if q > 0)


def _still(config: Mapping[str, Any], curves: Histories) -> Iterator[Finding]:
    """A generator that does not learn."""
    gradient, movement = curves.get("train/g_gradient"), curves.get("score/movement")
    if gradient is None:
        return
    since = gradient.since(gradient.smooth() < NO_GRADIENT, LASTING)
    if since is None and movement is not None:
        since = movement.since(movement.value < STILL)
    if since is not None:
        yield Finding(
            STILL_GENERATOR, since,
            f"The generator learns nothing since epoch {since:.3g}: its samples, or its gradient, do not change.",
            "Try the non-saturating objective, or a higher learning rate.",
        )  # fmt: skip
