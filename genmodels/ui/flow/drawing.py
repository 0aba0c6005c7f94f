"""What a flow draws on its way from noise to image, for all visitors once."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import streamlit as st

from genmodels.language import N_, _
from genmodels.storage.progress import watched
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.models.shared import shared
from genmodels.ui.widgets.noise import noise
from genmodels.ui.widgets.progress import working

if TYPE_CHECKING:
    from genmodels.models.flow import Flow
    from genmodels.models.transport import Transport

BYTES = 2**27  # kept in memory: a hundred ways and more


@dataclass(frozen=True)
class Settings:
    """How to go from noise to image; ``label``: a class, the number of classes for none, or None for all of them in turn."""

    sampler: str
    num_steps: int
    guidance: float
    label: int | None


@dataclass(frozen=True)
class Way:
    """images: uint8 (num_steps + 1, n, C, H, W), at each of the ``times``; milliseconds: for one of the n images."""

    images: np.ndarray
    times: tuple[float, ...]
    milliseconds: float


def transport(entry: Entry) -> "Transport":
    """The flow of ``entry``, whatever it leads noise to; raises ``LoadError``."""
    return cast("Transport", loading.model(entry).family)


def family(entry: Entry) -> "Flow":
    """The flow of ``entry`` that leads noise to pixels; raises ``LoadError``."""
    return cast("Flow", transport(entry))


def starts(entry: Entry, key: str, n: int) -> np.ndarray:
    """The noise (n, *shape) of that key, see ``widgets.noise``."""
    shape = transport(entry).shape
    return noise(key, n, int(np.prod(shape))).reshape(n, *shape)


def way(entry: Entry, z: np.ndarray, settings: Settings) -> Way:
    """From noise z (n, *shape) to images; raises ``LoadError``."""
    return _way(loading.identity(entry), z.tobytes(), settings, entry, z)


@shared(
    BYTES, lambda way: way.images.nbytes, key=lambda identity, noise, settings, entry, z: (identity, noise, settings)
)
def _way(identity: loading.Identity, noise: bytes, settings: Settings, entry: Entry, z: np.ndarray) -> Way:
    import torch

    from genmodels.data.pixels import drawn_to_uint8

    flow, fresh = transport(entry), torch.Generator().manual_seed(0)
    labels = None if settings.label is None else torch.full((len(z),), settings.label)
    with st.spinner(_("{num_steps} steps from noise to image…", num_steps=settings.num_steps)), working():
        begin, states = time.perf_counter(), []
        with watched(N_("from noise to image"), settings.num_steps + 1, N_("steps")) as advance:
            for x in flow.way(
                torch.from_numpy(z).float(), labels, num_steps=settings.num_steps, sampler=settings.sampler,
                guidance=settings.guidance, fresh=lambda x: torch.randn(x.shape, generator=fresh),
            ):  # fmt: skip
                states.append(drawn_to_uint8(flow.images(x)))
                advance(1)
        spent = time.perf_counter() - begin
    times = tuple(flow.objective.grid(settings.num_steps))
    return Way(torch.stack(states).numpy(), times, 1000 * spent / len(z))
