"""Write a model's page into a folder, or give it as one file to download."""

import io
import zipfile
from pathlib import Path

from genmodels.export.report.sources import Source
from genmodels.export.web.page import Page, page, runtime_part
from genmodels.inference.restore import Trained

INDEX = "index.html"


def write(source: Source, trained: Trained, folder: Path) -> list[Path]:
    """Write the page as a folder, which a server of files can show or a double click open, and as one file if it is small enough.

    Returns what to open, the one file last. Raises ``LoadError`` for a model that draws nothing, and ``NoRuntimeError``.
    """
    runtime_part()  # before anything is computed
    found = _files(page(source, trained))
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in found.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in found if name.endswith(".html")]


def download(source: Source, trained: Trained) -> tuple[str, bytes]:
    """The name and the bytes of the page as one file or, where that would be too large, of a zip of the folder."""
    made = page(source, trained)
    if whole := made.alone():
        return f"{source.name}.html", whole.encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _files(made).items():
            archive.writestr(f"{source.name}/{name}", text)
    return f"{source.name}.zip", buffer.getvalue()


def _files(made: Page) -> dict[str, str]:
    """All files of the folder by name."""
    runtime, whole = runtime_part(), made.alone()
    one_file = f"{made.source.name}.html" if whole else ""
    files = {INDEX: made.html([runtime, made.model], one_file=one_file)}
    files |= {part.name: part.text for part in (runtime, made.model)}
    return files | ({one_file: whole} if whole else {})
