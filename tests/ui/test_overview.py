"""What the overview shows of the pretrained models."""

import subprocess
import sys
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.config.families import ClassifierConfig, DCGANConfig, VAEConfig
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.support.pages import open_page, press, started, texts
from tests.support.pretrained import ship
from tests.ui.test_scores import DISTANCES, JUDGE, JUDGED, shelf

__all__ = ["shelf", "started"]  # fixtures


def links(page: AppTest) -> list[str]:
    """Where the page's links to pretrained models lead."""
    return [link.proto.query_string for link in page.get("page_link") if link.proto.query_string]


def pictures(page: AppTest) -> list[str]:
    """What the page's pictures are said to show."""
    return [picture.alt for image in page.get("image") for picture in image.proto.imgs]


def test_generators_have_a_card_each_and_classifiers_a_sentence(shelf: Path):
    ship(shelf / "classifier-mnist", ClassifierConfig(), JUDGE)
    ship(shelf / "dcgan-mnist", DCGANConfig(), JUDGED | DISTANCES)
    ship(shelf / "vae-mnist", VAEConfig(), {"neg_elbo": 99.5})
    page = open_page("overview")
    assert page.subheader[-1].value == "Pretrained models"
    assert pictures(page) == [
        "Samples of vae-mnist, dcgan-mnist",  # the wall, then a picture a page, then the cards
        "Reconstructions of vae-mnist",
        "Samples of dcgan-mnist",
        "Samples of vae-mnist",
        "Samples of dcgan-mnist",
    ]
    assert links(page) == ["run=vae-mnist", "run=dcgan-mnist"]
    said = texts(page)
    assert "Negative ELBO 99.50 nats" in said
    assert "FID 12.3 of 10,000 samples (real images 1.8)" in said
    assert "*classifier-mnist* judges samples. Its accuracy on real test images is 99.6%, and 98.4%" in said
    assert said.count("Pretrained on handwritten digits; every image above is drawn from random numbers") == 1


def test_a_wall_of_anything_else_is_not_called_digits(shelf: Path):
    ship(shelf / "dcgan-own", DCGANConfig(dataset="cifar10"), {})
    said = texts(open_page("overview"))
    assert "Pretrained; every image above is drawn from random numbers." in said
    assert "digits" not in said


def test_a_model_without_scores_has_a_card_too(shelf: Path):
    ship(shelf / "dcgan-own", DCGANConfig(), dict.fromkeys(JUDGED))
    page = open_page("overview")
    assert links(page) == ["run=dcgan-own"]
    assert "FID" not in texts(page)


def test_without_pretrained_models_nothing_is_said_of_them(shelf: Path):
    assert "Pretrained models" not in [heading.value for heading in open_page("overview").subheader]


def test_the_tour_trains_a_small_vae_and_leads_to_it(started: list[VAEConfig]):
    page = press(open_page("overview"), "Start the tour")
    (config,) = started
    assert (config.family, config.dataset) == ("vae", "mnist-sample")
    (link,) = [link.proto for link in page.get("page_link") if link.proto.label == "Watch it"]
    assert (link.page, link.query_string) == ("vae", f"run={page.session_state['vae:selected']}")


def test_a_double_click_on_the_tour_starts_one_run_and_leads_to_it(started: list[VAEConfig]):
    page = press(press(open_page("overview"), "Start the tour"), "Start the tour")
    assert len(started) == 1
    assert [link.proto.query_string for link in page.get("page_link") if link.proto.label == "Watch it"] == [
        f"run={Store().runs()[0].id}"
    ]


def test_where_nobody_trains_there_is_no_tour(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    assert "Start the tour" not in [button.label for button in open_page("overview").button]


def test_the_first_page_of_a_server_does_not_wait_for_what_it_does_not_need():
    script = f"""
import sys
from streamlit.testing.v1 import AppTest
page = AppTest.from_file({str(PROJECT / "streamlit_app.py")!r}, default_timeout=60).run()
assert page.title[0].value == "Generative Models Lab"
assert not {{"pandas", "sklearn", "torch"}} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
