"""The scores of pretrained models in words: what each is called, how it is written, and what stands beside it."""

from dataclasses import dataclass

import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained, find
from genmodels.metrics.scores import LEAST, LEAST_OF_A_CLASS


@dataclass(frozen=True)
class Score:
    """A score's title, the pattern of its value, and a line of help.

    judged: which of the judge's own scores on real test images a generator cannot be expected to surpass. Other scores
    have what real training images reach beside them in the card, under the same name with ``_floor``. least: the fewest
    images that it needs.
    """

    title: str
    pattern: str
    help: str
    judged: str = ""
    least: str = ""

    @property
    def explained(self) -> str:
        """The line of help, with the fewest images that the score needs."""
        return f"{self.help} Needs at least {self.least}." if self.least else self.help


TEST, EACH_KIND = f"{LEAST} test images", f"{LEAST} generated and as many real images"
EACH_CLASS = f"{LEAST_OF_A_CLASS} images of each class"
# By their names in a card; the first that a model has, and its FID, stand for it on the overview.
SCORES = {
    "neg_elbo": Score("Negative ELBO", "{:.2f} nats", "Test images, dynamically binarised; lower is better."),
    "iw_nll": Score("Importance-weighted NLL", "{:.2f} nats", "A tighter bound on -log p(x) (Burda et al. 2016); lower is better."),
    "kmeans_acc_mean": Score("KMeans accuracy", "{:.1%}", "Test images whose cluster of codes matches their label, over 10 seeds.", least=TEST),
    "active_units": Score("Active units", "{:.0f}", "Latent dimensions that carry information."),
    "label_fidelity": Score("Label fidelity", "{:.1%}", "Samples that the judge classifies as the class they were conditioned on.", "accuracy", least=EACH_CLASS),
    "samples_only_accuracy": Score("Train on synthetic, test on real", "{:.1%}", "Accuracy on real test images of a small classifier that was trained on samples alone.", least=EACH_CLASS),
    "code_accuracy": Score("Code accuracy", "{:.1%}", "Real test images whose category, as the network reads it, matches their label."),
    "confident_share": Score("Samples classified with p > 0.9", "{:.1%}", "Samples to whose class the judge gives a probability above 0.9.", "confident_share", least=EACH_KIND),
    "classes_covered": Score("Classes covered", "{:.0f} of {classes}", "Classes to which the judge assigns, with p > 0.9, at least one of 1,000 samples.", least=EACH_KIND),
    "fid": Score("FID", "{:.1f}", "Fréchet distance of the samples' features from those of real test images; lower is better.", least=EACH_KIND),
    "kid": Score("KID", "{:.1f}", "The same of a kernel's means, without FID's bias; lower is better.", least=EACH_KIND),
    "precision": Score("Precision", "{:.1%}", "Samples that lie among real images: how good they are.", least=EACH_KIND),
    "recall": Score("Recall", "{:.1%}", "Real images that lie among the samples: how much is covered.", least=EACH_KIND),
}  # fmt: skip


@dataclass(frozen=True)
class ShownScore:
    """One score of one model as a reader meets it; ``real`` is empty where no judge tells what real images reach."""

    title: str
    value: str
    help: str
    real: str


def scores_of(model: Pretrained) -> list[ShownScore]:
    """The scores of a model that the table knows, in the table's order."""
    scores, classes = model.card["scores"], len(model.card.get("classes", ()))
    judge = judge_of(model)
    known = []
    for name, score in SCORES.items():
        if scores.get(name) is not None:
            real = scores.get(f"{name}_floor")
            if score.judged and judge:
                real = judge.card["scores"].get(score.judged)
            known.append(
                ShownScore(
                    score.title,
                    score.pattern.format(scores[name], classes=classes),
                    score.explained,
                    "" if real is None else score.pattern.format(real, classes=classes),
                )
            )
    return known


def headline(model: Pretrained) -> list[ShownScore]:
    """The first score of a model, how well a VAE's codes fall into the classes, and how far samples are from real images."""
    known = scores_of(model)
    others = (SCORES["kmeans_acc_mean"].title, SCORES["fid"].title)
    return [score for score in known if score == known[0] or score.title in others]


def judge_of(model: Pretrained) -> Pretrained | None:
    """The pretrained classifier that judged a model's samples, if one did."""
    scores = model.card["scores"]
    return find(scores.get("judge") or scores.get("feature_network") or "")


def score_row(model: Pretrained) -> None:
    """The scores of a model side by side, and who judged."""
    known = scores_of(model)
    if not known:
        return
    with st.container(horizontal=True):
        for score in known:
            with st.container(width="content", gap="xsmall"):
                st.metric(score.title, score.value, help=score.help, width="content")
                if score.real:
                    st.caption(f"real images: {score.real}")
    if judge := judge_of(model):
        st.caption(
            f"Judged on {model.card['scores']['samples']:,} samples by *{judge.name}*, which was trained on real images "
            f"alone; its accuracy on real test images is {judge.card['scores']['accuracy']:.1%}."
        )
