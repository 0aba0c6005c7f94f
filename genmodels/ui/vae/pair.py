"""Training a VAE and a GAN alike, to be compared."""

import streamlit as st

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.language import _
from genmodels.ui.session import select
from genmodels.ui.training.matched_runs import shared_fields, start_alike


def start_pair(partner: str) -> None:
    """A form that trains both, one after the other; the page then shows the VAE, and the GAN is the choice ``partner``."""
    with st.form("pair", enter_to_submit=False, border=True):
        *columns, last = st.columns([4, 2, 2, 3], vertical_alignment="bottom")
        values = shared_fields(columns, "pair")
        if not last.form_submit_button(_("Train both"), type="primary", icon=":material/play_arrow:", width="stretch"):
            return
    configs = (VAEConfig.model_validate(values), DCGANConfig.model_validate(values))
    started = start_alike("pair", {config.acronym: config for config in configs})
    if started is None:
        return
    vae, gan = started
    st.session_state[partner] = gan.id
    select("vae", vae.id)
    st.rerun()
