"""The pictures of a run on its page."""

import base64
import io
from pathlib import Path
from typing import Any

from PIL import Image
from streamlit.testing.v1 import AppTest


def draw(path: str) -> None:
    from genmodels.ui.widgets.images import show

    show({"samples": path}, {"samples": "Samples of a run"})


def test_a_picture_comes_with_the_page_so_that_no_later_one_takes_it_from_a_slow_browser(tmp_path: Path):
    path = tmp_path / "samples-00000001.png"
    Image.new("L", (4, 2), 7).save(path)
    page = AppTest.from_function(draw, kwargs={"path": str(path)}, default_timeout=60).run()
    images: Any = page.get("image") or page.get("imgs")
    (image,) = images[0].proto.imgs
    head, _, content = image.url.partition(",")
    assert head == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
        assert (picture.size, picture.getpixel((0, 0))) == ((12, 6), 7)
