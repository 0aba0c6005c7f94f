"""Who judges images on a page: a pretrained classifier, or a network that has first to be trained on them, in the background."""

from typing import TYPE_CHECKING

import streamlit as st

from genmodels.errors import DataError
from genmodels.language import N_, _
from genmodels.metrics.scores import LEAST
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.test_images import held_out
from genmodels.ui.shell.auto_refresh import refresh_every
from genmodels.ui.shell.background import TICK, Words, follow, moves
from genmodels.ui.widgets.progress import duration
from genmodels.ui.widgets.text import plain

if TYPE_CHECKING:
    from genmodels.metrics.judge import Judge
    from genmodels.metrics.judge_training import JudgeTraining

WORDS = Words(
    N_("network"), N_("trained"), N_("being trained"), N_("Train it again"), N_("see the scores that need none")
)
COMING = N_(
    "No pretrained classifier knows these images. A small network is trained on them once, and kept for all models of these images: "
    "scores come when it is done."
)
NEEDED = N_(
    "No pretrained classifier knows these images: it takes a small network that was trained on them to judge them."
)
JUDGED_BY = {
    "labels": N_(
        "Judged by {name}; its accuracy on test images is {accuracy:.1%}. FID, KID, precision and recall are in its features, so they "
        "compare models of these images here, and not with those of papers."
    ),
    "turns": N_(
        "Judged by {name}, since they have no labels; it finds the turn of {accuracy:.1%} of test images, and chance finds that of 25%. "
        "FID, KID, precision and recall are in its features, so they compare models of these images here, and not with those of papers. "
        "It sees little of what looks alike at every turn, such as texture and colour."
    ),
}


def judge_of(entry: Entry) -> "Judge | None":
    """Who judges the images of ``entry`` by now; trains nobody. Raises ``LoadError``, and ``DataError`` where the images of a folder
    cannot be had."""
    import torch

    from genmodels.metrics import judge
    from genmodels.metrics.judge_training import JudgeTraining

    config = loading.model(entry).config
    return judge.judge_of(config) or JudgeTraining.of(config).kept(torch.device("cpu"))


def judge_or_wait(entry: Entry, key: str) -> "Judge | None":
    """As ``judge_of``; where there is none yet, it is trained if the visitor may have that done, and how far that is is drawn here. The
    page is drawn anew at its end."""
    from genmodels.metrics.judge_training import JudgeTraining

    if (found := judge_of(entry)) is not None:
        return found
    missing = JudgeTraining.of(loading.model(entry).config)
    going = moves(missing)
    st.caption(_(COMING if going else NEEDED))
    refresh_every(_await, TICK if going else None)(missing, key, going)
    return None


def _await(missing: "JudgeTraining", key: str, was_going: bool) -> None:
    found, what = missing.look().found, _(missing.title)
    if found is not None and found.seconds_left is not None:
        what = _("{title}, about {left} left,", title=what, left=duration(found.seconds_left))
    if follow(missing, key, what, WORDS)[1] != was_going:
        st.rerun()


def judge_of_scores(entry: Entry, key: str) -> "Judge | None":
    """As ``judge_or_wait``, for scores on test images: nobody is trained where these are too few, and what needs no judge is shown without
    the images that one would learn from."""
    if len(held_out(entry)) < 2 * LEAST:  # one half is held against the other
        return None
    try:
        return judge_or_wait(entry, key)
    except DataError as error:
        st.caption(plain(error))
        return None


def judged_by(judge: "Judge | None") -> None:
    """Draw a sentence about a judge that was trained for these images alone."""
    if judge and judge.images and judge.accuracy is not None:
        st.caption(about_judge(judge.task, judge.name, judge.accuracy))


def about_judge(task: str, name: str, accuracy: float) -> str:
    """Of such a judge, by its task: see ``judge.Judge``; Markdown."""
    return plain(_(JUDGED_BY[task], name=_(name), accuracy=accuracy))
