"""How long maps and clusters of codes take, and what a visitor waits from the end of a lasso to the images, and from a move of the
slider to the map through training."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import numpy as np
from playwright.sync_api import Page, sync_playwright

from genmodels.checkpoints.pretrained import pretrained_models
from genmodels.config.families import VAEConfig
from genmodels.latent.clusters import cluster
from genmodels.latent.codes import Codes
from genmodels.latent.maps import Map
from genmodels.latent.pca import principal_plane
from genmodels.latent.tsne import TSNE
from genmodels.latent.umap import UMAP
from genmodels.storage.paths import PROJECT
from tests.browser.app import popover
from tests.browser.serving import launch, serve
from tests.support.helpers import finished

COUNTS = (1_000, 5_000, 10_000, 70_000)
LATENT_DIM, GROUPS = 32, 10
LASSO_POINTS = 10_000
MOVES = 30
# Milliseconds that each of so many moves of the slider takes.
MOVE = """async (moves) => {
    const map = document.querySelector("[data-testid=latent-map]"), slider = document.querySelector(".film-player input");
    const frame = () => new Promise(requestAnimationFrame), taken = [];
    for (let i = 0; i < moves; i++) {
        const begin = performance.now();
        slider.value = (slider.max * (i + 0.5)) / moves;
        const place = Number(slider.value);
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        while (Number(map.dataset.place) !== place) await frame();
        await frame();
        taken.push(performance.now() - begin);
    }
    return taken;
}"""


def measure(turns: int) -> dict[str, float]:
    """Seconds: medians over ``turns``, but for t-SNE and UMAP, which are computed once for each number of points that they take,
    in a process of their own, as on the page."""
    result = {}
    with tempfile.TemporaryDirectory() as home, _home(home):
        for count in COUNTS:
            codes = _codes(Path(home, "codes", str(count)), count)
            codes.save()
            result[f"PCA of {count:,} points, s"] = _seconds(lambda mu=codes.mu: principal_plane(mu).project(mu), turns)  # type: ignore[misc]
            result[f"KMeans (k = 10) of {count:,} points, s"] = _seconds(lambda mu=codes.mu: cluster(mu, GROUPS), turns)  # type: ignore[misc]
            for kind in (TSNE, UMAP):
                if count <= kind.most:
                    made = kind(codes.folder)
                    result[f"{made.title} of {count:,} points, s"] = _seconds(lambda made=made: _compute(made), 1)  # type: ignore[misc]
                    result[f"{made.title} of {count:,} points, second view, s"] = _seconds(made.look, turns)
        result[f"a map through training follows its slider, median of {MOVES} moves, s"] = _film()
    return result | {f"lasso to images at {LASSO_POINTS:,} points, s": _lasso(turns)}


@contextmanager
def _home(folder: str) -> Iterator[None]:
    """A home of its own for the block, so that the first UMAP includes what numba compiles."""
    before = os.environ.get("GENMODELS_HOME")
    os.environ["GENMODELS_HOME"] = folder
    try:
        yield
    finally:
        os.environ.pop("GENMODELS_HOME")
        if before is not None:
            os.environ["GENMODELS_HOME"] = before


def _compute(made: Map) -> None:
    while not made.start():  # the process of the one before is about to end
        time.sleep(0.05)
    while made.look().state == "running":
        time.sleep(0.05)


def _seconds(do: Callable[[], object], turns: int) -> float:
    taken = []
    for _ in range(turns):
        start = time.perf_counter()
        do()
        taken.append(time.perf_counter() - start)
    return median(taken)


def _codes(folder: Path, count: int) -> Codes:
    """Ten groups that overlap as much as those of digits do."""
    numbers = np.random.default_rng(0)
    labels = numbers.integers(0, GROUPS, count)
    mu = (
        0.7 * numbers.normal(size=(GROUPS, LATENT_DIM))[labels] + 0.7 * numbers.normal(size=(count, LATENT_DIM))
    ).astype(np.float32)
    images = np.zeros((count, 1, 28, 28), np.uint8)
    return Codes(folder, images, images, labels, tuple("0123456789"), mu, np.full_like(mu, -1), mu[:, 0] ** 2)


def _lasso(turns: int) -> float:
    """Seconds from letting go of the mouse to the images beside the map."""
    (model,) = pretrained_models("vae")[:1]
    with (
        tempfile.TemporaryDirectory() as home,
        sync_playwright() as playwright,
        serve(PROJECT / "streamlit_app.py", environment={"GENMODELS_HOME": home}) as server,
    ):
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1400, "height": 1400})
        page.set_default_timeout(120_000)
        page.goto(f"{server.url}vae?run={model.name}&tab=Latent space")
        _number_of_points(page, 2_000)
        # In the place where the app looks for the codes of so many images.
        (kept,) = (Path(home) / "cache" / "latents").glob("*/step-*")
        _codes(kept.with_name(kept.name.replace("2000", str(LASSO_POINTS))), LASSO_POINTS).save()
        popover(page, "Settings").click()
        page.get_by_role("slider", name="How many").focus()
        for _ in range(2):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("Escape")
        _number_of_points(page, LASSO_POINTS)
        taken = [_drag_and_wait(page, size) for size in np.linspace(0.1, 0.3, turns)]
        browser.close()
    return median(taken)


def _film() -> float:
    """Seconds from a move of the slider to the frame in which 1,000 points have moved."""
    run = finished(VAEConfig(width=4, hidden=16, epochs=8, code_history="on", check_every=0, device="cpu"))
    home = os.environ["GENMODELS_HOME"]
    with (
        sync_playwright() as playwright,
        serve(PROJECT / "streamlit_app.py", environment={"GENMODELS_HOME": home}) as server,
    ):
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1400, "height": 1400})
        page.goto(f"{server.url}vae?run={run.id}&tab=Latent space")
        page.get_by_text("Through training", exact=True).click(timeout=120_000)
        page.wait_for_function(
            f"document.querySelector('[data-testid=latent-map]')?.dataset.place === '{run.config['epochs']}'"
        )
        taken: list[float] = page.evaluate(MOVE, MOVES)
        browser.close()
    return median(taken) / 1000


def _number_of_points(page: Page, count: int) -> None:
    page.wait_for_function(f"document.querySelector('[data-testid=latent-map]')?.dataset.points === '{count}'")


def _drag_and_wait(page: Page, size: float) -> float:
    plot = page.get_by_test_id("latent-map").locator(".nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    before = next(iter(page.get_by_text(" selected").all_inner_texts()), "")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for across, down in ((size, 0), (size, size), (0, size), (0, 0)):
        page.mouse.move(x + across * box["width"], y + down * box["height"], steps=5)
    start = time.perf_counter()
    page.mouse.up()
    page.wait_for_function(
        "before => { const now = [...document.querySelectorAll('p')].find(p => p.innerText.includes(' selected'));"
        " return now && now.innerText !== before; }",
        arg=before,
        polling=20,
    )
    return time.perf_counter() - start
