"""The files of a page: HTML with styles and script in it, and beside it, or in it too, the runtime and the model.

Runtime and model are scripts that hold text, gzip in base64: a page that was opened from the disk may run scripts that lie beside it, and
read no other file.
"""

import base64
import gzip
import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps

from genmodels.export.portable import programs
from genmodels.export.report.sources import Source
from genmodels.export.web.curves import Curves, curves_of
from genmodels.export.web.record import record
from genmodels.export.web.runtime import runtime
from genmodels.inference.restore import Trained
from genmodels.language import LANGUAGES, direction, told, typeface
from genmodels.language.languages import ENGLISH

FOLDER = Path(__file__).parent
# In the order in which each needs those before it.
MODULES = (
    *("parts", "random", "transport", "picture", "words", "controls", "network"),
    *("completing", "drawing", "flowing", "map", "main"),
)
MOST_BYTES = 15_000_000  # of a page that is one file
IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
EXPORT = re.compile(r"^export ", re.MULTILINE)
EXPORTED = re.compile(r"export\{([^}]*)\};\s*(?://#.*)?\s*$")


@dataclass(frozen=True)
class Part:
    """A script that holds data; ``inline``: in the page itself."""

    name: str
    text: str
    inline: bool = False


@dataclass(frozen=True)
class Page:
    """What one model's page is made of, but for the runtime."""

    source: Source
    record: dict[str, Any]
    curves: list[Curves]
    model: Part

    @property
    def tab(self) -> dict[str, str]:
        """What the browser calls it, by language: titles are often the same, and names are not."""
        return {code: f"{title} · {self.source.name}" for code, title in in_each_language(self.source.title).items()}

    def html(self, parts: Sequence[Part], gallery: str = "", one_file: str = "") -> str:
        """The page, with ``parts`` beside or in it, and links to a ``gallery`` and to itself as ``one_file``."""
        return render(
            "page.html.jinja",
            script(),
            [part.text for part in parts if part.inline],
            beside=not all(part.inline for part in parts),
            name=self.source.name,
            title=self.source.title,
            tab=self.tab,
            record=self.record,
            curves=self.curves,
            command=self.source.command,
            parts=parts,
            gallery=gallery,
            one_file=one_file,
        )

    def alone(self) -> str | None:
        """The page as one file; None where that would be larger than ``MOST_BYTES``."""
        whole = self.html([replace(part, inline=True) for part in (runtime_part(), self.model)])
        return whole if len(whole.encode()) <= MOST_BYTES else None


def page(source: Source, trained: Trained) -> Page:
    """The page of a model; raises ``LoadError`` for one that draws nothing."""
    _, onnx = programs(trained)
    for node in onnx.model_proto.graph.node:
        del node.metadata_props[:]  # where in the code it comes from, with the paths of this machine
    model = data_part("model", f"{source.name}.js", onnx.model_proto.SerializeToString())
    return Page(source, record(source, trained), list(curves_of(source)), model)


@cache
def runtime_part() -> Part:
    """ONNX Runtime's WebAssembly; raises ``NoRuntimeError``."""
    return data_part("runtime", "runtime.js", runtime()[1])


def data_part(key: str, name: str, data: bytes) -> Part:
    """A script that leaves ``data`` as ``parts.KEY``."""
    packed = base64.b64encode(gzip.compress(data, mtime=0)).decode()
    return Part(name, f'(globalThis.parts ??= {{}}).{key} = "{packed}";')


def render(template: str, script: str, inline: Sequence[str] = (), beside: bool = False, **values: Any) -> str:
    """An HTML file, whose policy lets it run its ``script``, others that are ``inline`` and what lies ``beside`` it, and nothing
    from elsewhere."""
    templates = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,  # names and commands are whatever somebody has typed
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["json"] = partial(
        htmlsafe_json_dumps, dumps=partial(json.dumps, allow_nan=False, ensure_ascii=False)
    )
    templates.filters |= {"direction": direction, "told": in_each_language}
    style = styles()
    allowed = ["'self'"] if beside else []
    allowed += [_hash(text) for text in (*inline, script)]
    policy = {
        "default-src": "'none'",
        "script-src": " ".join([*allowed, "'wasm-unsafe-eval'"]),
        "style-src": _hash(style),
        "img-src": "data:",
        "font-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return templates.get_template(template).render(
        policy="; ".join(f"{name} {value}" for name, value in policy.items()),
        style=style,
        script=script,
        words=words(),
        languages=LANGUAGES,
        english=ENGLISH,  # what is read until the script tells it in another
        **values,
    )


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """What pages say, by key and language."""
    with (FOLDER / "words.toml").open("rb") as file:
        texts = tomllib.load(file)
    return {key: in_each_language(text) for key, text in texts.items()}


def in_each_language(text: str) -> dict[str, str]:
    """A text by language: the same in all of them where somebody has typed it, and no catalogue knows it."""
    return {code: told(text, code) for code in LANGUAGES}


@cache
def script() -> str:
    """What runs on a model's page; raises ``NoRuntimeError``."""
    ort, exported = EXPORTED.subn(_returned, runtime()[0])
    assert exported == 1
    return f"const ort = (() => {{\n{ort}\n}})();\n{joined(*MODULES)}\nstart(ort);\n"


def joined(*modules: str) -> str:
    """Modules as one, each after those that it needs: within a page, none could be imported by another."""
    texts = ((FOLDER / f"{name}.js").read_text(encoding="utf-8") for name in modules)
    return "\n".join(EXPORT.sub("", IMPORT.sub("", text)) for text in texts)


def _returned(exports: re.Match[str]) -> str:
    """``export { a as Name };`` as ``return { Name: a };``."""
    pairs = (pair.split(" as ") for pair in exports[1].split(","))
    return f"return {{ {', '.join(f'{name}: {own}' for own, name in pairs)} }};"


@cache
def styles() -> str:
    """Those of all pages, with the typeface of Persian letters."""
    sheets = (
        (folder / name).read_text(encoding="utf-8")
        for folder, name in ((FOLDER.parent, "paper.css"), (FOLDER, "page.css"))
    )
    return "\n".join([typeface.faces(), *sheets])


def _hash(text: str) -> str:
    """By which a policy knows an inline script or style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
