"""What Streamlit's elements do not let one say of them, such as the language of a text: attributes that the browser sets."""

import json
from collections.abc import Mapping

from genmodels.ui.components.serving import browser_component


def set_attributes(attributes: Mapping[str, Mapping[str, str]], *, key: str) -> None:
    """Give all elements that a CSS selector finds, now and later on this page, its attributes by their names."""
    # As text: into a dictionary Streamlit would look for tables, for which it loads pandas.
    _component(key=key, data={"attributes": json.dumps(attributes)})


_component = browser_component("attributes")
