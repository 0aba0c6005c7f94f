"""Samples of a flow: the steps from noise to image, and what fewer or more of them give."""

from dataclasses import replace

import numpy as np
import streamlit as st

from genmodels.config.families.transport import MOST_STEPS, SAMPLERS
from genmodels.language import N_, _, listed
from genmodels.language.figures import in_digits
from genmodels.storage.image_grid import enlarged, grid, png
from genmodels.ui.components.film_player import Frame, film_player
from genmodels.ui.flow.drawing import Settings, Way, starts, transport, way
from genmodels.ui.gan.nearest_training_images import nearest_training_images
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import strip
from genmodels.ui.widgets.noise import resample_button, seed

SAMPLES, A_ROW = 16, 4
ROWS, MOMENTS = 3, 9  # of the strip
COUNTS = (1, 2, 5, 10, 20, 50)  # steps that stand side by side
MOST_FRAMES, SECONDS, SHARP = 41, 4.0, 3  # of the film; screen pixels for one
IN_TURN, NO_CLASS = N_("all in turn"), N_("none")
KEY = "flow"  # of the noise, too
HOW = {
    "heun": N_("Heun: two evaluations of the network a step, and the mean of both velocities."),
    "euler": N_("Euler: one evaluation a step, straight on."),
    "stochastic": N_(
        "Stochastic: as Heun, with a little fresh noise before each step, which mends errors of earlier ones."
    ),
}
GUIDANCE = N_(
    "The network is asked twice, with the class and without, and the difference is taken so many times: 1 is the class alone, above "
    "that samples show it more clearly and differ less, and 0 leaves it out."
)
WAY = N_("Below each other some of the samples, from left to right on their way from noise (t = 0) to image (t = 1).")
ROW = N_(
    "Each column begins with the same noises. A flow that was straight would need a single step; a learned one bends, so few steps "
    "end between images, grey and smooth. Below is the cost of an image: how "
    "often the network is evaluated, and the time that took here."
)


def sampling(entry: Entry) -> None:
    """Everything about the samples of ``entry``."""
    if loading.ready(entry):
        fragment(_sampling)(entry)


def _sampling(entry: Entry) -> None:
    settings = choose_settings(entry)
    z = starts(entry, KEY, SAMPLES)
    found = way(entry, z, settings)
    left, right = st.columns([3, 4], gap="medium")
    with left:
        name = _("{samples} samples on their way from noise to image", samples=SAMPLES)
        key = f"flow:film:{settings}:{seed(KEY)}:{loading.folder(entry).name}"
        film_player(_frames(found), key=key, name=name, seconds=SECONDS)
    with right:
        moments = np.linspace(0, settings.num_steps, min(MOMENTS, settings.num_steps + 1)).round().astype(int)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_("**From noise to image**"), help=_(WAY), width="content")
            st.caption("t = " + listed(in_digits(found.times[moment], ".2f") for moment in moments), width="content")
        rows = found.images[moments][:, :ROWS].swapaxes(0, 1)
        picture = rows.reshape(-1, *rows.shape[2:])
        strip(
            picture,
            _("{rows} samples at {moments} times", rows=ROWS, moments=len(moments)),
            columns=len(moments),
            width="stretch",
        )
        _step_counts(entry, z[:ROWS], settings)
    nearest_training_images(entry, found.images[-1])


def choose_settings(entry: Entry) -> Settings:
    """Draw the choices of how to go from noise to image."""
    names, config = loading.model(entry).classes, entry.config
    classes = len(names) if transport(entry).num_classes else 0
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sampler = st.selectbox(
            _("Sampler"), SAMPLERS, SAMPLERS.index(config["sampler"]), format_func=lambda name: _(name).capitalize(), key="flow:sampler",
            persist_state="session", width=140, help="\n\n".join(map(_, HOW.values())),
        )  # fmt: skip
        num_steps = st.slider(
            _("Steps"), 1, MOST_STEPS, config["num_steps"], key="flow:steps", persist_state="session", width=210
        )
        label: int | None = None
        guidance = 1.0
        if classes:
            choice = st.selectbox(
                _("Class"), [IN_TURN, NO_CLASS, *range(classes)], key=f"flow:class:{classes}", persist_state="session", width=150,
                format_func=lambda choice: _(choice) if isinstance(choice, str) else names[choice],
            )  # fmt: skip
            if choice != IN_TURN:
                label = classes if choice == NO_CLASS else int(choice)
            guidance = st.slider(
                _("Guidance"),
                0.0,
                6.0,
                1.0,
                0.5,
                key="flow:guidance",
                persist_state="session",
                width=160,
                help=_(GUIDANCE),
            )
        resample_button(KEY)
        st.markdown(_("Seed {seed}", seed=seed(KEY)), width="content")
    return Settings(sampler, num_steps, guidance, label)


def _frames(found: Way) -> list[Frame]:
    """Of the film, at most ``MOST_FRAMES``, the first and the last always among them."""
    last = len(found.times) - 1
    chosen = np.unique(np.linspace(0, last, min(MOST_FRAMES, last + 1)).round().astype(int))
    return [
        Frame(_("t = {t:.2f}", t=found.times[index]), png(enlarged(grid(found.images[index], A_ROW), SHARP)))
        for index in chosen
    ]


def _step_counts(entry: Entry, z: np.ndarray, settings: Settings) -> None:
    """The same noise with few and with many steps."""
    from genmodels.models.flow_samplers import evaluations

    st.markdown(_("**The same noise, with fewer and more steps**"), help=_(ROW))
    found = {count: way(entry, z, replace(settings, num_steps=count)) for count in COUNTS}
    rows = np.stack([each.images[-1] for each in found.values()], 1)  # (noises, counts, C, H, W)
    counts = ", ".join(map(str, COUNTS))
    strip(
        rows.reshape(-1, *rows.shape[2:]),
        _("{n} samples by {counts} steps", n=len(z), counts=counts),
        columns=len(COUNTS),
        width="stretch",
    )
    twice = 2 if settings.guidance != 1 and transport(entry).num_classes else 1
    costs = (
        _(
            "**{count}**: {twice}×, {milliseconds:.0f} ms",
            count=count,
            twice=twice * evaluations(settings.sampler, count),
            milliseconds=each.milliseconds,
        )
        for count, each in found.items()
    )
    st.caption(_("Steps, and the cost of an image: ") + "; ".join(costs))
