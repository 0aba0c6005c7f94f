"""The scores of a model, drawn: those that stand for it in a line, and all of them in a table."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

import streamlit as st

from genmodels.config.sweep import seeds
from genmodels.language import _, sided
from genmodels.metrics.judge_card import name_of
from genmodels.ui.models.judging import JUDGED_BY, about_judge
from genmodels.ui.models.scores import SCORES, Scored, ShownScore, headline, judge_of, scores_of

SCALE = 136  # pixels


def score_line(model: Scored) -> None:
    """The scores that stand for a model, in a line, and of how many seeds they are."""
    shown = headline(model)
    scores_in_line(shown, {score.name: _("Seeds: {seeds}.", seeds=seeds_told(model, score.name)) for score in shown})
    if shown:
        trained = max((over["seeds"] for over in model.card.get("over_seeds", {}).values()), default=1)
        told = _("1 of {n} seeds", n=trained) if trained > 1 else seeds(1)
        st.markdown(f":small[{told}]", width="content")


def scores_in_line(
    scores: Sequence[ShownScore], more: Mapping[str, str] = MappingProxyType({}), whose: str = ""
) -> None:
    """Some scores beside each other, a distance on its scale; ``more``: what is said of some beside what they are, by their names;
    ``whose``: stands before the first."""
    if whose and not scores:
        st.markdown(f"**{whose}**", width="content")
    for score in scores:
        name = f"**{whose}** {score.short}" if whose and score is scores[0] else score.short
        real = _("Real images: {real}.", real=score.real) if score.real else ""
        about = " ".join(filter(None, (f"**{score.title}.**", score.help, real, more.get(score.name))))
        st.markdown(sided(f"{name} **{score.value}**{_below(score)}"), help=about, width="content")
        if score.place is not None:
            st.html(scale(score), width=SCALE)


def _below(score: ShownScore) -> str:
    """In a small second line, how many samples it is of, or, of a score that has no scale beside it, what real images reach, else
    noise or chance."""
    if score.place is not None:
        below = samples_told(score.images)
    elif score.real:
        below = _("real {value}", value=score.real)
    elif score.noise:
        below = _("noise {value}", value=score.noise)
    else:
        below = _chance(score)
    return f"  \n:small[:gray[{below}]]" if below else ""


def _chance(score: ShownScore) -> str:
    return _("chance {value}", value=score.chance) if score.chance else ""


def value_told(score: ShownScore) -> str:
    """With how many samples it is of, where it depends on that."""
    return _("{value} of {n:,} samples", value=score.value, n=score.images) if score.images else score.value


def samples_told(n: int) -> str:
    """So many, in words; nothing where it is not known."""
    return _("{n:,} samples", n=n) if n else ""


def all_scores(model: Scored) -> None:
    """Every score of a model with its definition and source, and who judged."""
    if known := scores_of(model):
        table = _in_words(known)
        table.insert(3, _("seeds"), [seeds_told(model, score.name) for score in known])
        st.table(table)
        held_back = model.config.get("validation_images", 0)
        st.caption(
            _(
                "{n:,} training images were held back to choose the best checkpoint; test images were scored once.",
                n=held_back,
            )
            if held_back
            else _("Of the last step: no training images were held back to choose a checkpoint.")
        )
    if known and (judge := judge_of(model)):
        st.caption(
            _(
                "Judged on {samples:,} samples by *{name}*, which was trained on real images alone; its accuracy on "
                "real test images is {accuracy:.1%}. FID, KID, precision and recall are in its features, so they "
                "compare the models here, and not with those of papers.",
                samples=model.card["scores"]["samples"],
                name=judge.name,
                accuracy=judge.card["scores"]["accuracy"],
            )
        )
    elif known and (task := model.card["scores"].get("judge_task")) in JUDGED_BY:
        scores = model.card["scores"]
        name = name_of(task, scores["judge_images"])
        st.caption(about_judge(task, name, scores["judge_accuracy"]))


def scale(score: ShownScore) -> str:
    """A line from real images to noise, in decades, with a mark where the samples are."""
    said = _(
        "{title} {value} on a scale from real images, {real}, to noise, {noise}",
        title=score.title,
        value=score.value,
        real=score.real,
        noise=score.noise,
    )
    real, noise = _("real {value}", value=score.real), _("noise {value}", value=score.noise)
    return (
        f'<div role="img" aria-label="{said}"><div class="score-scale" style="--place: {score.place:.0%}"></div>'
        f'<div class="score-ends"><span>{real}</span><span>{noise}</span></div>'
        f'<div class="score-ends"><span>{score.features}</span></div></div>'
    )


def _in_words(scores: list[ShownScore]) -> Any:
    import pandas as pd

    rows = {
        score.title: [
            value_told(score),
            score.real,
            score.noise or _chance(score),
            f"{score.help} {score.source}",
        ]
        for score in scores
    }
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=[_("this model"), _("real images"), _("noise"), _("what it is")]
    )


def seeds_told(model: Scored, name: str) -> str:
    """How many trainings a score of a model is from; of a model that was chosen among several, how they spread."""
    tried, over = model.card.get("seeds_tried", {}), model.card.get("over_seeds", {}).get(name)
    if over:
        pattern = SCORES[name].pattern.partition("}")[0] + "}"
        mean, sd = (_(pattern, value=over[each]) for each in ("mean", "sd"))
        return _("1 of {n}, mean {mean} ± {sd}", n=over["seeds"], mean=mean, sd=sd)
    if name == "code_accuracy" and len(tried) > 1:
        return _("the best of {n}", n=len(tried))
    return _("{n}", n=1)
