"""Inside a trained network: its layers as a diagram, the maps of the chosen one, and the real images that excite a channel most."""

from typing import TYPE_CHECKING

import streamlit as st
from PIL import Image
from streamlit.delta_generator import DeltaGenerator

from genmodels.errors import UserError
from genmodels.language import N_, _
from genmodels.language.message import rows_by_columns
from genmodels.ui.components.network_diagram import Box, network_diagram
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.test_images import held_out
from genmodels.ui.network.boxes import as_image, as_picture, input_boxes, layer_boxes, output_boxes
from genmodels.ui.network.passes import excitations, follow, titles
from genmodels.ui.network.pictures import FULL, as_maps, coloured, columns_within, framed
from genmodels.ui.shell.error_boundary import fragment
from genmodels.ui.widgets.images import about, at_most, strip
from genmodels.ui.widgets.inline import inline_number
from genmodels.ui.widgets.text import plain

if TYPE_CHECKING:
    from genmodels.latent.layers import Layer
    from genmodels.models.base import Pass

CHANNELS = 64  # of the maps that are drawn
WIDTH, HEIGHT, TALL = 850, 440, 760  # pixels of the maps at most, and how high they are with nothing below
EXCITING_A_ROW, IMAGE_SIDE = 6, 140  # pixels of an image, about; the browser makes a row as narrow as its place
COLOURS = N_(
    "Each square is one channel after its nonlinearity, as the next layer sees it: black at 0, orange "
    "above, blue below, brighter with the value up to the {full}th percentile of the layer. Channels are "
    "numbered from 0, row by row.",
    full=FULL,
)
LOOKS_FOR = N_(
    "A channel answers to one pattern, wherever in the image that is. These are the test images with its largest values, with a "
    "frame around what it sees there. Early layers find edges and strokes, later ones parts of the whole."
)


def inside(entry: Entry) -> None:
    """Everything about what is inside the networks of ``entry``, and of the classifier that knows its images."""
    if loading.ready(entry):
        fragment(_inside)(entry)


def _inside(entry: Entry) -> None:
    from genmodels.latent.layers import layers

    bar = st.container(horizontal=True, vertical_alignment="center")
    with bar:
        title, number, generated = _choose(entry)
    through = follow(entry, title, number, generated)
    found = layers(through.network, *through.inputs.values())
    left, right = st.columns([1, 2.1], gap="small")
    with left:
        image = as_picture(through, found[-1].output) if through.draws else None
        given, said = input_boxes(entry, through), output_boxes(entry, title, through)
        chosen = diagram(title, found, given, said, image)
    with right:
        if through.draws and chosen == len(found) - 1:
            _draw_image(through, found[chosen])
            return
        draw_maps(bar, found[chosen], TALL if through.draws else HEIGHT)
        if not through.draws and found[chosen].kind != "Embedding":  # which sees no image
            _exciting_images(entry, title, chosen)


def _choose(entry: Entry) -> tuple[str, int, bool]:
    """A network, and which image goes through it: a number, of generated ones or of real ones."""
    known = titles(entry)
    title = st.segmented_control(
        _("Network"), known, format_func=_, default=known[0], required=True, key=f"inside:network:{len(known)}:{known[0]}",
        persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    kind = "generated"
    if title != "Generator":
        kind = st.segmented_control(
            _("Image"), [N_("generated"), N_("real")], format_func=_, default="generated", required=True, key="inside:kind",
            persist_state="session", label_visibility="collapsed",
        )  # fmt: skip
    if kind == "generated":
        number = inline_number(_("Seed"), 9999, 0, "inside:seed")
    else:
        last = len(held_out(entry)) - 1
        number = inline_number(_("Test image"), last, 0, f"inside:image:{last + 1}")
    return title, number, kind == "generated"


def diagram(
    title: str, found: list["Layer"], given: list[Box], said: list[Box], image: Image.Image | None = None
) -> int:
    """Draw the layers between what a network is given and what it says, the last with the ``image`` that it gives, if it gives one; the
    index of the chosen layer."""
    boxes = [*given, *layer_boxes(found, image), *said]
    key = f"inside:diagram:{title}:{len(boxes)}"
    return network_diagram(boxes, key=key, name=_(title), default=len(given) + _first_shown(found)) - len(given)


def _first_shown(found: list["Layer"]) -> int:
    """Of the layers before the last one, which is the image or the answer, the first of those with the largest maps."""
    sides = [layer.output.shape[-1] if layer.output.dim() == 4 else 0 for layer in found[:-1]]
    return max(range(len(sides)), key=sides.__getitem__, default=0)


def _draw_image(through: "Pass", layer: "Layer") -> None:
    image = as_image(through, layer.output)
    strip(image[None], _("The generated image"), scale=at_most(image, TALL))


def draw_maps(bar: DeltaGenerator, layer: "Layer", height: int) -> None:
    """Within so many screen pixels; how many there are is told in the ``bar``."""
    output = layer.output[0].numpy()
    shown = as_maps(output)[:CHANNELS]
    columns, scale = columns_within(shown, WIDTH, height)
    pixels = coloured(shown).repeat(scale, -2).repeat(scale, -1)
    strip(pixels, _("Feature maps of {name}", name=layer.name), columns=columns, scale=1)
    bar.markdown(_count(layer, len(shown)), help=_(COLOURS), width="content")


def _count(layer: "Layer", shown: int) -> str:
    sizes = layer.output.shape[1:]
    if len(sizes) == 1:
        return _("{name}: {n:,} units, row by row", name=layer.name, n=sizes[0])
    count = (
        _("{n} channels", n=sizes[0])
        if shown == sizes[0]
        else _("the first {shown} of {n} channels", shown=shown, n=sizes[0])
    )
    return _("{name}: {count}, {size}", name=layer.name, count=count, size=rows_by_columns(*sizes[1:]))


def _exciting_images(entry: Entry, title: str, chosen: int) -> None:
    try:
        images = held_out(entry).images
        layer = excitations(entry, title)[chosen]
    except UserError as error:
        st.error(plain(error))
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        channel = 0
        if (last := len(layer.images) - 1) > 0:
            channel = inline_number(_("Channel"), last, 0, f"inside:channel:{layer.name}:{last + 1}")
        strongest, weakest = layer.values[channel][[0, -1]].tolist()
        st.markdown(
            _("The {n} of {images:,} test images that excite it most", n=layer.images.shape[1], images=len(images)),
            help=_("{about} Here from {strongest:.2f} down to {weakest:.2f}.", about=_(LOOKS_FOR), strongest=strongest, weakest=weakest), width="content",
        )  # fmt: skip
    scale = about(images[0], IMAGE_SIDE)
    pictures = framed(images[layer.images[channel].numpy()], layer.boxes[channel].numpy(), scale)
    alt = _("Test images that excite channel {channel} of {name} most", channel=channel, name=layer.name)
    strip(pictures, alt, columns=EXCITING_A_ROW, scale=1)
