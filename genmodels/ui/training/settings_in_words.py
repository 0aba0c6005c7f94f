"""Some settings of a config in one line, by the names that the form has for them."""

from collections.abc import Mapping
from typing import Any

from genmodels.config.base import RunConfig
from genmodels.config.wording import field_label
from genmodels.language import _, listed
from genmodels.language.figures import in_digits
from genmodels.ui.widgets.text import plain


def settings_in_words(config: type[RunConfig], values: Mapping[str, Any]) -> str:
    """Markdown; empty where there are no ``values``."""
    fields = config.model_fields
    return listed(plain(f"{_(field_label(name, fields[name]))} {_shown(value)}") for name, value in values.items())


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return _("on") if value else _("off")
    if isinstance(value, int | float):
        return in_digits(value, "g" if isinstance(value, float) else "")
    return _(value)
