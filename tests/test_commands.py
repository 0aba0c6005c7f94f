"""Every command in the documents is run as it stands there; what would take long, with the shortest settings that there are.

The images are a few in MNIST's layout.
"""

import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt

from genmodels.storage.paths import PROJECT
from tests.data.test_torchvision_sets import write_mnist
from tests.support.commands import WAYS
from tests.support.tiers import some
from tests.test_documentation import TEXT

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_signals")]

PLACEHOLDERS = {
    "FOLDER": "folder",
    "checkpoints/NAME": "checkpoints/classifier-mnist",
    "NAME": "classifier-mnist",
}
INLINE = r"(python -m \S+ |python train\.py |genmodels [a-z]+ )\S"


def blocks() -> Iterator[str]:
    """What stands in the documents as code: blocks, and commands within a text."""
    texts = (
        text for name, text in TEXT.items() if name != "docs/options.md"
    )  # which is made, and has a family a heading
    for token in (token for text in texts for token in MarkdownIt().parse(text)):
        if token.type == "code_block":
            yield token.content
        for part in token.children or ():
            if part.type == "code_inline" and re.match(INLINE, part.content):
                yield part.content


def written() -> list[str]:
    """The commands among them, each once, also those after "or:" in a comment."""
    found: list[str] = []
    for line in (
        "\n".join(block for block in blocks() if not block.startswith("import ")).replace("\\\n", " ").splitlines()
    ):
        found += [line.partition(" #")[0].strip(), *re.findall(r"# or: (.+)$", line)]
    return list(dict.fromkeys(filter(None, found)))


def way_of(command: str) -> tuple[str, Callable[..., None] | str]:
    return next((start, way) for start, way in WAYS.items() if command.startswith(start))


RUN = [command for command in written() if callable(way_of(command)[1])]


@pytest.fixture(autouse=True)
def lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder to work in, and a few images in MNIST's layout."""
    write_mnist(tmp_path / "data" / "MNIST" / "raw", packed=False)
    monkeypatch.setenv("GENMODELS_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "checkpoints").symlink_to(PROJECT / "checkpoints")


@pytest.mark.filterwarnings("ignore:.*found in sys.modules")
@pytest.mark.parametrize(
    "command", some(RUN, *(command for command in RUN if not command.startswith(("torchrun", "accelerate"))))
)
def test_a_command_of_the_documents_does_what_it_is_there_for(command: str):
    start, way = way_of(command)
    assert callable(way)
    way(*(PLACEHOLDERS.get(word, word) for word in shlex.split(command.removeprefix(start))))


def test_what_is_not_run_here_is_tested_elsewhere():
    used = {way_of(command) for command in written()}
    assert {start for start, _ in used} == {*WAYS}, "none is without a command"
    assert all((PROJECT / way.partition(",")[0]).is_file() for way in WAYS.values() if isinstance(way, str))


def test_the_python_of_the_readme_draws_images():
    (block,) = (block for block in blocks() if block.startswith("import "))
    names: dict[str, Any] = {}
    exec(block, names)
    assert names["images"].shape == (16, 1, 28, 28)
