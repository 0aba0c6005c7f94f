"""The way from a VAE to a flow that leads noise to its codes."""

import streamlit as st

from genmodels.checkpoints.pretrained import Pretrained, pretrained_models
from genmodels.config.families import LatentFlowConfig
from genmodels.language import N_, _
from genmodels.ui.access.whose import shown
from genmodels.ui.models import family_switch
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.session import get_store
from genmodels.ui.shell.navigation import page_of

FAMILY = "latent_flow"
ABOUT = N_(
    "Codes from the prior draw something between two kinds of image now and then: the codes of images do not fill it. A flow learns where "
    "they are."
)
TAB = "Where codes come from"


def flow_link(vae: Entry) -> None:
    """A link to a flow of the codes of ``vae``, or to the form that trains one."""
    name = vae.name if isinstance(vae, Pretrained) else vae.id
    flows = [run.id for run in shown(get_store().runs()) if _is_of(run, name) and run.state == "finished"]
    flows += [model.name for model in pretrained_models(FAMILY) if _is_of(model, name)]
    if flows:
        label, query = _("Part 4: better samples of this decoder, by a flow"), {"run": flows[0], "tab": TAB}
    else:
        label = _("Part 4: train a flow of these codes, for better samples")
        query = {family_switch.KEY: LatentFlowConfig.title, "set": f"vae:{name}"}
    st.page_link(page_of(FAMILY), label=label, icon=":material/arrow_forward:", query_params=query, help=_(ABOUT))


def _is_of(entry: Entry, vae: str) -> bool:
    return entry.config["family"] == FAMILY and entry.config.get("vae") == vae
