"""Browser components of our own: how their scripts, their styles and plotly.js get to the browser.

plotly.js (4.8 MB), scripts and styles travel as files, once a page load, not in the messages, where an inline `js=` would travel again at
every tick. Streamlit can serve a folder in these ways:

- `declare_component(path=...)`, of components v1: any folder, where it lies, for as long as the server lives. Used here.
- static serving: only the folder `static/` beside the entry script, so 4.8 MB would be copied into an app that may be read-only.
- a components v2 manifest: only for an installed distribution; this app runs from its checkout.
- the media file manager: not public, kept in memory, and dropped whenever no page uses it.

The folder's URL must come from the browser, which alone knows the prefix that a proxy or `server.baseUrlPath` adds: Streamlit's own scripts
lie in <root>/static/js/.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v1 import declare_component
from streamlit.components.v2.types import ComponentRenderer

from genmodels.language import current, direction, told
from genmodels.language.languages import ENGLISH

_LOADER = """
const own = document.querySelector('script[src*="static/js/"]').src;
export default async (component) =>
  (await import(new URL("../../component/{module}.own/{name}.js", own))).default(component);
"""


_IMPORT = re.compile(r'from "\./(\w+)\.js"')
_WORD = re.compile(r'\bword\(\s*"([^"]+)"')


def browser_component(name: str) -> ComponentRenderer:
    """The component of `{name}.js` beside this file, whose default export Streamlit calls.

    Without a shadow root (`isolate_styles=False`): plotly.js puts its styles into the document's head, where a shadow root cannot see them.
    """
    loader = _LOADER.format(module=__name__, name=name)
    mount = st.components.v2.component(name, js=loader, isolate_styles=False)

    def mount_served(**options: Any) -> Any:
        _serve()
        if current() != ENGLISH and (said := words(name)):
            texts = {text: told(text) for text in said}
            spoken = {"language": current(), "direction": direction(current()), "texts": texts}
            options["data"] = options["data"] | {"words": spoken}
        return mount(**options)

    return mount_served


@cache
def words(name: str) -> tuple[str, ...]:
    """What the script of a component says by itself, and the scripts that it imports, in English."""
    seen, left, found = set[str](), [name], dict[str, None]()
    while left:
        if (one := left.pop()) not in seen:
            seen.add(one)
            source = (Path(__file__).parent / f"{one}.js").read_text(encoding="utf-8")
            found |= dict.fromkeys(_WORD.findall(source))
            left += _IMPORT.findall(source)
    return tuple(found)


def serve_folder(name: str, folder: Path) -> None:
    """Let the browser have the files of a folder, at ``component/{module}.{name}/`` of the app."""
    declare_component(name, path=str(folder))


def _serve() -> None:
    """Register the folders of plotly.js and of our own scripts with the running server. Repeating it is free; once at import would miss a second server in one process."""
    declare_component("plotly", path=str(files("plotly") / "package_data"))
    declare_component("own", path=Path(__file__).parent)
