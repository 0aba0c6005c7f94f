"""What the tabs of a conditional GAN need: a trained model with the condition that the tab is about."""

import streamlit as st

from genmodels.checkpoints.pretrained import pretrained_models
from genmodels.config.families import FAMILIES
from genmodels.language import N_, _
from genmodels.ui.models import loading
from genmodels.ui.models.model_picker import Entry
from genmodels.ui.shell.navigation import page_of
from genmodels.ui.widgets.images import show_enlarged

OTHERWISE = {
    "label": N_(
        "This model was shown parts of pictures and knows no classes: choose one whose condition is the label, or "
        "train it under *Train*, *Model*, *Condition: label*."
    ),
    "picture": N_(
        "This model is conditioned on classes and cannot complete pictures: choose one whose condition is the picture, or "
        "train it under *Train*, *Model*, *Condition: picture*."
    ),
}
DRAWN = {"label": "samples", "picture": "completions"}  # what shows best what a model with that condition does
SIDE = 560  # pixels of that


def has_condition(entry: Entry, condition: str) -> bool:
    """Whether ``entry`` has that condition and can be loaded; if not, one sentence says why."""
    if entry.config["condition"] != condition:
        st.info(_(OTHERWISE[condition]))
        for model in pretrained_models("cgan"):
            if model.config["condition"] == condition:
                here = {"run": model.name, "tab": st.query_params.get("tab", "")}
                st.page_link(
                    page_of("cgan"),
                    label=_("Open {name}", name=model.name),
                    icon=":material/arrow_forward:",
                    query_params=here,
                )
                if picture := model.picture(DRAWN[condition]):
                    caption = _(FAMILIES["cgan"].pictures[DRAWN[condition]])
                    with st.container(width=SIDE):
                        show_enlarged(str(picture), caption)
                        st.caption(caption)
        return False
    return loading.ready(entry)
