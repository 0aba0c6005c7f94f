"""Training a VAE and a GAN alike, to stand beside each other."""

import time
from typing import Any

import streamlit as st

from genmodels.datasets import DATASETS
from genmodels.errors import UserError
from genmodels.families import DCGANConfig, VAEConfig
from genmodels.ui import changes
from genmodels.ui.form import TITLES
from genmodels.ui.state import select


def start_pair(partner: str) -> None:
    """A form that trains both, one after the other; the page then shows the VAE, and the GAN is the choice ``partner``."""
    with st.form("pair", border=True):
        kept: dict[str, Any] = {"persist_state": "session"}
        first, second, third, fourth = st.columns([2, 1, 1, 1], vertical_alignment="bottom")
        data = [name for name in DATASETS if name != "folder"]
        values = {
            "dataset": first.selectbox("Images", data, format_func=TITLES.__getitem__, key="pair:data", **kept),
            "epochs": second.number_input("Epochs each", 1, 2000, 5, key="pair:epochs", **kept),
            "seed": third.number_input("Seed", 0, 2**31 - 1, 0, key="pair:seed", **kept),
        }
        if not fourth.form_submit_button("Train both", type="primary", icon=":material/play_arrow:", width="stretch"):
            return
    now, started = time.strftime("%d %b %H.%M.%S"), []
    try:
        for config in (VAEConfig.model_validate(values), DCGANConfig.model_validate(values)):
            started.append(changes.start(config, f"Pair {now}: {config.acronym}").id)
    except (UserError, OSError) as error:
        st.error(f"Not both could be started: {error}")
        return
    vae, st.session_state[partner] = started
    select("vae", vae)
    st.rerun()
