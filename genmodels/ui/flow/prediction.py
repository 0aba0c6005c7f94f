"""What the network predicts of a real image under noise: the velocity, and the image and the noise that it points to."""

import numpy as np
import streamlit as st

from genmodels.checkpoints.test_images import Images
from genmodels.language import N_, _, listed
from genmodels.ui.flow.drawing import family
from genmodels.ui.flow.moment import Moment, choose_moment, test_images_of
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import at_most, strip

MOMENTS = np.linspace(0, 0.95, 12).round(3)
MOMENTS_A_ROW = 6
SIDE = 196  # pixels of a picture, at most
VELOCITY = N_("Halved, so that all of it is within black (-1) and white (1): grey is standing still.")
ENDS = N_(
    "The image that the network points to at each time. At t = 0 it sees nothing but noise, and answers with the mean of all "
    "images; the more it sees, the more certain it is of one."
)


def prediction(entry: Entry) -> None:
    """Choose a test image and a time, and see what the network of ``entry`` makes of it."""
    if images := test_images_of(entry):
        fragment(_prediction)(entry, images)


def _prediction(entry: Entry, images: Images) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        moment = choose_moment(entry, images)
    shown, error = _predicted(entry, moment, np.array([moment.t, *MOMENTS]))
    pictures = {name: found[0] for name, found in shown.items()}
    pictures = {N_("Image"): moment.image, N_("Noise"): _picture(moment.noise)[0]} | pictures
    helps = {
        "Velocity": _(VELOCITY),
        "Image it points to": _(
            "Mean squared error of the image that it points to: {error:.3f}, on a scale from -1 to 1.", error=error[0]
        ),
    }
    with st.container(key="pairs-of-predictions"):
        places = st.columns(len(pictures), gap="xsmall")
    for place, (name, picture) in zip(places, pictures.items(), strict=True):
        with place, st.container(gap="xxsmall"):
            strip(picture[None], _(name), scale=at_most(picture, SIDE), width="stretch")
            st.caption(_(name), help=helps.get(name))
    ends = shown["Image it points to"][1:]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(_("**Where it would end, by the time**"), help=_(ENDS), width="content")
        st.caption(_("Row by row, t = ") + listed(_("{t:.2g}", t=each) for each in MOMENTS), width="content")
    strip(
        ends,
        _("The image that it points to, at each time"),
        columns=MOMENTS_A_ROW,
        scale=at_most(ends, SIDE),
        width="stretch",
    )


def _predicted(entry: Entry, moment: Moment, times: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """uint8 pictures (T, C, H, W) by what they are, and the squared error of the predicted image (T,)."""
    import torch

    from genmodels.models.flow_objectives import on_path

    flow, n = family(entry), len(times)
    data = moment.data(entry).expand(n, -1, -1, -1)
    t = torch.from_numpy(times).float()
    x = on_path(data, torch.from_numpy(moment.noise).float().expand_as(data), t)
    found = flow.predict(x, t, moment.labels(entry, n))
    error = (found["image"] - data).square().flatten(1).mean(1)
    pictures = {
        N_("On its way, x at t"): x,
        N_("Velocity"): found["velocity"] / 2,
        N_("Image it points to"): found["image"],
        N_("Noise it points to"): found["noise"],
    }
    return {name: _picture(each.numpy()) for name, each in pictures.items()}, error.numpy()


def _picture(x: np.ndarray) -> np.ndarray:
    """uint8 of numbers around [-1, 1]; what lies outside is clipped."""
    return ((x + 1) * 127.5).clip(0, 255).round().astype(np.uint8)
