"""What one may want to know before a press of Start: how large the networks are, how long it will take, and who is before."""

from typing import Any

import streamlit as st

from genmodels.config.base import RunConfig
from genmodels.config.datasets import DATASETS
from genmodels.errors import UserError
from genmodels.jobs import estimate, queue
from genmodels.jobs.built_on import settled
from genmodels.language import N_, _, ngettext
from genmodels.ui.access import commands
from genmodels.ui.session import get_store
from genmodels.ui.widgets.progress import duration
from genmodels.ui.widgets.text import plain

MEASURED = "before-start:measured"  # seconds a step, by what decides them
# What networks are called, where that is not their name in the code.
NETWORKS = {"autoencoder": N_("autoencoder"), "classifier": N_("classifier"), "unet": "U-Net", "mlp": "MLP"}


def before_start(config: RunConfig) -> None:
    """Draw it for what the form says."""
    place = queue.place_of(get_store(), config)
    if place == 1:
        st.caption(_("Starts at once."))
    else:
        st.caption(
            ngettext("Starts when {n} run before it is done.", "Starts when {n} runs before it are done.", n=place - 1)
        )
    _time(config, alone=place == 1)
    classes = len(DATASETS[config.dataset].classes)
    try:
        config = settled(get_store(), config)
    except UserError as error:
        st.caption(plain(error))
        return
    if not classes and config.refused_classes(classes):
        st.caption(_("How large the networks are depends on the classes, which are counted when the images are read."))
        return
    with st.spinner(_("Counting the weights…")):
        sizes = _sizes(config, classes, tuple(config.model_dump().items()))
    sizes_told = (
        _(
            "{name}: {weights:,} weights, {layers} layers",
            name=N_(NETWORKS.get(name, name)),
            weights=weights,
            layers=layers,
        )
        for name, (weights, layers) in sizes.items()
    )
    st.caption(_("; ").join(sizes_told) + ".")


def _time(config: RunConfig, *, alone: bool) -> None:
    step = st.session_state.get(MEASURED, {}).get(estimate.pace(config))
    by = N_("by a rehearsal")
    if step is None:
        step, by = estimate.seconds_a_step(get_store(), config), N_("as its last run")
    if step is None:
        if st.button(
            _("Estimate the time"), icon=":material/timer:", type="tertiary", disabled=not alone, key=f"{config.family}:rehearse",
            help=_("Trains for a second, on random images and in a process of its own. Nothing of it is kept.")
            if alone else _("Something trains on this device now, which would disturb the measurement."),
        ):  # fmt: skip
            _rehearse(config)
        return
    steps = estimate.steps(get_store(), config)
    if steps is None:
        st.caption(_("About {time} for {steps:,} steps, {by}.", time=duration(1000 * step), steps=1000, by=by))
    else:
        st.caption(_("About {time} for {steps:,} steps, {by}.", time=duration(steps * step), steps=steps, by=by))


def _rehearse(config: RunConfig) -> None:
    try:
        with st.spinner(
            _("A process of its own begins, and trains for a second: some ten seconds in all…"), show_time=True
        ):
            found = commands.rehearse(config)
    except (UserError, OSError) as error:
        st.error(plain(error))
        return
    st.session_state[MEASURED] = st.session_state.get(MEASURED, {}) | {estimate.pace(config): found}
    st.rerun()


@st.cache_data(max_entries=64, show_spinner=False)
def _sizes(_config: RunConfig, classes: int, values: Any) -> dict[str, tuple[int, int]]:
    """Weights and layers of each network; ``values`` are a part of the key."""
    from genmodels.models.fit import size_of  # with torch

    return {name: (size.weights, size.layers) for name, size in size_of(_config, classes).items()}
