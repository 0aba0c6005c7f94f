"""Part 4: a flow in the latent space of a VAE, beside the VAE's prior and the codes of real images; and the ways between it and Part 1."""

from typing import Any

import numpy as np
import pytest

from genmodels.config.families import LatentFlowConfig
from genmodels.jobs.built_on import settled
from genmodels.runs.store import Run, Store
from tests.support.helpers import drawn_strips, finished
from tests.support.pages import open_page, press, started, texts
from tests.support.training import tiny

__all__ = ["started"]  # a fixture

TITLE = LatentFlowConfig.acronym
SMALL: dict[str, Any] = {
    "width": 8, "blocks": 1, "batch_size": 500, "epochs": 1, "num_steps": 2, "check_every": 0, "device": "cpu", "learning_rate": 1e-2,
}  # fmt: skip


@pytest.fixture
def vae() -> Run:
    return finished(tiny(epochs=1, width=4))


@pytest.fixture
def run(vae: Run) -> Run:
    return finished(settled(Store(), LatentFlowConfig.model_validate(SMALL | {"vae": vae.id})))


@pytest.fixture
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    return drawn_strips(monkeypatch, "flow.codes", "flow.sampling", "flow.interpolation", "widgets.interpolation")


COLUMNS = {f"77 images of codes from {source}" for source in ("the prior", "the flow", "real images")}


def changed(before: dict[str, np.ndarray], after: dict[str, np.ndarray]) -> set[str]:
    return {alt for alt in COLUMNS if not np.array_equal(before[alt], after[alt])}


def test_prior_flow_and_posterior_stand_side_by_side_with_their_fid(run: Run, vae: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="Where codes come from")
    assert {alt: images.shape for alt, images in strips.items()} == dict.fromkeys(COLUMNS, (77, 1, 28, 28))
    assert texts(page).count("FID **") == 3
    assert texts(page).count("ms** an image") == 3
    (link,) = (link.proto for link in page.get("page_link") if "its latent space" in link.proto.label)
    assert (link.page, link.query_string) == ("vae", f"run={vae.id}&tab=Decoder")


def test_steps_and_class_change_the_flow_alone_and_noise_all(run: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="Where codes come from")
    before = dict(strips)
    page.slider(key="flow:steps").set_value(7).run()
    assert changed(before, strips) == {"77 images of codes from the flow"}
    before = dict(strips)
    page.selectbox(key="flow:class:10").set_value(3).run()
    assert changed(before, strips) == {"77 images of codes from the flow"}
    before = dict(strips)
    press(page, "Resample")
    assert changed(before, strips) == COLUMNS


def test_samples_are_shown_on_their_way_and_between_two(run: Run, strips: dict[str, np.ndarray]):
    page = open_page("flow", run=run.id, tab="Sample")
    assert strips["3 samples at 3 times"].shape == (9, 1, 28, 28)
    assert "**50**: 99×, " in texts(page)
    open_page("flow", run=run.id, tab="Interpolate")
    assert len(strips["From sample 0 to sample 1"]) == 12


def test_the_form_offers_the_vaes_that_are_trained(vae: Run, started: list[Any]):
    other = Store().create(tiny().model_dump(), "Not trained")
    page = open_page("flow", model=TITLE)
    offered = page.selectbox(key="latent_flow.vae")
    assert offered.value == "vae-mnist"
    assert any(vae.id.rpartition("-")[2] in option for option in offered.options)
    assert not any(other.name in option for option in offered.options)
    offered.set_value(vae.id)
    press(page.run(), "Start training")
    assert [config.vae for config in started] == [vae.id]


def test_a_vae_of_other_images_is_told_before_the_start():
    page = open_page("flow", model=TITLE)
    page.selectbox(key="latent_flow.image_size").set_value(32).run()
    assert "vae-mnist is of images of 28 pixels and 1 channels, in place of 32 and 1" in texts(page)
    press(page, "Start training")
    assert "Training could not start: vae-mnist is of images" in texts(page)
    assert not Store().runs()


def test_a_vae_that_was_chosen_and_is_deleted_gives_way_to_the_pretrained_one(vae: Run):
    page = open_page("flow", model=TITLE)
    page.selectbox(key="latent_flow.vae").set_value(vae.id).run()
    Store().delete(vae.id)
    page.run()
    assert not page.exception
    assert page.selectbox(key="latent_flow.vae").value == "vae-mnist"


def test_part_one_leads_to_the_form_and_then_to_the_flow(vae: Run):
    def link() -> Any:
        page = open_page("vae", run=vae.id, tab="Decoder")
        (found,) = (link.proto for link in page.get("page_link") if "Part 4" in link.proto.label)
        return found

    assert link().page == "flow"
    page = open_page("flow", model=TITLE, set=f"vae:{vae.id}")
    assert page.selectbox(key="latent_flow.vae").value == vae.id
    run = finished(settled(Store(), LatentFlowConfig.model_validate(SMALL | {"vae": vae.id})))
    assert f"run={run.id}" in link().query_string


def test_a_former_link_to_a_flow_opens_the_flow():
    page = open_page("flow", run="flow-mnist", tab="Sample")
    assert not page.warning
    assert page.selectbox(key="flow:choice").value == "flow-mnist"
