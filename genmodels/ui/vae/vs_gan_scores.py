"""The scores of a VAE, a GAN and others, measured alike: the first under their samples, all in a table."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from genmodels.checkpoints.pretrained import Pretrained
from genmodels.config.families import FAMILIES
from genmodels.language import N_, _
from genmodels.language.figures import in_digits
from genmodels.runs.store import Run
from genmodels.ui.models import loading
from genmodels.ui.models.evaluation import scored
from genmodels.ui.models.judging import judge_of_scores, judged_by
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.score_line import scores_in_line
from genmodels.ui.models.scores import EACH_KIND, ShownScore, shown_score
from genmodels.ui.models.shared import shared
from genmodels.ui.models.stored import FIRST
from genmodels.ui.models.test_images import held_out
from genmodels.ui.session import get_store
from genmodels.ui.widgets.progress import duration, working

if TYPE_CHECKING:
    from genmodels.metrics.judge import Judge
    from genmodels.metrics.side_by_side import Measured

Pair = tuple[Entry, Entry]

PAIRS = 50  # or more than two, whose scores are kept in memory
OWN_SCORES = ("neg_elbo", "iw_nll", "kmeans_acc_mean", "umap_acc", "active_units", "label_fidelity", "code_accuracy")
ALIKE = ("samples", "real_images", "feature_network")  # in scores that may stand beside each other
BUDGET = {"epochs": N_("epochs"), "batch_size": N_("images in a step"), "seed": N_("seed")}


def acronym(entry: Entry) -> str:
    """What a model is called where it stands beside one of another family."""
    return _(FAMILIES[entry.config["family"]].acronym)


def side_by_side(entries: Sequence[Entry], lines: Sequence[DeltaGenerator], alike: str = N_("*Train both*")) -> None:
    """Draw the first scores of each of the ``entries`` into its line, and all of them in a table; ``alike``: what trains models that
    differ in nothing but their kind."""
    st.subheader(_("Side by side"))
    last = entries[-1]  # whose test images all are held against
    classes = len(loading.model(last).classes)
    kept = _kept(entries)
    judge = None if kept else judge_of_scores(last, "beside:judge")
    models = tuple(loading.identity(entry) for entry in entries)
    *generated, real, noise = _measured((models, judge and judge.name), judge, *entries)
    task, images = judge.task if judge else "labels", len(held_out(last)) // 2
    if kept:
        *generated, real, noise = _with_kept((*generated, real, noise), kept)
        task, images = kept[-1].get("judge_task", "labels"), kept[-1]["samples"]
    columns = {}
    for entry, measured, line in zip(entries, generated, lines, strict=True):
        known = _known(measured, classes, real, noise, task, images)
        with line:
            scores_in_line([score for score in known if score.name in FIRST])
        columns[acronym(entry)] = facts(entry) | _cells(measured, known)
    for name, measured in ((_("real images"), real), (_("noise"), noise)):
        columns[name] = _cells(measured, _known(measured, classes))
    st.table(pd.DataFrame(columns).fillna("—"))
    st.caption(
        _(
            "Each drew {n:,} images, which were held against as many real test images; *real images* are "
            "other test images: no generator can be expected to do better. Sharpness is how much neighbouring "
            "pixels differ, diversity the mean distance of two images, each divided by that of real ones. The "
            "time for an image is this machine's. Scores in the features of a network need at least {each_kind}, and are "
            "left out for fewer.",
            n=len(held_out(last)) // 2,
            each_kind=_(EACH_KIND),
        )
    )
    if kept:
        st.caption(
            _(
                "FID, KID, precision, recall and what the classifier says are those under *Train*: of {n:,} samples of each, and of as many "
                "training images as *real images*.",
                n=images,
            )
        )
    elif any(isinstance(entry, Run) for entry in entries):
        st.caption(
            _(
                "Where all of them were measured under *Train*, on equally many samples, the scores are those shown there."
            )
        )
    judged_by(judge)
    differ = [name for field, name in BUDGET.items() if len({entry.config[field] for entry in entries}) > 1]
    if differ:
        st.caption(
            _(
                "They differ in {settings}: {alike} gives models that do not.",
                settings=_(" and ").join(map(_, differ)),
                alike=_(alike),
            )
        )


def _kept(entries: Sequence[Entry]) -> list[Mapping[str, Any]]:
    """The scores of each as they were measured once, on equally many images and by the same network; none where they were not."""
    scores = [model.card["scores"] for model in map(scored, entries) if model is not None]
    alike = len({tuple(each.get(name) for name in ALIKE) for each in scores}) == 1
    return scores if len(scores) == len(entries) and alike and scores[0].get("fid") is not None else []


def _with_kept(measured: "Sequence[Measured]", kept: Sequence[Mapping[str, Any]]) -> "list[Measured]":
    """What was measured of each, of real images and of noise, with the ``kept`` scores in the place of those of fewer images."""
    of = [*((each, "") for each in kept), (kept[-1], "_floor"), (kept[-1], "_noise")]
    return [
        replace(each, scores={name: scores.get(name + suffix) for name in each.scores})
        for each, (scores, suffix) in zip(measured, of, strict=True)
    ]


@shared(PAIRS, lambda measured: 1, key=lambda which, judge, *entries: which)
def _measured(which: Hashable, judge: "Judge | None", *entries: Entry) -> list["Measured"]:
    """Of each, of real images and of noise; ``which`` tells these models and their judge from others."""
    import torch

    from genmodels.metrics.side_by_side import Comparison

    last = entries[-1]
    with st.spinner(_("Drawing and judging images of each…")), working():
        comparison = Comparison(judge, torch.from_numpy(held_out(last).images))
        each = [comparison.generated(loading.model(entry).family) for entry in entries]
        return [*each, comparison.real(), comparison.noise()]


def are_measured(entries: Sequence[Entry]) -> bool:
    """Whether ``side_by_side`` has the scores of these models in memory."""
    models = tuple(loading.identity(entry) for entry in entries)
    return any(which[0] == models for which in tuple(cast(Any, _measured).cache))


def facts(entry: Entry) -> dict[str, str]:
    """What went in, and of the scores those that need more than images."""
    if isinstance(entry, Pretrained):
        seconds, own = 60 * entry.card["minutes"], entry.card["scores"]
    else:
        last = get_store().last_metrics(entry.id)
        seconds, own = entry.seconds, {name.removeprefix("test/"): value for name, value in last.items()}
    facts = {_(name): in_digits(entry.config[field]) for field, name in BUDGET.items()} | {
        _("trained for"): duration(seconds)
    }
    latent_dim = entry.config.get("latent_dim")
    known = [shown_score(name, own[name], latent_dim=latent_dim) for name in OWN_SCORES if own.get(name) is not None]
    return facts | {score.title: score.value for score in known}


def _known(
    measured: "Measured",
    classes: int,
    real: "Measured | None" = None,
    noise: "Measured | None" = None,
    task: str = "labels",
    images: int = 0,
) -> list[ShownScore]:
    """The scores that there are, on the scale from ``real`` images to ``noise`` where these are given, of a judge with that ``task``;
    ``images``: how many samples they are of."""
    ends = [each.scores if each else {} for each in (real, noise)]
    return [
        shown_score(name, value, *(end.get(name) for end in ends), task=task, images=images, classes=classes)
        for name, value in measured.scores.items()
        if value is not None
    ]


def _cells(measured: "Measured", known: Sequence[ShownScore]) -> dict[str, str]:
    cells = (
        {_("time for an image"): _("{ms:.2f} ms", ms=measured.milliseconds)}
        if measured.milliseconds is not None
        else {}
    )
    cells |= {_("sharpness"): _("{value:.2f}", value=measured.sharpness)}
    cells |= {_("diversity"): _("{value:.2f}", value=measured.diversity)}
    return cells | {score.title: score.value for score in known}
