"""Faults that the samples show: see ``sample_monitor.Checkup.look`` for their scores."""

import math
from collections.abc import Mapping

from genmodels.language import N_
from genmodels.training.diagnosis.evidence import UNUSUAL, Evidence, Seen

NOISE, COLLAPSE = N_("noise"), N_("collapse")

# Chosen on some runs, and measured on others: see docs/health.md.
ROUGH = 2.2  # times the roughness of real images
GREY, PALE, BLANK = 0.8, 0.25, 0.05  # of the contrast of real images
WASHED_OUT = 0.75  # of the distances between real images
COPIES, EXACT = 0.1, 0.005  # of the contrast, and of the distance of a real image to the one most like it
FEW_VARIANTS, LITTLE_DIVERSITY = 0.03, 0.35  # of the distances between real images
CLASSES, FEW_CLASSES = 10, 5  # of each data set that a pretrained classifier knows; so few are seen in a collapse
RECOGNISED = 0.7  # of the samples must be, for missing classes to mean anything
# What samples that have taken shape have more of, and less roughness.
SHAPED = {"contrast": 0.4, "diversity": 0.6, "variants": 0.1, "classes_covered": FEW_CLASSES}
SMOOTH = 1.6
LEGIBLE = 0.75  # of the samples of a good GAN are classified with p > 0.9, at least
BETTER = 0.95  # of the FID before, in the last third of the looks, is an improvement
FEWEST_LOOKS = 9  # to say so
LEGIBLE_BY = 2.0  # the sum of the learning rates after which it is no want of steps, where they are unusually high


def spoiled(scores: Mapping[str, float]) -> str | None:
    """``NOISE``, which blank images are too, or ``COLLAPSE``, else None. Every generator begins with one of them."""
    if copies(scores):
        return COLLAPSE
    if scores["roughness"] > ROUGH or scores["contrast"] < PALE:
        return NOISE
    few_classes = scores.get("confident_share", 0) > RECOGNISED and scores["classes_covered"] <= FEW_CLASSES
    if scores.get("variants", 1.0) < FEW_VARIANTS or scores["diversity"] < LITTLE_DIVERSITY or few_classes:
        return COLLAPSE
    return None


def copies(scores: Mapping[str, float]) -> bool:
    """Whether all samples are nearly one, whatever it shows and however pale, or the same few again and again."""
    repeated = scores["diversity"] < COPIES * scores["contrast"] or scores.get("variants", 1.0) < EXACT
    return scores["contrast"] > BLANK and repeated


def shaped(scores: Mapping[str, float]) -> bool:
    """Whether the samples are images like the real ones, good or bad."""
    enough = all(scores.get(name, math.inf) > least for name, least in SHAPED.items())
    return enough and scores["roughness"] < SMOOTH and spoiled(scores) is None


def legible(scores: Mapping[str, float]) -> bool:
    """Whether most samples show a class; True where no classifier knows any."""
    return scores.get("confident_share", 1.0) >= LEGIBLE


def taking_shape(run: Evidence) -> bool:
    """Whether the samples are not yet what one may hope for; by the steps alone where nobody looks at them."""
    if not run.looks:
        awaits_look = run.given.get("check_every", 0) > 0
        return bool(getattr(run.family, "pictures", None)) and (awaits_look or not run.settled_unseen)
    last = run.looks[-1]
    if run.is_gan and "confident_share" in last:
        return not (shaped(last) and legible(last))
    return not (shaped(last) or run.settled)


def noise(run: Evidence) -> Seen:
    since = _samples_since(run, NOISE)
    if since is None:
        return None
    return since, N_(
        "The samples are noise, or blank, and no images, since epoch {since:.3g}.{before}",
        since=since,
        before=_before(run),
    )


def alike(run: Evidence) -> Seen:
    since = _samples_since(run, COLLAPSE)
    if since is None:
        return None
    last = run.looks[-1]
    classes = (
        N_(
            ", and {classes_covered:.0f} of {classes} classes are seen",
            classes_covered=last["classes_covered"],
            classes=CLASSES,
        )
        if "classes_covered" in last
        else ""
    )
    said = N_("much alike (mode collapse)") if run.is_gan else N_("much alike")
    return since, (
        N_(
            "The samples are {said} since epoch {since:.3g}: their diversity is {diversity:.0%} of that of real "
            "images{classes}.{before}",
            said=said,
            since=since,
            diversity=last["diversity"],
            classes=classes,
            before=_before(run),
        )
    )


def grey(run: Evidence) -> Seen:
    """The samples have smooth shapes, less contrast and less variety than images: means of many, in which too few steps end."""
    greys = [
        look["contrast"] < GREY and look["diversity"] < WASHED_OUT and look["roughness"] < ROUGH for look in run.looks
    ]
    if not greys or not greys[-1] or not run.settled:
        return None
    first = next((i + 1 for i in reversed(range(len(greys))) if not greys[i]), 0)
    since = float(run.look_times.epoch[first])
    return since, (
        N_(
            "The samples are grey and washed out since epoch {since:.3g}: their contrast is {contrast:.0%} of "
            "that of real images.{before}",
            since=since,
            contrast=run.looks[-1]["contrast"],
            before=_before(run),
        )
    )


def _samples_since(run: Evidence, kind: str) -> float | None:
    """Since when the samples are spoiled in this way, once that cannot be how they begin."""
    shows = [spoiled(look) for look in run.looks]
    if not shows or shows[-1] != kind:
        return None
    collapsed = run.is_gan and copies(run.looks[-1])  # no GAN begins so, since its noise differs
    if not (collapsed or run.settled or any(map(shaped, run.looks))):
        return None
    first = next((i + 1 for i in reversed(range(len(shows))) if shows[i] != kind), 0)
    return float(run.look_times.epoch[first])


def _before(run: Evidence) -> str:
    return N_(" The best checkpoint is from before.") if any(map(shaped, run.looks)) else ""


def illegible(run: Evidence) -> Seen:
    """Too few samples show a class, and no more will with more steps; those of a VAE are soft by nature."""
    fid, times = run.curves.get("score/fid"), run.look_times
    if fid is None or not run.settled:
        return None
    last, third = run.looks[-1], -(len(fid) // 3)
    stalled = len(fid) >= FEWEST_LOOKS and fid.value[third:].min() > BETTER * fid.value[:third].min()
    hasty = run.rate_over_default > UNUSUAL and run.travel(times.step[-1]) >= LEGIBLE_BY
    if legible(last) or spoiled(last) or not (stalled or hasty):
        return None
    better = N_("they get no better") if stalled else N_("they get hardly any better")
    return float(times.epoch[-1]), N_(
        "Many samples show nothing that the classifier knows: {share:.0%} of them are classified with p > 0.9, and {better}.",
        share=last["confident_share"],
        better=better,
    )
