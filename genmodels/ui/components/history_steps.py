"""One step in the browser's history for each thing that the visitor does, so that each press of Back takes back one.

Streamlit makes a step of each change of `st.query_params` and cannot replace one: a page that completes its own address, or changes
three things in it for one press, would have to be left by two presses of Back, or by four. `history_steps.js` has only the first
change after a press make a step; all others replace it.
"""

from genmodels.ui.components.serving import browser_component


def keep_steps() -> None:
    """Have the browser do so."""
    _component(key="history:steps", data={})


_component = browser_component("history_steps")
