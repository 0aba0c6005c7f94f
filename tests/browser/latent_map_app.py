"""The app that `test_latent_map.py` serves: a latent map with all that changes one, and another page."""

import json
import time
from typing import Any

import numpy as np
import streamlit as st

from genmodels.storage.image_grid import data_url, grid, png
from genmodels.ui.components.film_player import Frame, film_player
from genmodels.ui.components.latent_map import Extra, Fact, Kind, Sheet, latent_map
from genmodels.ui.components.live_curves import Panel, Series, live_curves
from tests.browser.afresh import round_number

DIGITS = [Kind("one", "#d62728"), Kind("two", "#2ca02c"), Kind("three", "#1f77b4")]
IMAGES = np.arange(300, dtype=np.uint8)[:, None, None, None] * np.ones((1, 8, 8), np.uint8)  # each of one grey
SHEET = Sheet(data_url(grid(IMAGES, 20, gap=0)), 20, 8, 8)
CLUSTERS = [Kind("left", "orange"), Kind("right", "purple")]


def map_page() -> None:
    number = round_number()
    count = st.selectbox("Points", [300, 60_000], key=f"points {number}")
    points = np.random.default_rng(0).normal(size=(count, 2)) * [3, 2]
    colouring = st.radio("Colour", ["digits", "clusters", "values"], horizontal=True, key=f"colour {number}")
    extra = Extra(np.array([[8.0, -6.0]]), ["drawn"], "yours") if st.toggle("Extra", key=f"extra {number}") else None
    with_images: dict[str, Any] = (
        {"sheet": SHEET, "facts": [Fact("height", values=points[:, 1])]}
        if st.toggle("Images", key=f"images {number}")
        else {}
    )
    film = st.toggle("Film", key=f"film {number}")
    moving = st.toggle("Move", key=f"move {number}")
    token = st.radio("Token", ["first", "second"], horizontal=True, key=f"token {number}")
    by_colouring: dict[str, dict[str, Any]] = {
        "digits": {"kinds": DIGITS, "kind_of": np.arange(count) % 3},
        "clusters": {"kinds": CLUSTERS, "kind_of": points[:, 0] > 0},
        "values": {"values": points[:, 1], "value_label": "height"},
    }

    epochs = [0, 1, 5, 6] if film and st.toggle("Longer", key=f"longer {number}") else [0, 1, 5]
    if film:
        points = np.stack([moment * points for moment in range(len(epochs))])
        by_colouring[colouring]["follows"] = "film"

    @st.fragment(run_every=0.5 if moving else None)
    def draw() -> None:
        shift = np.sin(time.time()) if moving else 0.0
        selected = latent_map(
            points + shift, **by_colouring[colouring], extra=extra, **with_images, key=f"map {number}", token=token
        )
        st.code(json.dumps([len(selected), sum(selected), *selected[:300]]), language=None)
        st.container(height=900)

    draw()
    if film:
        frames = [Frame(f"epoch {epoch}", png(grid(IMAGES[[40 * epoch]]))) for epoch in epochs]
        film_player(frames, key="player", name="Film", seconds=2, film="film", at=epochs)
        rows = [("loss", float(epoch), 1 / (1 + epoch)) for epoch in range(6)]
        panel = Panel("Loss", "nats", (Series("loss", "loss"),))
        live_curves([panel], rows, key="curves", reset_token="film", follows="film")


def other_page() -> None:
    st.write("Nothing here")


st.navigation(
    [st.Page(map_page, title="Map", default=True), st.Page(other_page, title="Other", url_path="other")]
).run()
