"""Scores of models in words: what each is called, how it is written, and what stands beside it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from genmodels.checkpoints.pretrained import Pretrained, find
from genmodels.language import N_, _
from genmodels.latent.neighbourhoods import LEAST as NEIGHBOURHOODS
from genmodels.metrics.scores import LEAST, LEAST_OF_A_CLASS

NEAREST = "nearest_train"
MOST_HEADLINES = 3


class Scored(Protocol):
    """What has scores: a pretrained model, or a run that was evaluated. ``card``: with ``scores``, as ``metrics.evaluate.evaluate``
    gives them, and the ``classes`` of the images."""

    @property
    def config(self) -> Mapping[str, Any]: ...

    @property
    def card(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True)
class Score:
    """A score's title, the pattern of its value, a line of help, and the paper that defines it.

    short: what it is called where there is little room. chance: whether its scale begins at one in as many as there are classes.
    judged: which of the judge's own scores on real test images a generator cannot be expected to surpass. Other scores
    have what real training images reach beside them in the card, under the same name with ``_floor``, and what noise
    reaches, with ``_noise``. least: the fewest images that it needs.
    """

    title: str
    pattern: str
    help: str
    source: str = ""
    judged: str = ""
    least: str = ""
    short: str = ""
    chance: bool = False

    @property
    def explained(self) -> str:
        """The line of help, with the fewest images that the score needs."""
        return _("{help} Needs at least {least}.", help=N_(self.help), least=self.least) if self.least else _(self.help)


TEST, EACH_KIND = N_("{least:,} test images", least=LEAST), N_("{least} generated and as many real images", least=LEAST)
EACH_CLASS = N_("{least} images of each class", least=LEAST_OF_A_CLASS)
# By their names in a card, in the order in which they are told.
SCORES = {
    "fid": Score("FID", "{value:,.1f}", N_("Fréchet distance of the samples' features from those of real test images; lower is better."), "[Heusel et al. 2017](https://arxiv.org/abs/1706.08500)", least=EACH_KIND),
    "kid": Score("KID", "{value:,.1f}", N_("Squared maximum mean discrepancy of the same features, without FID's bias; lower is better."), "[Bińkowski et al. 2018](https://arxiv.org/abs/1801.01401)", least=EACH_KIND),
    "precision": Score(N_("Precision"), "{value:.1%}", N_("Samples that lie among real images: how good they are."), "[Kynkäänniemi et al. 2019](https://arxiv.org/abs/1904.06991)", least=EACH_KIND),
    "recall": Score(N_("Recall"), "{value:.1%}", N_("Real images that lie among the samples: how much is covered."), "[Kynkäänniemi et al. 2019](https://arxiv.org/abs/1904.06991)", least=EACH_KIND),
    NEAREST: Score(N_("Distance to the nearest training image"), "{value:.3f}", N_("Root mean square difference of a sample from the training image most like it, mean of 1,000 at most; from black to white is 1, a copy has 0. The real images beside it are test images.")),
    "neg_elbo": Score(N_("Negative ELBO"), N_("{value:.2f} nats"), N_("Test images, dynamically binarised; lower is better. The noise beside it draws each pixel on its own, as often white as in training images."), "[Kingma & Welling 2014](https://arxiv.org/abs/1312.6114)"),
    "iw_nll": Score(N_("Importance-weighted NLL"), N_("{value:.2f} nats"), N_("A tighter bound on -log p(x); lower is better."), "[Burda et al. 2016](https://arxiv.org/abs/1509.00519)"),
    "kmeans_acc_mean": Score(N_("KMeans accuracy"), "{value:.1%}", N_("Test images whose cluster of codes matches their label, over 10 seeds. Clusters at random match about as many as chance."), least=TEST, short="KMeans", chance=True),
    "umap_acc": Score(N_("Accuracy of neighbourhoods"), "{value:.1%}", N_("Test images whose cluster, by KMeans on a 10-dimensional UMAP of the codes, matches their label: the median over 5 seeds."), "[McConville et al. 2020](https://arxiv.org/abs/1908.05968)", least=N_("{least:,} test images", least=NEIGHBOURHOODS), chance=True),
    "active_units": Score(N_("Active units"), N_("{value:.0f} of {latent_dim}"), N_("Latent dimensions that carry information."), "[Burda et al. 2016](https://arxiv.org/abs/1509.00519)"),
    "label_fidelity": Score(N_("Label fidelity"), "{value:.1%}", N_("Samples that the judge classifies as the class they were conditioned on."), judged="accuracy", least=EACH_CLASS),
    "samples_only_accuracy": Score(N_("Train on synthetic, test on real"), "{value:.1%}", N_("Accuracy on real test images of a small classifier that was trained on samples alone."), "[Ravuri & Vinyals 2019](https://arxiv.org/abs/1905.10887)", least=EACH_CLASS, chance=True),
    "code_accuracy": Score(N_("Code accuracy"), "{value:.1%}", N_("Real test images whose category, as the network reads it, matches their label."), "[Chen et al. 2016](https://arxiv.org/abs/1606.03657)", chance=True),
    "classes_covered": Score(N_("Classes covered"), N_("{value:.0f} of {classes}"), N_("Classes to which the judge assigns, with p > 0.9, at least one of 1,000 samples."), least=EACH_KIND),
    "confident_share": Score(N_("Samples classified with p > 0.9"), "{value:.1%}", N_("Samples to whose class the judge gives a probability above 0.9. Pure noise can reach 100% as well: read it beside FID."), judged="confident_share", least=EACH_KIND),
}  # fmt: skip
# Whose features a distance is in, by what that network has learnt: see ``metrics.judge.Judge``.
FEATURES = {"labels": N_("in the classifier's features"), "turns": N_("in features of quarter turns")}
SMALL = ("fid", "kid")  # may be
OF_SAMPLES = ("fid", "kid", "precision", "recall")  # which depend on how many these are
DISTANCES = ("fid",)  # which are shown on a scale, and say nothing without it
# Those that may stand for a model, the most telling first.
HEADLINES = ("fid", "label_fidelity", "code_accuracy", "neg_elbo", "kmeans_acc_mean", "precision", "recall")


@dataclass(frozen=True)
class ShownScore:
    """One score of one model as a reader meets it.

    ``short``: its title where there is little room; ``images``: how many samples it is of, 0 where that is not known or goes without
    saying; ``real``, ``noise`` and ``chance``: what real images, noise and chance reach, empty where that is not known; ``place``: where the value is
    between the two, 0 to 1, in decades, for a distance, whose ``features`` are told too.
    """

    name: str
    title: str
    value: str
    help: str
    source: str
    real: str
    noise: str
    place: float | None
    features: str
    short: str = ""
    chance: str = ""
    images: int = 0


def scores_of(model: Scored) -> list[ShownScore]:
    """The scores of a model that the table knows, in the table's order."""
    scores, judge = model.card["scores"], judge_of(model)
    classes, latent_dim = len(model.card.get("classes", ())), model.config.get("latent_dim")
    known = []
    for name, score in SCORES.items():
        if scores.get(name) is None:
            continue
        real, noise = scores.get(f"{name}_floor"), scores.get(f"{name}_noise")
        if score.judged:
            real = judge.card["scores"].get(score.judged) if judge else scores.get(f"judge_{score.judged}", real)
        task = scores.get("judge_task", "labels")
        images = scores.get("samples") or 0
        known.append(
            shown_score(
                name, scores[name], real, noise, task=task, images=images, classes=classes, latent_dim=latent_dim
            )
        )
    return known


def shown_score(
    name: str,
    value: float,
    real: float | None = None,
    noise: float | None = None,
    *,
    task: str = "labels",
    images: int = 0,
    **totals: int | None,
) -> ShownScore:
    """A score of the table by its name; ``task``: of the judge whose features it is in; ``images``: how many samples it is of; ``totals``: of ``classes`` and ``latent_dim``,
    which some are a count out of."""
    score = SCORES[name]
    said = ["" if each is None else _(_pattern(name, each), value=each, **totals) for each in (value, real, noise)]
    place = _place(value, real, noise) if name in DISTANCES else None
    title, features = _(score.title), _(FEATURES[task])
    classes = totals.get("classes") if score.chance else None
    chance = _("{share:.1%}", share=1 / classes) if classes else ""
    of = images if name in OF_SAMPLES else 0
    return ShownScore(
        name,
        title,
        said[0],
        score.explained,
        score.source,
        said[1],
        said[2],
        place,
        features,
        _(score.short) or title,
        chance,
        of,
    )


def _pattern(name: str, value: float) -> str:
    """How it is written: of a distance below 1, which those in features of small numbers are, two digits count."""
    return "{value:.2g}" if name in SMALL and 0 < abs(value) < 1 else SCORES[name].pattern


def _place(value: float, real: float | None, noise: float | None) -> float | None:
    """Where a distance is between that of real images and that of noise, on a logarithmic scale."""
    if not (real and noise) or min(real, noise, value) <= 0 or noise <= real:
        return None
    return min(1.0, max(0.0, math.log(value / real) / math.log(noise / real)))


def headline(model: Scored) -> list[ShownScore]:
    """The few scores that stand for a model: its FID, what its own family is for, and, where there is room, how like real images its
    samples are and how many of these they cover."""
    known = {score.name: score for score in scores_of(model) if score.name not in DISTANCES or score.place is not None}
    return [known[name] for name in HEADLINES if name in known][:MOST_HEADLINES]


def nearest_training_image(models: Sequence[Pretrained]) -> str:
    """How far the samples of ``models`` are from the nearest training image, beside test images, as the end of a sentence;
    empty where that was not measured of all of them."""
    scores = [model.card["scores"] for model in models]
    pairs = [(each.get(NEAREST), each.get(f"{NEAREST}_floor")) for each in scores]
    if not pairs or any(None in pair for pair in pairs):
        return ""
    samples, test = (_range(values) for values in zip(*pairs, strict=True))
    return _(
        "on average {samples} from the nearest training image, where test images are {test} from it",
        samples=samples,
        test=test,
    )


def _range(values: Sequence[float]) -> str:
    least, most = (_("{value:.2f}", value=each) for each in (min(values), max(values)))
    return least if least == most else _("{least} to {most}", least=least, most=most)


def judge_of(model: Scored) -> Pretrained | None:
    """The pretrained classifier that judged a model's samples, if one did."""
    scores = model.card["scores"]
    return find(scores.get("judge") or scores.get("feature_network") or "")
