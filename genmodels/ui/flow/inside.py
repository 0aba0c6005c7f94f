"""Inside the network of a flow: its layers at a time between noise and image, and the maps of the chosen one."""

from typing import TYPE_CHECKING

import streamlit as st

from genmodels.checkpoints.test_images import Images
from genmodels.language import _
from genmodels.ui.components.network_diagram import Box
from genmodels.ui.flow.drawing import transport
from genmodels.ui.flow.moment import Moment, choose_moment, test_images_of
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.network.boxes import vector_box
from genmodels.ui.network.inside import TALL, diagram, draw_maps
from genmodels.ui.shell.error_boundary import fragment

if TYPE_CHECKING:
    from torch import Tensor

    from genmodels.latent.layers import Layer

DIAGRAM = 520  # pixels: a U-Net has more layers than a screen, and the maps of each are to be seen beside or below it
NAMES = {"unet": "U-Net", "mlp": "MLP"}


def inside(entry: Entry) -> None:
    """Choose a test image and a time, and see what each layer of the network of ``entry`` makes of it."""
    if images := test_images_of(entry):
        fragment(_inside)(entry, images)


def _inside(entry: Entry, images: Images) -> None:
    bar = st.container(horizontal=True, vertical_alignment="bottom")
    with bar:
        moment = choose_moment(entry, images)
    x, given, found = _through(entry, moment)
    left, right = st.columns([1, 2.1], gap="small")
    with left, st.container(height=DIAGRAM, border=False):
        name = NAMES[transport(entry).name]
        chosen = diagram(name, found, given, [_answer(entry, moment, x, found[-1])])
    with right:
        draw_maps(st.container(horizontal=True), found[chosen], TALL)


def _through(entry: Entry, moment: Moment) -> tuple["Tensor", list[Box], list["Layer"]]:
    """x_t (1, *shape), what the network is given of it, and its layers."""
    import torch

    from genmodels.latent.layers import layers
    from genmodels.models.flow_objectives import on_path

    flow, t = transport(entry), torch.tensor([moment.t])
    x = on_path(moment.data(entry), torch.from_numpy(moment.noise).float(), t)
    seen, time = flow.objective.inputs(x, t)
    given = [
        vector_box(_("On its way, x at t"), seen),
        Box(_("Time: {name} = {value:.2f}", name=flow.objective.time, value=time.item()), (), layer=False),
    ]
    if flow.num_classes:
        told = _("none") if moment.label is None else loading.model(entry).classes[moment.label]
        given.append(Box(f"{_('Class')} {told}", (), layer=False))
    return x, given, layers(flow.averaged[flow.name], seen, time, moment.labels(entry, 1))


def _answer(entry: Entry, moment: Moment, x: "Tensor", last: "Layer") -> Box:
    """The image that the network's output points to."""
    import torch

    from genmodels.data.pixels import drawn_to_uint8
    from genmodels.models.flow_objectives import endpoints
    from genmodels.storage.image_grid import grid

    flow, t = transport(entry), torch.tensor([moment.t])
    image = flow.images(endpoints(x, flow.objective.velocity(last.output, x, t), t)[0])
    return Box(_("Image it points to"), (), grid(drawn_to_uint8(image).numpy()), layer=False)
