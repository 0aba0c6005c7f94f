"""What share of each first screen is pictures, curves, maps or tables of results; and screenshots of all of them.

python -m benchmarks screens             the shares
python -m benchmarks.screens FOLDER      the shares, and screenshots of every page, tab, theme and width in FOLDER
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page, sync_playwright

from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.browser.serving import launch, serve
from tests.support.helpers import end_workers

SCREENS = {"1280x720": (1280, 720), "1440x900": (1440, 900)}  # whose shares are told
WIDTHS = SCREENS | {"phone": (360, 740)}
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
PLACES = {
    "overview": "",
    "vae, train": "vae?run=vae-mnist",
    "vae, latent space": "vae?run=vae-mnist&tab=Latent space",
    "vae, decoder": "vae?run=vae-mnist&tab=Decoder",
    "vae, inside": "vae?run=vae-mnist&tab=Inside the network",
    "vae, vs. gan": "vae?run=vae-mnist&tab=VAE vs. GAN",
    "dcgan, train": "dcgan?run=dcgan-mnist",
    "dcgan, compare": "dcgan?run=dcgan-mnist&tab=Compare objectives",
    "dcgan, latent space": "dcgan?run=dcgan-mnist&tab=Latent space",
    "dcgan, inside": "dcgan?run=dcgan-mnist&tab=Inside the network",
    "dcgan, film": "dcgan?run=dcgan-mnist&tab=Film",
    "dcgan, objectives": "dcgan?run=dcgan-mnist&tab=The objectives",
    "cgan, train": "conditional?run=cgan-mnist",
    "cgan, classes": "conditional?run=cgan-mnist&tab=Classes",
    "cgan, complete": "conditional?run=completion-mnist&tab=Complete the picture",
    "cgan, fidelity": "conditional?run=cgan-mnist&tab=Label fidelity",
    "cgan, inside": "conditional?run=cgan-mnist&tab=Inside the network",
    "infogan, train": "conditional?run=infogan-mnist",
    "infogan, codes": "conditional?run=infogan-mnist&tab=Codes",
    "infogan, meanings": "conditional?run=infogan-mnist&tab=What the codes mean",
    "infogan, inside": "conditional?run=infogan-mnist&tab=Inside the network",
    "infogan, film": "conditional?run=infogan-mnist&tab=Film",
    "flow, train": "flow?run=flow-mnist",
    "flow, toys": "flow?run=flow-mnist&tab=See the flow",
    "flow, sample": "flow?run=flow-mnist&tab=Sample",
    "flow, prediction": "flow?run=flow-mnist&tab=What it predicts",
    "flow, inside": "flow?run=flow-mnist&tab=Inside the network",
    "flow, complete": "flow?run=flow-mnist&tab=Complete the picture",
    "flow, interpolate": "flow?run=flow-mnist&tab=Interpolate",
    "flow, vs. vae and gan": "flow?run=flow-mnist&tab=VAE, GAN, flow",
    "latent flow, train": "flow?run=latent-flow-mnist",
    "latent flow, codes": "flow?run=latent-flow-mnist&tab=Where codes come from",
    "runs": "runs",
    "report": "report",
}
# Runs of one's own, each of the shortest training that shows it: the family and its options.
SHORT = "--epochs 2 --train-images 500 --width 8 --device cpu"
OWN = {
    "own vae": ("vae", f"{SHORT} --hidden 32"),
    "own dcgan": ("dcgan", SHORT),
    "own vae, alarm": ("vae", "--epochs 2 --width 8 --hidden 32 --device cpu --beta 20 --learning-rate 3e-3"),
}
STILL = """() => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState === "notRunning"
    && !document.querySelector("[data-testid=stSkeleton], [data-testid=stSpinner], [data-stale=true]")
    && [...document.querySelectorAll("[data-testid=curves]")].every((charts) => charts.dataset.rows)"""
ALIKE, MOST_LOOKS = 4, 100  # looks that must be alike, of so many at most
# On a raster of 4 pixels, so that what lies over something else is not counted twice. Icons are no pictures.
SHARE = """() => {
    const { left, right } = document.querySelector("[data-testid=stMain]").getBoundingClientRect();
    const step = 4, columns = Math.floor((right - left) / step), rows = Math.floor(innerHeight / step);
    const seen = new Uint8Array(columns * rows);
    const shown = "img, canvas, video, table, [data-testid=stDataFrame], .js-plotly-plot, [data-testid=latent-map], [data-testid=network-diagram], .picture";
    for (const element of document.querySelectorAll(`[data-testid=stMain] :is(${shown})`)) {
        if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        const box = element.getBoundingClientRect();
        if (box.width < 40 || box.height < 40) continue;
        const from = Math.max(0, Math.round((box.left - left) / step)), to = Math.min(columns, Math.round((box.right - left) / step));
        const above = Math.max(0, Math.round(box.top / step)), below = Math.min(rows, Math.round(box.bottom / step));
        for (let y = above; y < below; y++) seen.fill(1, y * columns + from, y * columns + Math.max(from, to));
    }
    return seen.reduce((sum, one) => sum + one, 0) / seen.length;
}"""
HEIGHT = "() => document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight / innerHeight"


def measure(turns: int) -> dict[str, float]:
    """The share of the main area that is pictures, by place and size of the screen, and how many screens the page is tall."""
    with _app() as (browser, url, home):
        page = browser.new_page()
        result = {}
        for place, path in _places(home):
            for name, (width, height) in SCREENS.items():
                page.set_viewport_size({"width": width, "height": height})
                if name == next(iter(SCREENS)):
                    _open(page, url + path)
                result[f"{place}, {name}, share of pictures"] = _share(page)
            result[f"{place}, height in screens"] = page.evaluate(HEIGHT)
    return result


def take(folder: Path, wanted: str = "") -> None:
    """Screenshots of each place whose name has ``wanted`` in it: the first screen by size and theme, and all of the page."""
    folder.mkdir(parents=True, exist_ok=True)
    with _app() as (browser, url, home):
        page = browser.new_page()
        for place, path in _places(home):
            if wanted not in place:
                continue
            name = re.sub(r"\W+", "-", place)
            for size, (width, height) in WIDTHS.items():
                page.set_viewport_size({"width": width, "height": height})
                _open(page, url + path)
                for theme in THEMES:
                    page.emulate_media(color_scheme=theme)
                    page.wait_for_timeout(700)
                    page.screenshot(path=folder / f"{name}-{size}-{theme}.png")
            tall = page.evaluate("() => document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
            page.set_viewport_size({"width": width, "height": min(tall + 80, 6000)})
            page.wait_for_timeout(700)
            page.screenshot(path=folder / f"{name}-phone-whole.png")


def _places(home: Path) -> Iterator[tuple[str, str]]:
    """All places with their paths: those of pretrained models, and then, once they are trained, those of own runs."""
    yield from PLACES.items()
    for place, (family, options) in OWN.items():
        command = [sys.executable, str(PROJECT / "train.py"), family, *options.split()]
        subprocess.run(command, env=os.environ | {"GENMODELS_HOME": str(home)}, stdout=subprocess.DEVNULL, check=True)
        yield place, f"{family}?run={Store(home).runs()[0].id}"
    yield "overview, own runs", ""


@contextmanager
def _app() -> Iterator[tuple[Browser, str, Path]]:
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        browser = launch(playwright)
        with serve(
            PROJECT / "streamlit_app.py", environment={"GENMODELS_HOME": home, "GENMODELS_SPARE": "0"}
        ) as server:
            yield browser, server.url, Path(home)
        end_workers(Path(home))
        browser.close()


def _share(page: Page) -> float:
    """The share of pictures once it stands still: a page takes its new form, and its curves are drawn, a little after it has come."""
    looks: list[float] = []
    while len({*looks[-ALIKE:]}) > 1 or len(looks) < ALIKE:
        if len(looks) == MOST_LOOKS:
            raise TimeoutError(f"What is shown of {page.url} does not stand still.")
        page.wait_for_timeout(350)
        looks.append(page.evaluate(SHARE))
    return looks[-1]


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for(timeout=60_000)
    page.wait_for_load_state("networkidle")
    page.wait_for_function(STILL, timeout=60_000)


if __name__ == "__main__":
    take(Path(sys.argv[1]), *sys.argv[2:3])
