"""A first training, from the overview."""

import streamlit as st

from genmodels.config.families import VAEConfig
from genmodels.errors import UserError
from genmodels.jobs.policy import policy
from genmodels.language import N_, _
from genmodels.ui.access import commands
from genmodels.ui.access.permission import may_train
from genmodels.ui.components.go_to_page import follow
from genmodels.ui.session import remember
from genmodels.ui.shell.navigation import page_of
from genmodels.ui.widgets.text import plain

WHAT_HAPPENS = N_(
    "Two minutes. One press trains a small VAE on 4,000 embedded digits, and leads you to it. Then:\n"
    "1. Watch the **negative ELBO** fall: it is the bound on $-\\log p(x)$ that training minimises.\n"
    "2. Watch the **samples**: noise at first, digits after some seconds. The slider below them goes back in time.\n"
    "3. Open **Latent space** when it is finished: each point is a test image, and like digits lie together.\n"
    "4. Open **Decoder**, move a code by hand, and see what it means."
)
CONFIG = VAEConfig(epochs=15, preview_every=0.5)


def tour() -> None:
    """Draw the button; nothing where the visitor may not train."""
    if not may_train() or not st.button(
        _("Start the tour"), type="primary", icon=":material/play_arrow:", help=_(WHAT_HAPPENS)
    ):
        return
    try:
        epochs = min(CONFIG.epochs, policy().most_epochs or CONFIG.epochs)
        run = commands.start(CONFIG.model_copy(update={"epochs": epochs}), "Tour")
    except (UserError, OSError) as error:
        st.error(_("The tour could not start: {error}", error=plain(error)))
        return
    remember(CONFIG.family, run.id)
    follow(page_of(CONFIG.family), _("Watch it"), {"run": run.id})
