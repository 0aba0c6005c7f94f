"""A trained generator as files that need nothing of this project: for torch (``torch.export``), for ONNX, and a script and a
notebook that draw with it.

    python -m genmodels.export.portable MODEL FOLDER
    python -m genmodels.export.portable MODEL --web FOLDER    # as a web page that needs no server
"""

import copy
import io
import json
import tempfile
import threading
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.export import ExportedProgram
from torch.onnx import ONNXProgram

from genmodels.config.arguments import Parser, folder, one_line
from genmodels.inference.load import load_model
from genmodels.inference.restore import Trained
from genmodels.language import N_
from genmodels.models.base import Family
from genmodels.storage.files import write_text
from genmodels.storage.progress import Advance, shown_on_stderr, watched

# While torch traces a network, its weights are stand-ins without values, and only one thread may trace at a time.
TRACING = threading.Lock()
PROGRAM, ONNX, SCRIPT, NOTEBOOK = "model.pt2", "model.onnx", "sample.py", "sample.ipynb"
ABOUT = 'Draws images with "{title}", a model of the Generative Models Lab.'
INSTALL = "pip install torch numpy pillow"
LOAD = """\
from pathlib import Path

import torch
from PIL import Image

model = torch.export.load({folder} / "{program}").module()
"""
SAMPLE = """\
N, COLUMNS = 64, 8  # images, in whole rows
torch.manual_seed(0)
{inputs}
with torch.no_grad():
    images = model({names})  # (N, {channels}, {side}, {side}) in [0, 1]
"""
# Of what was drawn, for a network that completes pictures: it draws the lower halves once more, with z resampled.
COMPLETE = """\
hidden[:, :, : {side} // 2] = 0  # the upper halves are shown; give it pictures of your own in the place of `images`
with torch.no_grad():
    images = model(z[torch.randperm(N)], images, hidden)
"""
# Of a network that gives the velocity of images on their way from noise: Heun's method.
LOOP = """\
N, COLUMNS, STEPS = 64, 8, {steps}  # images, in whole rows; more steps keep closer to the way
torch.manual_seed(0)
{inputs}
times = {grid}
z = (1 - times[0]) * z
with torch.no_grad():
    for t, then in zip(times[:-1], times[1:]):
        velocity = model({point})
        if then < 1:  # the mean of the velocities here and at the end of a plain step
            ahead = z + (then - t) * velocity
            velocity = (velocity + model({ahead})) / 2
        z = z + (then - t) * velocity
images = ((z + 1) / 2).clamp(0, 1)  # (N, {channels}, {side}, {side}) in [0, 1]
"""
GRID = """\
pixels = (255 * images).round().to(torch.uint8)
rows = pixels.unflatten(0, (-1, COLUMNS)).permute(0, 3, 1, 4, 2)  # row, height, column, width, channel
grid = rows.reshape(rows.shape[0] * {side}, COLUMNS * {side}, {channels})
picture = Image.fromarray(grid.squeeze(2).numpy())
"""
SAVE = """\
picture.save("samples.png")
print("samples.png has", N, "images.")
"""


class Drawing(nn.Module):
    """``Family.draw``: noise z (B, D), and what else ``Family.inputs`` names, in its order, to (B, C, H, W)."""

    def __init__(self, family: Family) -> None:
        super().__init__()
        self.family = family
        self.network = family.drawing  # whose weights, and no others, the program is to hold

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.family.draw(**dict(zip(self.family.inputs(), inputs, strict=True)))


def write(trained: Trained, folder: Path) -> None:
    """Write the program, its ONNX, the script and the notebook; raises ``LoadError`` for a model that draws nothing."""
    trained.must_draw()
    folder.mkdir(parents=True, exist_ok=True)
    with watched(N_("exporting {name}", name=trained.folder.name), 3, N_("steps")) as advance:
        program, onnx = programs(trained, advance)
        torch.export.save(program, folder / PROGRAM)
        onnx.save(folder / ONNX)
        write_text(folder / SCRIPT, script(trained))
        write_text(folder / NOTEBOOK, notebook(trained))
        advance(1)


def programs(trained: Trained, advance: Advance = lambda done: None) -> tuple[ExportedProgram, ONNXProgram]:
    """``Drawing`` for torch and for ONNX, of any number of images; raises ``LoadError`` for a model that draws nothing."""
    trained.must_draw()
    given = examples(trained.family, 2)
    free = (tuple({0: torch.export.Dim.DYNAMIC} for _ in given),)  # the number of images
    with TRACING:
        own = copy.deepcopy(trained.family)  # others may draw with it meanwhile
        program = torch.export.export(Drawing(own).eval(), tuple(given.values()), dynamic_shapes=free)
        advance(1)
        onnx = torch.onnx.export(program, input_names=list(given), output_names=[output(given)], verbose=False)
        advance(1)
    assert onnx is not None
    return program, onnx


def examples(family: Family, n: int) -> dict[str, Tensor]:
    """What ``Family.inputs`` makes for ``n`` images, by name."""
    return {name: eval(code, {"torch": torch, "N": n}) for name, code in family.inputs().items()}  # our own code


def output(inputs: Iterable[str]) -> str:
    """What a program with these inputs gives: one that is told the time t gives the velocity there, for a script that takes the
    steps, all others images, under a name that no input has."""
    return "velocity" if "t" in inputs else "completions" if "images" in inputs else "images"


def script(trained: Trained) -> str:
    """A short Python program that draws with the exported one, which lies beside it, and saves a PNG."""
    about, load, sample, grid = _parts(trained, "Path(__file__).parent")
    head = f'"""{about}\n\n{INSTALL}, then: python {SCRIPT}\n"""\n'
    return "\n".join([head, load, sample, grid + SAVE])


def notebook(trained: Trained) -> str:
    """The same as a Jupyter notebook (nbformat 4.5) that shows the images, for the folder where the program lies."""
    about, load, sample, grid = _parts(trained, "Path()")
    names = ", ".join(f"`{name}`" for name in trained.family.inputs())
    cells = [
        ("markdown", f"# {trained.config.default_name}\n\n{about} `{PROGRAM}` must lie beside it; `{INSTALL}`."),
        ("code", load),
        (
            "markdown",
            f"The model is given {names}. Change what it is given, `N` or the seed, and run this cell and the next one again.",
        ),
        ("code", sample),
        ("code", f"{grid}picture"),
    ]
    document = {
        "cells": [_cell(f"cell-{number}", kind, source) for number, (kind, source) in enumerate(cells, 1)],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, indent=1, ensure_ascii=False)


def _parts(trained: Trained, folder: str) -> list[str]:
    """What it is, and the code that loads, samples and makes the grid; ``folder``: where the program lies, in Python."""
    inputs = trained.family.inputs()
    sample = SAMPLE + COMPLETE if "hidden" in inputs else SAMPLE
    values: dict[str, Any] = {
        "title": trained.config.default_name,
        "folder": folder,
        "program": PROGRAM,
        "inputs": "\n".join(f"{name} = {code}" for name, code in inputs.items()),
        "names": ", ".join(inputs),
        "channels": trained.config.channels,
        "side": trained.config.image_size,
    }
    if output(inputs) == "velocity":
        sample, others = LOOP, [name for name in inputs if name not in ("z", "t")]
        values |= _steps(trained.family, others)
        values["inputs"] = "\n".join(f"{name} = {code}" for name, code in inputs.items() if name != "t")
    return [part.format(**values) for part in (ABOUT, LOAD, sample, GRID)]


def _steps(family: Any, others: list[str]) -> dict[str, Any]:
    """What ``LOOP`` needs of a flow whose network is given ``others`` too."""
    return {
        "steps": family.config.num_steps,
        "grid": family.objective.grid_code,
        "point": ", ".join(["z", "t.expand(N)", *others]),
        "ahead": ", ".join(["ahead", "then.expand(N)", *others]),
    }


def _cell(identity: str, kind: str, source: str) -> dict[str, Any]:
    cell = {"id": identity, "cell_type": kind, "metadata": {}, "source": source.rstrip()}
    return cell | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def zipped(trained: Trained) -> bytes:
    """All these files as one zip."""
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        write(trained, Path(name))
        for path in sorted(Path(name).iterdir()):
            archive.write(path, f"{trained.folder.name}/{path.name}")
    return buffer.getvalue()


def main(arguments: list[str] | None = None, prog: str = "python -m genmodels.export.portable") -> None:
    """Write the files that the command line asks for."""
    parser = Parser(prog=prog, description="Write a trained generator as files that need nothing of this project.")
    parser.add_argument("model", metavar="MODEL", help="a run's id, folder or zip, or the name of a pretrained model")
    parser.add_argument("folder", nargs="?", type=folder, metavar="FOLDER", help="where the files go")
    parser.add_argument(
        "--web", type=folder, metavar="FOLDER",
        help="where a web page goes that draws with the model in the browser, and needs no server",
    )  # fmt: skip
    with one_line(prog):
        options = parser.parse_args(arguments)
        if not (options.folder or options.web):
            parser.error(f"give a folder for the files ({prog} MODEL FOLDER), or one for a web page (--web FOLDER).")
        trained = load_model(options.model)
        with shown_on_stderr():
            if options.folder:
                write(trained, options.folder)
                files = f"{PROGRAM}, {ONNX}, {SCRIPT} and {NOTEBOOK}"
                print(f"{options.folder} has {files}: python {options.folder / SCRIPT}")
            if options.web:
                _write_page(options.model, trained, options.web)


def _write_page(name: str, trained: Trained, folder: Path) -> None:
    from genmodels.export.report.sources import source
    from genmodels.export.web.write import write as write_page
    from genmodels.runs.store import Store

    index, *alone = write_page(source(Store(), name), trained, folder)
    print(f"{index} is the page: open it, or put its folder on a server of files, such as GitHub Pages.")
    for file in alone:
        print(f"{file} is the same in one file.")


if __name__ == "__main__":
    main()
