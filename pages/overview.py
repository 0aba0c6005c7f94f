"""What the pretrained models draw, the way to each part, the tour, and the latest runs."""

import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained, pretrained_models
from genmodels.config.datasets import DATASETS, DIGITS
from genmodels.config.families import FAMILIES, families_of, pages
from genmodels.language import N_, _, sided
from genmodels.ui.models.score_line import value_told
from genmodels.ui.models.scores import NEAREST, SCORES, headline, nearest_training_image
from genmodels.ui.models.showcase import page_picture, samples_wall
from genmodels.ui.runs.latest import latest, latest_runs
from genmodels.ui.shell.link_warning import link_warning
from genmodels.ui.shell.navigation import begin, file_of, page_of
from genmodels.ui.shell.tour import tour

WALL = 4  # models whose samples stand side by side
ROWS = 8  # of their samples
A_ROW, PICTURE = 2, 120  # cards of pretrained models in a row, pixels of a picture's side


def first_of_each_family(models: list[Pretrained]) -> list[Pretrained]:
    """One model a family, or all where there are but a few."""
    firsts = {model.config["family"]: model for model in reversed(models)}
    return [model for model in models if firsts[model.config["family"]] == model]


def card(model: Pretrained) -> None:
    """A pretrained model's samples, its name, since titles are often the same, the scores that stand for it, and the way to its page."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", height="stretch"):
        st.image(str(model.picture("samples")), width=PICTURE, alt=_("Samples of {name}", name=model.name))
        with st.container(gap="xxsmall"):
            st.page_link(
                page_of(model.config["family"]), label=f"**{_(model.card['title'])}**", query_params={"run": model.name}
            )
            st.caption(f"`{model.name}`")
            for score in headline(model):
                real = _(" (real images {value})", value=score.real) if score.real else ""
                value = score.value if score.place is None else value_told(score)
                st.caption(sided(f"{score.title} {value}{real}"))


def judge(model: Pretrained) -> None:
    """A pretrained classifier, which has no pictures and no page."""
    scores = model.card["scores"]
    st.caption(
        _(
            "*{name}* judges samples. Its accuracy on real test images is {accuracy:.1%}, and {share:.1%} of them it "
            "classifies with p > 0.9.",
            name=model.name,
            accuracy=scores["accuracy"],
            share=scores["confident_share"],
        )
    )


runs = latest_runs()
models = sorted(pretrained_models(), key=lambda model: list(FAMILIES).index(model.config["family"]))
generators = [model for model in models if model.picture("samples")]
with begin(N_("Generative Models Lab")):
    st.markdown(_("Watch VAEs, GANs, flow matching and diffusion learn to *make* images."), width="content")
link_warning()
if generators:
    wall, shown = st.container(), first_of_each_family(generators)[:WALL]
    with st.container(horizontal=True, vertical_alignment="center"):
        tour()
        moving = st.toggle(
            _("Watch them learn"), help=_("A film of their training, eight seconds long, from the first preview on.")
        )
        apart = nearest_training_image(shown)
        st.caption(
            _("Pretrained on handwritten digits; every image above is drawn from random numbers.")
            if all(DATASETS[model.config["dataset"]].classes == DIGITS for model in shown)
            else _("Pretrained; every image above is drawn from random numbers."),
            help=_("They are {apart}. {help}", apart=apart, help=SCORES[NEAREST].help) if apart else None,
            width="content",
        )
    with wall:
        samples_wall(shown, moving, ROWS)
else:
    tour()
with st.container(key="latest"):
    latest(runs)
with st.container(key="pairs-of-parts"):
    for column, page in zip(st.columns(len(pages())), pages(), strict=True):
        with column, st.container(gap="xsmall"):
            page_picture([model for model in generators if model.config["family"] in families_of(page)])
            st.page_link(file_of(page), label=f"**{_(page.heading)}**", icon=page.icon, help=_(page.teaser))
if generators:
    st.subheader(_("Pretrained models"))
with st.container(key="pretrained"):
    for first in range(0, len(generators), A_ROW):
        for column, model in zip(st.columns(A_ROW), generators[first : first + A_ROW], strict=False):
            with column:
                card(model)
for model in models:
    if FAMILIES[model.config["family"]].page is None:
        judge(model)
