"""A trained generator as files that need nothing of this project: for torch (``torch.export``), for ONNX, and a script that
draws with it.

    python -m genmodels.portable RUN_OR_SHIPPED FOLDER
"""

import argparse
import io
import sys
import tempfile
import zipfile
from pathlib import Path

import torch
from torch import Tensor, nn

from genmodels import inference
from genmodels.errors import UserError
from genmodels.files import write_text
from genmodels.inference import Trained
from genmodels.models.family import Family

PROGRAM, ONNX, SCRIPT = "model.pt2", "model.onnx", "sample.py"
TEMPLATE = '''\
"""Draws images with "{title}", a model of the Generative Models Lab.

pip install torch pillow, then: python sample.py
"""

from pathlib import Path

import torch
from PIL import Image

N, COLUMNS = 64, 8
torch.manual_seed(0)
{inputs}
model = torch.export.load(Path(__file__).with_name("{program}")).module()
with torch.no_grad():
    images = model({names})  # (N, {channels}, {side}, {side}) in [0, 1]

pixels = (255 * images).round().to(torch.uint8)
rows = pixels.unflatten(0, (-1, COLUMNS)).permute(0, 3, 1, 4, 2)  # row, height, column, width, channel
grid = rows.reshape(rows.shape[0] * {side}, COLUMNS * {side}, {channels})
Image.fromarray(grid.squeeze(2).numpy()).save("samples.png")
print("samples.png has", N, "images.")
'''


class Drawing(nn.Module):
    """``Family.sample`` with all its inputs given: noise z (B, D), and what else ``Family.inputs`` names, to (B, C, H, W)."""

    def __init__(self, family: Family) -> None:
        super().__init__()
        self.family = family
        self.networks = nn.ModuleDict(family.averaged)  # whose weights the program is to hold

    def forward(self, *inputs: Tensor) -> Tensor:
        return self.family.sample(inputs[0].shape[0], **dict(zip(self.family.inputs(), inputs, strict=True)))


def write(trained: Trained, folder: Path) -> None:
    """Write the program, its ONNX and the script; raises ``LoadError`` for a model that draws nothing."""
    trained.must_draw()
    folder.mkdir(parents=True, exist_ok=True)
    examples = tuple(eval(code, {"torch": torch, "N": 2}) for code in trained.family.inputs().values())  # our own code
    free = (tuple({0: torch.export.Dim.DYNAMIC} for _ in examples),)  # the number of images
    program = torch.export.export(Drawing(trained.family).eval(), examples, dynamic_shapes=free)
    torch.export.save(program, folder / PROGRAM)
    exported = torch.onnx.export(program, verbose=False)
    assert exported is not None
    exported.save(folder / ONNX)
    write_text(folder / SCRIPT, script(trained))


def script(trained: Trained) -> str:
    """A short Python program that draws with the exported one."""
    inputs = trained.family.inputs()
    return TEMPLATE.format(
        title=trained.config.label, inputs="\n".join(f"{name} = {code}" for name, code in inputs.items()),
        names=", ".join(inputs), program=PROGRAM, channels=trained.config.channels, side=trained.config.image_size,
    )  # fmt: skip


def zipped(trained: Trained) -> bytes:
    """All three files as one zip."""
    buffer = io.BytesIO()
    with tempfile.TemporaryDirectory() as name, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        write(trained, Path(name))
        for path in sorted(Path(name).iterdir()):
            archive.write(path, f"{trained.folder.name}/{path.name}")
    return buffer.getvalue()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m genmodels.portable", description=__doc__.partition("\n")[0])
    parser.add_argument("model", metavar="RUN_OR_SHIPPED", help="a run's id, or the name of a shipped model")
    parser.add_argument("folder", type=Path, help="where the files go")
    options = parser.parse_args()
    try:
        write(inference.load(options.model), options.folder)
    except UserError as error:
        sys.exit(f"portable: {error}")
    print(f"{options.folder} has {PROGRAM}, {ONNX} and {SCRIPT}: python {options.folder / SCRIPT}")


if __name__ == "__main__":
    main()
