"""Inside the networks of a trained GAN: the feature maps of one image, and the real images that excite a channel most."""

from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from genmodels.errors import UserError
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.test_images import held_out
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.bounded import number_below
from genmodels.ui.widgets.images import about, strip
from genmodels.ui.widgets.text import plain

if TYPE_CHECKING:
    from genmodels.latent.feature_maps import Excitation, Stage

EXCITING, EXCITING_A_ROW = 12, 6
CHANNELS, CHANNELS_A_ROW = 64, 8  # of the maps that are drawn
MAP_SIDE, IMAGE_SIDE, FRAME = 48, 112, 2  # screen pixels, the first two about
FULL = 99  # the percentile of a layer's absolute values from which on colours are full
ORANGE, BLUE = np.array([255, 150, 40]), np.array([60, 150, 255])


def inside(entry: Entry) -> None:
    """Everything about what is inside the networks of ``entry``."""
    if not loading.ready(entry):
        return
    fragment(_feature_maps)(entry)
    fragment(_exciting_images)(entry)


def _feature_maps(entry: Entry) -> None:
    st.subheader("Feature maps of one image")
    kind = st.segmented_control(
        "Image", ["generated", "real"], default="generated", required=True, key="inside:kind", persist_state="session",
        help="A generated one is followed from its noise through both networks, a test image through the discriminator.",
    )  # fmt: skip
    st.caption(
        "Each square is one channel after its nonlinearity, as the next layer sees it: black at 0, orange above, blue below, "
        f"brighter with the value up to the {FULL}th percentile of the layer. Channels are numbered from 0, {CHANNELS_A_ROW} a row."
    )
    if kind == "generated":
        _generated(entry)
    else:
        _real(entry)


def _generated(entry: Entry) -> None:
    seed = st.number_input("Seed of the noise", 0, 9999, 0, key="inside:seed", persist_state="session", width=160)
    drawing, judging = _follow_noise(entry, seed)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Generator** (averaged weights), from the noise to the image")
        for stage in drawing[:-1]:
            _draw_maps(stage)
        _draw_image(_pixels(drawing[-1]), "The generated image")
    with right:
        _draw_discriminator(judging)


def _real(entry: Entry) -> None:
    try:
        images = held_out(entry).images
    except UserError as error:
        st.error(plain(error))
        return
    index = number_below("Test image", len(images), f"inside:image:{len(images)}", width=160)
    left, right = st.columns([1, 3], gap="medium")
    with left:
        _draw_image(images[index], f"Test image {index}")
    with right:
        _draw_discriminator(_follow_image(entry, images[index]))


def _draw_discriminator(judging: list["Stage"]) -> None:
    st.markdown("**Discriminator**, from the image to its answer")
    for stage in judging[:-1]:
        _draw_maps(stage)
    st.markdown(f"Its answer: **{judging[-1].maps.item():.2f}** (the higher, the more real it finds the image).")


def _draw_maps(stage: "Stage") -> None:
    maps = stage.maps[0].numpy()
    shown = maps[:CHANNELS]
    count = f"{len(maps)} channels" if len(shown) == len(maps) else f"the first {len(shown)} of {len(maps)} channels"
    st.caption(f"{stage.name}: {count}, {maps.shape[1]}×{maps.shape[2]}")
    pixels = _larger(_coloured(shown), about(maps, MAP_SIDE))
    strip(pixels, f"Feature maps of {stage.name}", columns=CHANNELS_A_ROW, scale=1)


def _draw_image(image: np.ndarray, title: str) -> None:
    st.caption(title)
    strip(image[None], title, scale=about(image, IMAGE_SIDE))


def _exciting_images(entry: Entry) -> None:
    st.subheader("What a channel looks for")
    st.markdown(
        "A channel of the discriminator answers to one pattern, wherever in the image that is. Below are the real images that "
        "excite it most, with a frame around what it sees at that place. Early layers find edges and strokes, later ones "
        "parts of the whole; the last layer is the discriminator's answer itself."
    )
    try:
        images = held_out(entry).images
    except UserError as error:
        st.error(plain(error))
        return
    layers = _excitations(loading.identity(entry), entry)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.selectbox(
            "Layer", range(len(layers)), format_func=lambda number: _title(layers[number]), width=260,
            key=f"inside:layer:{len(layers)}", persist_state="session",
        )  # fmt: skip
        layer = layers[number]
        channel = _channel(layer)
    scale = about(images[0], IMAGE_SIDE)
    framed = _framed(images[layer.images[channel].numpy()], layer.boxes[channel].numpy(), scale)
    strip(framed, f"Test images that excite channel {channel} of {layer.name} most", columns=EXCITING_A_ROW, scale=1)
    strongest, weakest = layer.values[channel][[0, -1]].tolist()
    st.caption(
        f"The {len(framed)} of {len(images):,} test images with the largest value of this channel anywhere in its map, "
        f"from {strongest:.2f} down to {weakest:.2f}."
    )


def _channel(layer: "Excitation") -> int:
    channels = len(layer.images)
    if channels == 1:
        return 0
    return number_below("Channel", channels, f"inside:channel:{layer.name}:{channels}", width=140)


def _title(layer: "Excitation") -> str:
    channels = len(layer.images)
    return f"{layer.name}, {channels} channels" if channels > 1 else f"{layer.name}, the answer"


def _follow_noise(entry: Entry, seed: int) -> tuple[list["Stage"], list["Stage"]]:
    """What the generator makes of noise, and the discriminator of that image."""
    import torch

    from genmodels.latent.feature_maps import stages

    family = loading.model(entry).family
    noise = np.random.default_rng(seed).normal(size=(1, entry.config["latent_dim"]))
    drawing = stages(family.averaged["generator"], torch.from_numpy(noise.astype(np.float32)))
    return drawing, stages(family.networks["discriminator"], drawing[-1].maps)


def _follow_image(entry: Entry, image: np.ndarray) -> list["Stage"]:
    import torch

    from genmodels.data.pixels import to_symmetric
    from genmodels.latent.feature_maps import stages

    return stages(loading.model(entry).family.networks["discriminator"], to_symmetric(torch.from_numpy(image[None])))


def _pixels(stage: "Stage") -> np.ndarray:
    """The image that a generator's last stage is, uint8 (C, H, W)."""
    from genmodels.data.pixels import from_symmetric, to_uint8

    return to_uint8(from_symmetric(stage.maps[0])).numpy()


@st.cache_resource(max_entries=8, show_spinner="Looking for what excites each channel…")
def _excitations(identity: loading.Identity, _entry: Entry) -> list["Excitation"]:
    import torch

    from genmodels.latent.feature_maps import most_exciting

    discriminator = loading.model(_entry).family.networks["discriminator"]
    return most_exciting(discriminator, torch.from_numpy(held_out(_entry).images), EXCITING)


def _coloured(maps: np.ndarray) -> np.ndarray:
    """(C, H, W) -> uint8 (C, 3, H, W): black at 0, full orange from a high percentile of all absolute values on, full blue below."""
    full = np.percentile(np.abs(maps), FULL) or 1.0  # where nearly all are 0
    share = (maps / full)[..., None]
    colours = share.clip(0, 1) * ORANGE + (-share).clip(0, 1) * BLUE
    return colours.round().astype(np.uint8).transpose(0, 3, 1, 2)


def _framed(images: np.ndarray, boxes: np.ndarray, scale: int) -> np.ndarray:
    """Enlarged images, uint8 (N, 3, H, W), with a frame around the part of each box that lies in it.

    images: uint8 (N, C, H, W); boxes: (N, 4), pixels as top, left, bottom, right.
    """
    colour = np.repeat(images, 3, axis=1) if images.shape[1] == 1 else images
    framed = _larger(colour, scale)
    for picture, box in zip(framed, boxes.clip(0, images.shape[-1]) * scale, strict=True):
        top, left, bottom, right = box
        seen = picture[:, top + FRAME : bottom - FRAME, left + FRAME : right - FRAME].copy()
        picture[:, top:bottom, left:right] = ORANGE[:, None, None]
        picture[:, top + FRAME : bottom - FRAME, left + FRAME : right - FRAME] = seen
    return framed


def _larger(pictures: np.ndarray, scale: int) -> np.ndarray:
    """(..., H, W) -> (..., scale H, scale W), each pixel a square."""
    return pictures.repeat(scale, -2).repeat(scale, -1)
