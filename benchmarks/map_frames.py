"""How many frames a second the latent map draws under a hand that moves: in Chromium without a GPU, by every gesture that it knows."""

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests.browser.maps import mode
from tests.browser.serving import launch, serve

PAGE = Path(__file__).with_name("map_page.py")
COUNTS = (10_000, 70_000)
FRAMES = 60
# What a hand does, and the tool that it takes for that.
GESTURES = {"pan": "Pan", "zoom": "Zoom", "lasso": "Lasso"}
# One move a frame, on a circle in the middle of the map: the frames a second; and the seconds from letting go to the last frame that it costs.
DRAG = """async (frames) => {
    const area = document.querySelector(".latent-map .nsewdrag"), { left, top, width, height } = area.getBoundingClientRect();
    const frame = () => new Promise(requestAnimationFrame);
    const send = (target, kinds, share) => {
        const angle = 2 * Math.PI * share, radius = 0.3 * Math.min(width, height);
        const [clientX, clientY] = [left + width / 2 + radius * Math.cos(angle), top + height / 2 + radius * Math.sin(angle)];
        const options = { bubbles: true, cancelable: true, view: window, button: 0, buttons: 1, detail: 1, clientX, clientY };
        for (const kind of kinds) {
            const Kind = kind.startsWith("pointer") ? PointerEvent : MouseEvent;
            target.dispatchEvent(new Kind(kind, { ...options, pointerId: 1, isPrimary: true, pointerType: "mouse" }));
        }
    };
    const covering = () => document.querySelector(".dragcover") ?? area;
    send(area, ["pointerdown", "mousedown"], 0);
    await frame();
    const begin = performance.now();
    for (let i = 1; i <= frames; i++) {
        send(covering(), ["pointermove", "mousemove"], i / (frames + 1));
        await frame();
    }
    const rate = (1000 * frames) / (performance.now() - begin), released = performance.now();
    send(covering(), ["pointerup", "mouseup"], frames / (frames + 1));
    await frame();
    await frame();
    return [rate, (performance.now() - released) / 1000];
}"""
HOVER = """async (frames) => {
    const area = document.querySelector(".latent-map .nsewdrag"), { left, top, width, height } = area.getBoundingClientRect();
    const begin = performance.now();
    for (let i = 0; i < frames; i++) {
        const options = { bubbles: true, view: window, clientX: left + width * (0.3 + 0.4 * i / frames), clientY: top + height / 2 };
        area.dispatchEvent(new PointerEvent("pointermove", { ...options, pointerType: "mouse" }));
        area.dispatchEvent(new MouseEvent("mousemove", options));
        await new Promise(requestAnimationFrame);
    }
    return (1000 * frames) / (performance.now() - begin);
}"""
PLAY = """async (frames) => {
    const slider = document.querySelector(".film-player input"), begin = performance.now();
    for (let i = 1; i <= frames; i++) {
        slider.value = i / frames;
        slider.dispatchEvent(new Event("input", { bubbles: true }));
        await new Promise(requestAnimationFrame);
    }
    return (1000 * frames) / (performance.now() - begin);
}"""


def measure(turns: int) -> dict[str, float]:
    """Frames a second, medians over ``turns``; and seconds until a number of points is drawn, and after a hand has let go."""
    result = {}
    with (
        tempfile.TemporaryDirectory() as home,
        sync_playwright() as playwright,
        serve(PAGE, environment={"GENMODELS_HOME": home}) as server,
    ):
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 720})
        page.set_default_timeout(300_000)
        result["WebGL"] = float(page.evaluate("!!document.createElement('canvas').getContext('webgl')"))
        for count in COUNTS:
            page.goto(f"{server.url}?points={count}")
            page.wait_for_function(f"document.querySelector('.latent-map')?.dataset.points === '{count}'")
            page.wait_for_timeout(3_000)  # the images are decoded
            result |= _gestures(page, f"{count:,} points", turns)
        browser.close()
    return result


def _gestures(page: Page, points: str, turns: int) -> dict[str, float]:
    result = {}
    for gesture, tool in GESTURES.items():
        measured = []
        for _ in range(turns):
            page.mouse.move(0, 0)
            mode(page.get_by_test_id("latent-map"), tool)
            measured.append(page.evaluate(DRAG, FRAMES))
            page.wait_for_timeout(1_000)  # what comes to rest is drawn
            if gesture != "lasso":
                page.locator(".modebar-btn[data-title='Autoscale']").click()
                page.wait_for_timeout(1_000)
        rates, rests = zip(*measured, strict=True)
        result[f"{points}, {gesture}, frames/s"] = median(rates)
        result[f"{points}, {gesture}, after letting go, s"] = median(rests)
    for name, script in {"hover": HOVER, "move": PLAY}.items():
        result[f"{points}, {name}, frames/s"] = median(page.evaluate(script, FRAMES) for _ in range(turns))
    return result
