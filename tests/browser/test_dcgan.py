"""The DCGAN's page in a browser: choose an objective, train, look at the game and its film."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from genmodels.config.families import DCGANConfig
from genmodels.runs.store import Store
from tests.browser.app import button, fill, newest_run, open_form, press_tab, start_training
from tests.support.helpers import finished, wait_until

pytestmark = pytest.mark.exhaustive


def choose_objective(page: Page, name: str) -> None:
    press_tab(page, "Loss")
    page.get_by_role("combobox", name="Objective").click()
    page.get_by_role("option", name=name, exact=True).click()


def test_an_objective_is_chosen_and_trained(page: Page, address: str, lab: Path):
    page.goto(f"{address}dcgan")
    open_form(page)
    steps = page.get_by_role("spinbutton", name="Discriminator steps")
    penalty = page.get_by_role("spinbutton", name="Penalty weight")
    choose_objective(page, "wasserstein-gp")
    expect(penalty).to_have_value("10")
    expect(steps).to_have_value("5")
    choose_objective(page, "least-squares")
    expect(penalty).to_have_count(0)
    expect(steps).to_have_value("1")

    fill(page, "Model", "Width", 4)
    fill(page, "Training", "Epochs", 2)
    fill(page, "Training", "Batch size", 500)
    run = start_training(page, lab)
    assert (run.config["objective"], run.config["width"]) == ("least-squares", 4)
    for line in ("D at equilibrium: 0.25", "G at equilibrium: 0.125", "equilibrium: 0.5"):
        expect(page.locator(".curves .legendtext").get_by_text(line, exact=True)).to_be_visible()
    wait_until(lambda: newest_run(lab).state == "finished")


def test_a_film_plays_when_asked(page: Page, address: str, lab: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_HOME", str(lab))
    run = finished(DCGANConfig(width=4, epochs=2, batch_size=500, device="cpu", check_every=0))
    page.goto(f"{address}dcgan?run={run.id}&tab=Film")
    player = page.get_by_test_id("film-player")
    expect(player.get_by_role("img", name=re.compile("Film of .*, epoch 2"))).to_be_visible()
    page.wait_for_timeout(500)
    assert player.get_attribute("data-frame") == "2", "it plays before it is asked to"
    shown = seen(player)
    player.get_by_role("slider", name="Frame").press("Home")
    expect(player.get_by_role("status")).to_have_text("epoch 0")
    wait_until(lambda: seen(player) != shown)
    player.get_by_role("button", name="Play").click()
    player.get_by_role("button", name="Pause").click()
    paused = player.get_attribute("data-frame")
    page.wait_for_timeout(4_500)  # a frame takes four seconds
    assert player.get_attribute("data-frame") == paused
    player.get_by_role("button", name="epoch 1").click()
    expect(player).to_have_attribute("data-frame", "1")
    page.emulate_media(reduced_motion="reduce")
    player.get_by_role("button", name="Play").click()
    expect(player).to_have_attribute("data-frame", "2", timeout=3_000)
    expect(player.get_by_role("button", name="Play")).to_be_visible()  # it stops at its end
    page.emulate_media(reduced_motion="no-preference")
    with page.expect_download() as download:
        button(page, "Download").click()
    with Image.open(download.value.path()) as film:
        assert film.format == "GIF"
        assert film.n_frames == 3  # type: ignore[attr-defined]
        assert film.info["loop"] == 0


def seen(player: Locator) -> str:
    """What is drawn."""
    return player.locator("canvas").evaluate("canvas => canvas.toDataURL()")


def test_a_comparison_is_shown_from_its_start_and_after_its_end(page: Page, address: str, lab: Path):
    page.goto(f"{address}dcgan?tab=Compare objectives")
    shown = page.get_by_role("combobox", name="Comparison")
    expect(shown).to_have_value("The pretrained models")
    expect(page.locator(".curves")).to_have_count(5)  # losses, each under its own samples
    expect(page.get_by_role("img", name=re.compile("FID .* on a scale from real images"))).to_have_count(5)
    before = Store(lab).runs()
    button(page, "New comparison").click()
    for field, value in (("Epochs each", "1"), ("Width (channels)", "4")):
        page.get_by_role("spinbutton", name=field).fill(value)
        page.get_by_role("spinbutton", name=field).press("Enter")
    page.wait_for_timeout(1_000)
    assert Store(lab).runs() == before, "Enter in a field has started a training"
    button(page, "Compare").dblclick()
    expect(shown).to_have_value(re.compile(r"Comparison \d"))
    wait_until(lambda: newest_run(lab).name.startswith("least-squares") and newest_run(lab).state == "finished")
    assert len(Store(lab).runs()) == len(before) + 3
    expect(page.get_by_text("Nothing is training.")).to_be_visible()
    expect(
        page.get_by_test_id("stMainBlockContainer").get_by_text(re.compile("finished, epoch 1")).first
    ).to_be_visible()
    page.wait_for_timeout(1_500)  # in which the whole page is drawn again
    expect(shown).to_have_value(re.compile(r"Comparison \d"))


def test_a_layer_is_chosen_by_a_click_and_with_the_keyboard(page: Page, address: str):
    page.goto(f"{address}dcgan?run=dcgan-mnist&tab=Inside the network")
    layers = page.get_by_test_id("network-diagram").get_by_role("radio")
    said = page.get_by_test_id("stMain").get_by_role("status")
    expect(layers.nth(3)).to_be_checked()
    expect(page.get_by_role("img", name="Feature maps of Transposed convolution 4")).to_be_visible()
    page.get_by_test_id("network-diagram").get_by_text("Convolution 2", exact=True).click()
    expect(page.get_by_role("img", name="Feature maps of Convolution 2")).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("img", name="Feature maps of Transposed convolution 1")).to_be_visible()
    expect(said.filter(has_text="Transposed convolution 1 is shown large.")).to_have_count(1)
    page.keyboard.press("ArrowUp")  # from the first to the last, as radio buttons go
    expect(page.get_by_role("img", name="The generated image")).to_be_visible()
    expect(layers.last).to_be_focused()
    outside = 'layers => layers.filter(layer => layer.closest("label").getBoundingClientRect().height < 24)'
    assert layers.evaluate_all(outside) == []
