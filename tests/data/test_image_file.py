"""Files of unusual kinds: scaled, or named and left out, and never silently empty."""

import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from genmodels.data.folder_check import inspect_folder
from genmodels.data.image_file import FORMATS, ImageError, decode, is_colourful
from genmodels.data.load import load_dataset
from tests.data.test_folder import fill
from tests.support.helpers import marked, refusal

RAMP = np.linspace(0, 1, 64).reshape(8, 8)
EIGHT_BITS = np.rint(RAMP * 255).astype(np.uint8)


def saved(image: Image.Image, kind: str) -> io.BytesIO:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    buffer.seek(0)
    return buffer


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        pytest.param(RAMP.astype(np.float32), "tiff", id="floats from 0 to 1"),
        pytest.param(EIGHT_BITS.astype(np.float32), "tiff", id="floats from 0 to 255"),
        pytest.param((RAMP * 65535).astype(np.float32), "tiff", id="floats from 0 to 65,535"),
        pytest.param(EIGHT_BITS.astype(np.int32), "tiff", id="32 bits from 0 to 255"),
        pytest.param((EIGHT_BITS.astype(np.int32) * 257), "tiff", id="32 bits from 0 to 65,535"),
        pytest.param((EIGHT_BITS.astype(np.uint16) * 257), "tiff", id="16 bits"),
        pytest.param((EIGHT_BITS.astype(np.uint16) * 257), "png", id="16 bits in a PNG"),
        pytest.param((EIGHT_BITS.astype(np.uint16) * 257), "ppm", id="16 bits in a PGM"),
    ],
)
def test_deep_pixels_are_scaled(values: np.ndarray, kind: str):
    assert np.array_equal(np.asarray(decode(saved(Image.fromarray(values), kind))), EIGHT_BITS)


@pytest.mark.parametrize("mode", ["CMYK", "YCbCr", "LAB"])
def test_other_colour_spaces_become_colours(mode: str):
    image = Image.new(mode, (8, 8), (200, 100, 50, 25)[: len(mode) if mode == "CMYK" else 3])
    colours = decode(saved(marked(image), "tiff"))
    assert colours.mode == "RGB"
    assert is_colourful(colours)


def palette(indices: Image.Image) -> Image.Image:
    """All of whose colours are black."""
    image = indices.convert("P")
    image.putpalette([0] * 6)
    return image


OUTLINE = np.where(np.arange(64).reshape(8, 8) % 9 == 0, 255, 0).astype(np.uint8)
UNSEEN = {
    "below 0": (Image.fromarray(2 * RAMP.astype(np.float32) - 1), "its values go from -1 to 1"),
    "no numbers": (Image.fromarray(np.full((8, 8), np.nan, np.float32)), "some of its values are no numbers"),
    "one that is no number": (
        Image.fromarray(np.array([[0.0, 0.5], [np.nan, 1.0]], np.float32)),
        "some of its values are no numbers",
    ),
    "beyond 16 bits": (Image.fromarray((RAMP * 1e6).astype(np.int32)), "its values go from 0 to 1e+06"),
    "12 bits of 16": (Image.fromarray((RAMP * 4095).astype(np.uint16)), "from 0 to 4095 of 65,535"),
    "a mask of 0 and 1": (Image.fromarray(OUTLINE // 255), "from 0 to 1 of 255, which is hardly more than one grey"),
    "white that is hardly less": (
        Image.merge("RGBA", [Image.fromarray(254 + OUTLINE // 255)] * 3 + [Image.new("L", (8, 8), 255)]),
        "from 254 to 255 of 255, which is hardly more than one grey",
    ),
    "all transparent": (Image.new("RGBA", (8, 8)), "nothing of it is seen on white"),
    "a palette of one colour": (palette(Image.fromarray(OUTLINE // 255)), "all of it is one colour"),
    "one grey": (Image.new("L", (8, 8), 77), "all of it is one colour"),
    "one grey of 16 bits": (Image.fromarray(np.full((8, 8), 32896, np.uint16)), "all of it is one colour"),
    "one colour": (Image.new("RGB", (8, 8), (200, 100, 50)), "all of it is one colour"),
    "white on transparent": (
        Image.merge("RGBA", [Image.new("L", (8, 8), 255)] * 3 + [Image.fromarray(OUTLINE)]),
        "nothing of it is seen on white",
    ),
    "an alpha channel of zeros": (
        Image.merge("RGBA", [Image.fromarray(EIGHT_BITS)] * 3 + [Image.new("L", (8, 8), 0)]),
        "nothing of it is seen on white",
    ),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_an_image_of_which_nothing_would_be_seen_is_named_and_left_out(name: str, tmp_path: Path):
    image, reason = UNSEEN[name]
    with pytest.raises(ImageError, match=re.escape(reason)):
        decode(saved(image, "tiff"))
    image.save(fill(tmp_path, 3) / "unseen.tif")
    ((file, said),) = inspect_folder(tmp_path).unreadable
    assert file == "unseen.tif"
    assert reason in said


def test_an_image_whose_central_square_shows_nothing_is_left_out(tmp_path: Path):
    folder = fill(tmp_path, 3)
    ramp = np.linspace(0, 255, 3000).astype(np.uint8)
    Image.fromarray(ramp[None]).save(folder / "wide.png")
    Image.fromarray(ramp[:, None]).save(folder / "high.png")
    Image.fromarray(np.pad(ramp[:1600].reshape(40, 40), ((0, 0), (200, 0)))).save(folder / "aside.png")
    Image.fromarray(np.indices((600, 600)).sum(0).astype(np.uint8) % 2 * 255).save(folder / "fine.png")
    said = inspect_folder(folder).unreadable
    assert [name for name, _ in said] == ["aside.png", "fine.png", "high.png", "wide.png"]
    assert {reason for _, reason in said} == {
        "its central square, which is trained on, shows hardly more than one grey"
    }


def test_where_nothing_is_left_the_refusal_says_why(tmp_path: Path):
    for index in range(3):
        Image.fromarray(OUTLINE // 255).save(tmp_path / f"{index}.png")
    said = refusal(folder=str(tmp_path))
    assert "0.png is left out (3 in all): its values go from 0 to 1 of 255" in said


@pytest.mark.parametrize("name", ["phone.HEIC", "scan.jp2", "render.tga"])
def test_files_of_kinds_that_cannot_be_read_are_named(tmp_path: Path, name: str):
    (fill(tmp_path, 3) / name).write_bytes(b"\0\0\0\x18ftypheic")
    assert inspect_folder(tmp_path).unreadable == ((name, "it is not an image of a known kind"),)


@pytest.mark.parametrize("kind", ["eps", "pcx", "tga", "icns", "psd"])
def test_no_other_reader_is_asked_whatever_a_file_is_named(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """PostScript above all: Pillow's reader of it starts Ghostscript."""
    asked: list[str] = []

    def reader(name: str) -> Any:
        def read(*file: Any) -> Image.Image:
            asked.append(name)
            return Image.new("L", (8, 8))

        return read

    Image.init()
    for name, (_, accept) in list(Image.OPEN.items()):
        if name not in FORMATS:
            monkeypatch.setitem(Image.OPEN, name, (reader(name), accept))
    contents = {"eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n", "psd": b"8BPS\0\1" + bytes(20)}
    content = contents[kind] if kind in contents else saved(Image.new("RGB", (16, 16)), kind).getvalue()
    (fill(tmp_path, 3) / "x.png").write_bytes(content)
    assert inspect_folder(tmp_path).unreadable == (("x.png", "it is not an image of a known kind"),)
    assert not asked


def test_whoever_opens_an_image_names_its_readers():
    opened = [
        (file, call)
        for folder in ("genmodels", "pages", "benchmarks")
        for file in Path(folder).rglob("*.py")
        for call in re.findall(r"Image\.open\(.*", file.read_text(encoding="utf-8"))
    ]
    assert opened
    assert [(file, call) for file, call in opened if "formats=" not in call] == []


def test_grey_that_was_saved_in_colour_is_not_colourful():
    grey = Image.fromarray(np.kron(EIGHT_BITS, np.ones((8, 8), np.uint8))).convert("RGB")
    assert not is_colourful(decode(saved(grey, "jpeg")))
    assert not is_colourful(decode(saved(grey.convert("L"), "png")))
    grey.paste((200, 60, 60), (0, 0, 16, 16))
    assert is_colourful(decode(saved(grey, "jpeg")))


@pytest.mark.parametrize(("low", "high"), [(0, 1.0001), (-1e-6, 1), (-0.1, 255.1)])
def test_floats_a_little_outside_are_clipped(low: float, high: float):
    values = (low + RAMP * (high - low)).astype(np.float32)
    assert np.abs(np.asarray(decode(saved(Image.fromarray(values), "tiff"))).astype(int) - EIGHT_BITS).max() <= 1


def test_colours_that_are_one_grey_are_refused_where_grey_is_trained_on(tmp_path: Path):
    """Red and green of the same lightness."""
    image = np.zeros((64, 64, 3), np.uint8)
    image[:, :32], image[:, 32:] = (255, 0, 0), (0, 130, 0)
    for number in range(6):
        Image.fromarray(image).save(tmp_path / f"{number}.png")
    chosen: dict[str, Any] = {"image_size": 28, "folder": str(tmp_path)}
    assert load_dataset("folder", "train", channels=3, **chosen).images.float().std() > 10
    assert "5 images show hardly more than one grey each: choose 3 channels" in refusal(folder=str(tmp_path))
