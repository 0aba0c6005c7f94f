"""An image that the visitor draws or uploads: its code, and what the decoder makes of it."""

import io
from typing import NamedTuple

import numpy as np
import streamlit as st
from PIL import Image

from genmodels.config.datasets import DATASETS, DIGITS
from genmodels.data.image_file import decode, fit, reason
from genmodels.data.like_mnist import like_mnist
from genmodels.export.figures import code_bars
from genmodels.jobs.policy import PolicyError, policy
from genmodels.language import N_, _
from genmodels.latent.codes import Codes
from genmodels.ui.access.permission import own_images
from genmodels.ui.components.draw_pad import draw_pad
from genmodels.ui.components.static_chart import chart
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import at_most, strip
from genmodels.ui.widgets.text import plain
from genmodels.ui.widgets.uploads import let_go

CODE = "own:code"
DRAW, UPLOAD = N_("Draw"), N_("Upload")
KEYS = N_("With the keyboard: arrows move the chalk, Enter puts it down or lifts it.")
MOST_MEGABYTES = 10  # of a picture, which a camera seldom makes as large


class OwnCode(NamedTuple):
    """The code (D,) of the visitor's own image, and what maps call that."""

    name: str
    mu: np.ndarray


def own_code(latent_dim: int) -> OwnCode | None:
    """What the visitor has drawn or uploaded, if there is anything with a code of such a length."""
    own: OwnCode | None = st.session_state.get(CODE)
    return own if own is not None and len(own.mu) == latent_dim else None


@fragment
def own_image(entry: Entry, codes: Codes) -> None:
    """Draw or upload one; its code then also appears on the maps of the latent space."""
    of_digits = DATASETS[entry.config["dataset"]].classes == DIGITS
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(_("Your own digit") if of_digits else _("Your own image"), width="content")
        ways = [DRAW, UPLOAD] if own_images() else [DRAW]
        way = st.segmented_control(
            _("How"), ways, format_func=_, default=DRAW, required=True, label_visibility="collapsed"
        )
    left, right = st.columns([1, 3], gap="medium")
    with left:
        title = _("A picture of a digit") if of_digits else _("A picture of an image")
        picture = _drawn() if way == DRAW else _upload(title)
    with right:
        if picture is None:
            st.session_state.pop(CODE, None)
            st.markdown(
                _("Draw a digit, or upload a picture of one. Until then this is test image 0.")
                if of_digits
                else _("Draw an image, or upload a picture of one. Until then this is test image 0."),
                help=_(KEYS),
            )
            _code(_("Test image 0"), codes.images[0], codes.reconstructions[0], codes.mu[0], codes.logvar[0], codes.kl)
            return
        image = _prepared(picture, of_digits, *codes.images.shape[1:3])
        mu, logvar = (array[0] for array in loading.encode(entry, image[None]))
        st.session_state[CODE] = OwnCode(N_("your digit") if of_digits else N_("your image"), mu)
        how = (
            _("centred and scaled like those of MNIST")
            if of_digits
            else _("cut to a square and resized like the run's own images")
        )
        whose = _("Your digit") if of_digits else _("Your image")
        st.markdown(_("{whose}, {how}. Its code also shows on the maps in *Latent space*.", whose=whose, how=how))
        _code(whose, image, loading.generate(entry, mu[None])[0], mu, logvar, codes.kl)


def _code(whose: str, image: np.ndarray, again: np.ndarray, mu: np.ndarray, logvar: np.ndarray, kl: np.ndarray) -> None:
    """An image and its reconstruction, uint8 (C, H, W), beside the bars of its code; mu, logvar, kl: (D,)."""
    with st.container(key="beside-own-code"):
        pictures, bars = st.columns([1, 2])
    with pictures:
        both = np.stack([image, again])
        strip(both, _("{whose} as the encoder sees it, and its reconstruction", whose=whose), scale=at_most(both, 112))
        st.caption(_("{whose}, and what the decoder makes of its code", whose=whose))
    with bars:
        alt = _("{whose}: mean and standard deviation of each dimension of its code", whose=whose)
        chart(code_bars(mu, np.exp(logvar / 2), kl), alt, "own:bars")


def _prepared(picture: Image.Image, of_digits: bool, channels: int, side: int) -> np.ndarray:
    """The picture as the images of the run are, uint8 (C, H, W)."""
    if not of_digits:
        return fit(picture, side, channels)
    return np.repeat(like_mnist(np.asarray(picture.convert("L")), side)[None], channels, axis=0)


def _drawn() -> Image.Image | None:
    drawing = draw_pad("own:pad")
    return None if drawing is None else Image.fromarray(drawing)


def _upload(title: str) -> Image.Image | None:
    kinds = ["png", "jpg", "jpeg", "webp", "bmp"]
    file = st.file_uploader(title, kinds, key="own:file", max_upload_size=MOST_MEGABYTES)
    if file is None:
        return None
    if file.size > MOST_MEGABYTES * 2**20:  # whoever sends it need not be the browser that asks first
        let_go(file)
        st.error(
            _(
                "{title} takes at most {most} MB: choose a smaller one.",
                title=title,
                most=MOST_MEGABYTES,
            )
        )
        return None
    try:
        policy().check_images([file.size])
        return decode(io.BytesIO(file.getvalue()))
    except PolicyError as error:
        st.error(plain(error))
        return None
    except Exception as error:  # Pillow's many readers fail in as many ways
        st.error(
            _(
                "This picture cannot be taken, because {reason}: choose another PNG or JPEG picture.",
                reason=reason(error),
            )
        )
        return None
