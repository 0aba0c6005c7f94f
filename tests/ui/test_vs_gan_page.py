"""A VAE vs. a GAN on its page, without a browser."""

import os
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints.integrity import NEWEST, steps
from genmodels.config.families import CGANConfig, DCGANConfig, VAEConfig
from genmodels.runs.evaluation import FILE, Card
from genmodels.runs.run import EVALUATION
from genmodels.runs.store import Store
from genmodels.storage.files import lock
from tests.support.helpers import drawn_strips, finished
from tests.support.pages import open_page, press, started, texts
from tests.support.training import tiny

__all__ = ["started"]  # a fixture
TAB = "VAE vs. GAN"
GAN = DCGANConfig(epochs=2, width=4, latent_dim=2, batch_size=500, device="cpu", check_every=0)


@pytest.fixture(autouse=True)
def nothing_pretrained(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", tmp_path)


@pytest.fixture
def strips(monkeypatch: pytest.MonkeyPatch) -> dict[str, np.ndarray]:
    """What the page has drawn, by what it is said to show."""
    return drawn_strips(monkeypatch, "vae.vs_gan")


def open_comparison(vae: str) -> AppTest:
    return open_page("vae", tab=TAB, run=vae)


def table(page: AppTest, index: int) -> Any:
    """Column -> row -> cell."""
    return page.table[index].value.to_dict()


def test_both_are_trained_on_the_same_images_for_as_long_with_the_same_seed(started: list[Any]):
    page = open_comparison(Store().create(VAEConfig().model_dump()).id)
    assert "No GAN has learnt from the same images yet" in page.info[0].value
    page.selectbox(key="pair:data").set_value("mnist-sample")
    page.number_input(key="pair:epochs").set_value(3)
    page.number_input(key="pair:seed").set_value(7)
    press(page, "Train both")
    values = {"dataset": "mnist-sample", "epochs": 3, "seed": 7}
    assert started == [VAEConfig.model_validate(values), DCGANConfig.model_validate(values)]
    assert len({config.batch_size for config in started}) == 1
    gan, vae = Store().runs()[:2]
    assert page.query_params["run"] == vae.id
    assert page.selectbox(key="beside:gan").value == gan.id


@pytest.mark.parametrize(("older", "newer", "first"), [("finished", "failed", 0), ("failed", "running", 1)])
def test_the_partner_proposed_is_one_that_was_trained_or_will_be(older: str, newer: str, first: int):
    store = Store()
    vae = store.create(tiny().model_dump())
    gans = [store.create(GAN.model_dump()) for _ in range(2)]
    held = lock(store.folder(gans[1].id) / "worker.lock")
    for gan, state in zip(gans, (older, newer), strict=True):
        store.update(gan.id, state=state)
    assert open_comparison(vae.id).selectbox(key="beside:gan").value == gans[first].id
    assert held is not None
    os.close(held)


def test_a_partner_that_failed_is_not_proposed_though_it_was_started_together_with_the_vae():
    store = Store()
    vae, failed = (store.create(config.model_dump(), group="pair") for config in (tiny(), GAN))
    store.update(failed.id, state="failed")
    trained = store.create(GAN.model_dump())
    store.update(trained.id, state="finished")
    assert open_comparison(vae.id).selectbox(key="beside:gan").value == trained.id


def test_samples_abilities_and_scores_stand_side_by_side(strips: dict[str, np.ndarray]):
    vae, _ = finished(tiny(epochs=1)), finished(GAN)
    Store().add_metrics(vae.id, vae.step, 1.0, {"test/neg_elbo": 123.4, "test/active_units": 2})
    page = open_comparison(vae.id)
    drawn, again = [images for alt, images in strips.items() if alt.startswith("Samples of")], strips.popitem()[1]
    assert [images.shape for images in drawn] == [(64, 1, 28, 28)] * 2
    assert again.shape == (16, 1, 28, 28)
    assert np.abs(again[8:].astype(float) - again[:8]).mean() < np.abs(again[8:].astype(float) - again[7::-1]).mean()
    can = table(page, 0)
    assert can["VAE"]["Find the code of an image"] == "yes"
    assert can["DCGAN"]["Find the code of an image"] == "no"
    scores = table(page, 1)
    assert list(scores) == ["VAE", "DCGAN", "real images", "noise"]
    assert scores["VAE"]["Negative ELBO"] == "123.40 nats"
    assert scores["VAE"]["Active units"] == f"2 of {vae.config['latent_dim']}"
    assert scores["DCGAN"]["Negative ELBO"] == scores["real images"]["epochs"] == "—"
    for name in ("FID", "KID", "Precision", "Recall", "sharpness", "diversity", "time for an image"):
        assert "—" not in (scores["VAE"][name], scores["DCGAN"][name]), name
    for name in ("VAE", "DCGAN"):
        assert f"FID **{scores[name]['FID']}**" in texts(page)
        least, own, most = (float(scores[of]["FID"].replace(",", "")) for of in ("real images", name, "noise"))
        assert least < own < most
    ends = f"real images, {scores['real images']['FID']}, to noise, {scores['noise']['FID']}"
    scales: list[Any] = list(page.get("html"))
    assert [ends in each.value for each in scales].count(True) == 2
    assert can["VAE"]["Draw an image in one step"] == can["DCGAN"]["Draw an image in one step"] == "yes"
    assert "differ in epochs and images in a step" in texts(page)


def test_scores_that_were_measured_alike_of_both_are_shown_as_they_were():
    vae, gan = finished(tiny(epochs=1)), finished(GAN)
    kept: dict[str, Any] = {
        "samples": 1000,
        "real_images": 1000,
        "feature_network": "it",
        "fid_floor": 9.0,
        "fid_noise": 4700.0,
    }
    own = {vae.id: 2524.9, gan.id: 123.4}
    for run in (vae, gan):
        folder = Store().folder(run.id) / EVALUATION
        folder.mkdir()
        step = steps(Store().folder(run.id) / NEWEST)[-1]
        card = Card(step=step, classes=[], scores={**kept, "fid": own[run.id]})
        (folder / FILE).write_text(card.model_dump_json())
    page = open_comparison(vae.id)
    assert [table(page, 1)[name]["FID"] for name in ("VAE", "DCGAN", "real images", "noise")] == [
        "2,524.9",
        "123.4",
        "9.0",
        "4,700.0",
    ]
    assert "FID **123.4**  \n:small[:gray[1,000 samples]]" in texts(page)
    assert "are those under *Train*: of 1,000 samples of each" in texts(page)
    assert "sharpness" in table(page, 1)["VAE"]


def test_only_gans_of_the_same_images_stand_beside_a_vae():
    vae = finished(tiny(epochs=1))
    other = Store().create(DCGANConfig(dataset="kmnist").model_dump())
    larger = Store().create(DCGANConfig(image_size=32).model_dump())
    completes = Store().create(CGANConfig(condition="picture").model_dump())
    page = open_comparison(vae.id)
    assert "No GAN has learnt from the same images yet" in page.info[0].value
    same = Store().create(GAN.model_dump())
    page.run()
    assert not page.exception
    assert len(page.selectbox(key="beside:gan").options) == 1
    assert {other.id, larger.id, completes.id, same.id} <= {run.id for run in Store().runs()}


def test_while_one_of_them_trains_there_are_samples_but_no_scores():
    vae, gan = finished(tiny(epochs=1)), finished(GAN)
    Store().update(gan.id, state="running")
    held = lock(Store().folder(gan.id) / "worker.lock")  # as its worker does
    assert held is not None
    page = open_comparison(vae.id)
    assert "The scores come when both are trained." in [info.value for info in page.info]
    assert [subheader.value for subheader in page.subheader] == ["What each can do"]
    assert "FID **" not in texts(page)
    os.close(held)


def test_a_model_that_cannot_be_loaded_is_one_sentence():
    vae, gan = finished(tiny(epochs=1)), finished(GAN)
    for file in Store().folder(gan.id).rglob("*.safetensors"):
        file.write_bytes(b"no")
    page = open_comparison(vae.id)
    assert "is not what was written: put back the right one" in texts(page)
    assert not page.subheader


def test_a_double_click_trains_both_once(started: list[Any]):
    page = open_comparison(Store().create(VAEConfig().model_dump()).id)
    press(press(page, "Train both"), "Train both")
    assert [config.family for config in started] == ["vae", "dcgan"]
    assert [run.name.partition(":")[0] for run in Store().runs()[:2]] == ["DCGAN", "VAE"]
