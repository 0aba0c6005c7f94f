"""How long runs last here: on this disk, and in the mirror, which is kept for all visitors."""

from pathlib import Path

import streamlit as st

from genmodels.jobs import hub_mirror
from genmodels.jobs.hub_mirror import MINUTES, Mirror
from genmodels.language import _
from genmodels.storage.paths import fleeting, home
from genmodels.ui.session import get_store
from genmodels.ui.widgets.text import plain


def keep_mirror() -> Mirror | None:
    """The mirror, begun by the server's first visitor; None where the operator has named none."""
    return _start(home(), hub_mirror.repository())


@st.cache_resource(show_spinner=False)
def _start(root: Path, repository: str | None) -> Mirror | None:
    return hub_mirror.start(get_store())


def lasting_notice() -> None:
    """Say whether runs outlast this server, and what is in the way."""
    kept = keep_mirror()
    if kept is None:
        if fleeting():
            st.warning(
                _(
                    "This server has no disk of its own: when it restarts, the runs are gone. Select a run and download it as "
                    "a zip, which brings it back here or anywhere else."
                ),
                icon=":material/save:",
            )
        return
    if kept.trouble:
        st.warning(
            _(
                "Runs are not being mirrored. {trouble} It is tried again every {minutes} minutes; until then, "
                "download what you want to keep as a zip.",
                trouble=plain(kept.trouble),
                minutes=MINUTES,
            ),
            icon=":material/cloud_off:",
        )
    elif not kept.ready:
        st.info(_("Runs are being brought back from the mirror: come back to this page in a while."))
    else:
        st.caption(
            _(
                "While a run trains, it is copied to {repository} on the Hugging Face Hub every {minutes} minutes if "
                "there is a new checkpoint, and again when it has ended. A server that has lost its disk brings it "
                "back from there.",
                repository=kept.repository,
                minutes=MINUTES,
            )
        )
    for name, reason in kept.refused.copy().items():  # the mirror's thread may add to it
        st.warning(_("{name} in the mirror was not brought back. {reason}", name=plain(name), reason=plain(reason)))
