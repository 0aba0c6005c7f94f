"""The pictures of a run on its page."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest


def draw(path: str) -> None:
    from genmodels.ui.widgets.images import show

    show({"samples": path}, {"samples": "Samples of a run"})


def history_of(folder: str) -> None:
    from pathlib import Path

    from genmodels.ui.widgets.images import gallery, history

    gallery(history(Path(folder)), {"samples": "Samples of a run"}, 10.0, "run")


def grey_of(page: AppTest) -> int:
    """Of the only image that is shown."""
    images: Any = page.get("image") or page.get("imgs")
    (image,) = images[0].proto.imgs
    with Image.open(io.BytesIO(base64.b64decode(image.url.partition(",")[2]))) as picture:
        return int(np.asarray(picture)[0, 0])


def test_the_newest_picture_is_followed_until_the_slider_is_moved_back(tmp_path: Path):
    def previewed(step: int) -> None:
        Image.new("L", (4, 2), step).save(tmp_path / f"samples-{step:08d}.png")

    previewed(5)
    page = AppTest.from_function(history_of, kwargs={"folder": str(tmp_path)}, default_timeout=60).run()
    assert grey_of(page) == 5
    for step in (10, 15, 20):
        previewed(step)
        assert grey_of(page.run()) == step
    # A browser that is behind sends what it has: the end of a slider with fewer pictures.
    page.select_slider(key="run:moment").set_value("newest")
    previewed(25)
    assert grey_of(page.run()) == 25
    page.select_slider(key="run:moment").set_value("epoch 1").run()
    previewed(30)
    assert grey_of(page.run()) == 10
    assert grey_of(page.select_slider(key="run:moment").set_value("newest").run()) == 30


def draw_strip(path: str) -> None:
    import numpy as np

    from genmodels.ui.widgets.images import strip

    strip(np.full((1, 1, 2, 4), 7, np.uint8), "A sample")


@pytest.mark.parametrize("drawn", [draw, draw_strip])
def test_a_picture_comes_with_the_page_so_that_no_later_one_takes_it_from_a_slow_browser(drawn: Any, tmp_path: Path):
    path = tmp_path / "samples-00000001.png"
    Image.new("L", (4, 2), 7).save(path)
    page = AppTest.from_function(drawn, kwargs={"path": str(path)}, default_timeout=60).run()
    images: Any = page.get("image") or page.get("imgs")
    (image,) = images[0].proto.imgs
    head, _, content = image.url.partition(",")
    assert head == "data:image/png;base64"
    with Image.open(io.BytesIO(base64.b64decode(content))) as picture:
        assert (picture.size, picture.getpixel((0, 0))) == ((12, 6), 7)
