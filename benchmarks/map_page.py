"""The page that ``map_frames`` measures: a latent map of as many points as the address says, at two moments, with their images."""

import tempfile
from pathlib import Path

import numpy as np
import streamlit as st

from genmodels.data.load import load_dataset
from genmodels.latent.clusters import Clusters, cluster
from genmodels.latent.codes import Codes
from genmodels.storage.image_grid import grid, png
from genmodels.ui.components.film_player import Frame, film_player
from genmodels.ui.components.latent_map import latent_map
from genmodels.ui.vae.map_look import look

FILM = "film"


@st.cache_resource
def made(count: int) -> tuple[np.ndarray, Codes, Clusters]:
    """Where so many points are at two moments, (2, N, 2), both at random; the embedded digits, over and over, are their images."""
    digits = load_dataset("mnist-sample", "train", image_size=28, channels=1)
    which = np.arange(count) % len(digits)
    assert digits.labels is not None
    images, labels = digits.images.numpy()[which], digits.labels.numpy()[which]
    numbers = np.random.default_rng(0)
    mu = numbers.normal(size=(count, 2)).astype(np.float32)
    codes = Codes(Path(tempfile.gettempdir()), images, images, labels, digits.classes, mu, 0 * mu, mu[:, 0] ** 2)
    return np.stack([mu, mu + numbers.normal(0, 0.3, mu.shape)]), codes, cluster(mu, 10)


count = int(st.query_params["points"])
points, codes, clusters = made(count)
picked = latent_map(points, **look(codes, clusters, "label"), key="map", token=str(count), follows=FILM)
st.text(f"Python got {len(picked)}")
frames = [Frame(f"moment {moment}", png(grid(codes.images[:1]))) for moment in range(2)]
film_player(frames, key="player", name="Film", seconds=2, film=FILM, at=[0, 1])
