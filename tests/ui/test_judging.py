"""Pages of images that no pretrained classifier knows: their judge is trained in the background, then named."""

from pathlib import Path
from typing import Any

import pytest
import torch

from genmodels.config.families import CGANConfig, DCGANConfig
from genmodels.metrics import judge_training
from genmodels.metrics.judge_card import Card
from genmodels.metrics.judge_training import JudgeTraining
from genmodels.storage.background import Progress
from genmodels.ui.models.score_line import scale
from genmodels.ui.models.scores import shown_score
from tests.support.helpers import finished
from tests.support.pages import open_page, press, texts
from tests.support.training import tiny

GAN = DCGANConfig(epochs=2, width=4, latent_dim=2, batch_size=500, device="cpu", check_every=0)
CGAN = CGANConfig(epochs=1, width=4, latent_dim=2, batch_size=500, device="cpu", check_every=0)
HALFWAY = Card(task="labels", classes=("0", "1"), images=4000, seconds=30.0, share=0.5)


@pytest.fixture(autouse=True)
def unknown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The embedded digits, without the classifier that knows them; the judges of other images train for a moment."""
    monkeypatch.setattr("genmodels.metrics.judge.PRETRAINED", tmp_path)
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", tmp_path)
    monkeypatch.setattr(judge_training, "RECIPE", judge_training.RECIPE | {"width": 4, "learning_rate": 1e-2})
    monkeypatch.setattr(judge_training, "SEEN", dict.fromkeys(judge_training.SEEN, 640))


@pytest.fixture
def compared() -> str:
    """A VAE that a GAN of the same images stands beside."""
    finished(GAN)
    return finished(tiny(epochs=1)).id


class Pretended:
    """In the place of a training in the background: what it looks like, and what was asked of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *looks: Progress[Card]) -> None:
        self.looks, self.asked = list(looks), list[str]()
        monkeypatch.setattr(
            JudgeTraining, "look", lambda made: self.looks[min(self.asked.count("start"), len(looks) - 1)]
        )
        monkeypatch.setattr(JudgeTraining, "start", lambda made, owner: self.note("start"))
        monkeypatch.setattr(JudgeTraining, "cancel", lambda made: self.note("cancel"))

    def note(self, what: str) -> bool:
        self.asked.append(what)
        return True


def test_it_is_begun_where_scores_are_looked_at_and_what_needs_none_is_shown_meanwhile(
    compared: str, monkeypatch: pytest.MonkeyPatch
):
    pretended = Pretended(monkeypatch, Progress("missing"), Progress("running", HALFWAY, 0.5))
    page = open_page("vae", tab="VAE vs. GAN", run=compared)
    assert pretended.asked == ["start"]
    assert "No pretrained classifier knows these images" in texts(page)
    said = [bar.proto.text for bar in page.get("progress")]
    page.run()
    said += [bar.proto.text for bar in page.get("progress")]
    assert "The network that judges these images, about 30 s left, is being trained" in said
    rows = page.table[1].value["VAE"]
    assert "sharpness" in rows
    assert "FID" not in rows
    press(page, "Cancel")
    assert pretended.asked == ["start", "cancel"]


def test_who_may_not_train_has_none_trained(compared: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    pretended = Pretended(monkeypatch, Progress("missing"))
    page = open_page("vae", tab="VAE vs. GAN", run=compared)
    assert not pretended.asked
    said = [info.value for info in page.info]
    assert any("nobody starts that: see the scores that need none." in each for each in said)
    assert "scores come when it is done" not in texts(page)


def test_of_one_that_failed_nothing_else_is_promised(compared: str, monkeypatch: pytest.MonkeyPatch):
    Pretended(monkeypatch, Progress("failed", error="There are too few images: choose a run of more."))
    page = open_page("vae", tab="VAE vs. GAN", run=compared)
    assert any("failed: There are too few images" in each.value for each in page.warning)
    assert "scores come when it is done" not in texts(page)


def test_scores_have_their_scale_and_the_name_of_the_judge(compared: str):
    judge = JudgeTraining.of(GAN).judge(torch.device("cpu"))
    page = open_page("vae", tab="VAE vs. GAN", run=compared)
    scores: Any = page.table[1].value.to_dict()
    assert float(scores["real images"]["FID"]) < float(scores["DCGAN"]["FID"])
    assert "Judged by a network trained on these images' labels, 4,000 images; its accuracy on test" in texts(page)
    assert f"{judge.accuracy:.1%}" in texts(page)
    assert not page.get("progress")


def test_the_labels_of_samples_are_judged_by_it(monkeypatch: pytest.MonkeyPatch):
    run = finished(CGAN)
    judge = JudgeTraining.of(CGAN).judge(torch.device("cpu"))
    page = open_page("conditional", tab="Label fidelity", run=run.id)
    assert f"The judge itself **{judge.accuracy:.1%}**" in texts(page)
    assert len(page.get("plotly_chart")) == 2


def test_a_distance_says_whose_features_it_is_in():
    assert "in features of quarter turns" in scale(shown_score("fid", 5.0, 1.0, 9.0, task="turns"))
    assert "in the classifier's features" in scale(shown_score("fid", 5.0, 1.0, 9.0))
