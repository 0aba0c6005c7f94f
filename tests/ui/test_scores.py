"""Scores of pretrained models in words."""

from pathlib import Path

import pytest

from genmodels.checkpoints.pretrained import find
from genmodels.config.families import CGANConfig, ClassifierConfig, DCGANConfig, VAEConfig
from genmodels.ui.models.score_line import scale
from genmodels.ui.models.scores import headline, scores_of, shown_score
from tests.support.pages import open_page, texts
from tests.support.pretrained import ship

JUDGED = {"samples": 10_000, "confident_share": 0.951, "classes_covered": 10, "feature_network": "classifier-mnist"}
JUDGE = {"samples": 10_000, "accuracy": 0.996, "confident_share": 0.984}
DISTANCES = {"fid": 12.34, "fid_floor": 1.78, "fid_noise": 4736.0, "recall": 0.8, "recall_floor": 0.87}


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the pretrained models, which is empty."""
    folder = tmp_path / "pretrained"
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", folder)
    return folder


def words(name: str) -> list[tuple[str, str, str]]:
    model = find(name)
    assert model is not None
    return [(score.title, score.value, score.real) for score in scores_of(model)]


def headlines(name: str) -> list[str]:
    model = find(name)
    assert model is not None
    return [score.title for score in headline(model)]


def test_a_gan_is_held_against_what_its_judge_says_of_real_images(shelf: Path):
    ship(shelf / "dcgan-mnist", DCGANConfig(), JUDGED)
    ship(shelf / "classifier-mnist", ClassifierConfig(), JUDGE)
    assert words("dcgan-mnist") == [
        ("Classes covered", "10 of 10", ""),
        ("Samples classified with p > 0.9", "95.1%", "98.4%"),
    ]
    page = open_page("dcgan")
    table = page.table[0].value
    assert table["this model"].to_list() == ["10 of 10", "95.1%"]
    assert table["real images"].to_list() == ["", "98.4%"]
    assert "Judged on 10,000 samples by *classifier-mnist*" in texts(page)


def test_distances_stand_beside_those_of_real_images(shelf: Path):
    ship(shelf / "dcgan-mnist", DCGANConfig(), JUDGED | DISTANCES | {"classes_covered_floor": 10})
    assert words("dcgan-mnist")[:2] == [("FID", "12.3", "1.8"), ("Recall", "80.0%", "87.0%")]
    assert words("dcgan-mnist")[2] == ("Classes covered", "10 of 10", "10 of 10")


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("vae-mnist", ["FID", "Negative ELBO", "KMeans accuracy"]),
        ("dcgan-mnist", ["FID", "Precision", "Recall"]),
        ("cgan-mnist", ["FID", "Label fidelity", "Precision"]),
        ("infogan-mnist", ["FID", "Code accuracy", "Precision"]),
    ],
)
def test_a_few_scores_stand_for_a_model_of_each_family(name: str, titles: list[str]):
    assert headlines(name) == titles


def test_neither_a_distance_without_its_scale_nor_what_noise_reaches_too_is_a_headline(shelf: Path):
    ship(shelf / "dcgan-mnist", DCGANConfig(), JUDGED | {**DISTANCES, "fid_noise": None})
    assert headlines("dcgan-mnist") == ["Recall"]


@pytest.mark.parametrize(
    ("value", "place"), [(1.0, 0.0), (10.0, 0.25), (100.0, 0.5), (10_000.0, 1.0), (0.5, 0.0), (20_000.0, 1.0)]
)
def test_a_distance_has_its_place_between_real_images_and_noise_in_decades(value: float, place: float):
    score = shown_score("fid", value, real=1.0, noise=10_000.0)
    assert score.place == pytest.approx(place)
    assert f"--place: {place:.0%}" in scale(score)
    assert f'aria-label="FID {value:,.1f} on a scale from real images, 1.0, to noise, 10,000.0"' in scale(score)


def test_large_distances_are_written_alike():
    assert [shown_score(name, 12_345.67).value for name in ("fid", "kid")] == ["12,345.7", "12,345.7"]


def test_small_distances_are_written_with_digits_that_count():
    assert [shown_score("fid", value).value for value in (0.0, 0.0042, 0.70, 1.2, 12.34)] == [
        "0.0",
        "0.0042",
        "0.7",
        "1.2",
        "12.3",
    ]


@pytest.mark.parametrize(("real", "noise"), [(None, 9.0), (1.0, None), (0.0, 9.0), (9.0, 9.0), (9.0, 1.0)])
def test_between_what_is_not_known_or_not_apart_there_is_no_place(real: float | None, noise: float | None):
    assert shown_score("fid", 5.0, real, noise).place is None


def test_an_accuracy_has_chance_beside_it_and_a_distance_how_many_samples_it_is_of(shelf: Path):
    codes = {"kmeans_acc_mean": 0.737, "neg_elbo": 99.5, "samples": 10_000}
    ship(shelf / "vae-mnist", VAEConfig(), codes | DISTANCES)
    model = find("vae-mnist")
    assert model is not None
    shown = {score.title: score for score in scores_of(model)}
    assert {title: score.chance for title, score in shown.items() if score.chance} == {"KMeans accuracy": "10.0%"}
    assert {title: score.images for title, score in shown.items()} == {
        "FID": 10_000,
        "Recall": 10_000,
        "Negative ELBO": 0,
        "KMeans accuracy": 0,
    }


def test_the_fewest_images_that_a_score_needs_are_told_beside_it(shelf: Path):
    ship(shelf / "dcgan-mnist", DCGANConfig(), JUDGED | {"fid": 12.34, "label_fidelity": 0.9})
    model = find("dcgan-mnist")
    assert model is not None
    helps = {score.title: score.help for score in scores_of(model)}
    assert helps["FID"].endswith("Needs at least 50 generated and as many real images.")
    assert helps["Label fidelity"].endswith("Needs at least 5 images of each class.")


def test_how_far_samples_are_from_training_images_is_told_beside_test_images_and_only_as_measured(shelf: Path):
    measured = {"nearest_train": 0.171, "nearest_train_floor": 0.151}
    ship(shelf / "dcgan-mnist", DCGANConfig(), measured)
    ship(shelf / "vae-mnist", VAEConfig(), measured | {"nearest_train": 0.158})
    assert words("dcgan-mnist") == [("Distance to the nearest training image", "0.171", "0.151")]
    told = "on average 0.16 to 0.17 from the nearest training image, where test images are 0.15 from it."
    assert told in texts(open_page("overview"))
    ship(shelf / "cgan-mnist", CGANConfig(), JUDGED)
    assert "nearest training image" not in texts(open_page("overview"))


def test_without_its_judge_a_gan_still_has_its_scores(shelf: Path):
    ship(shelf / "dcgan-mnist", DCGANConfig(), JUDGED)
    assert words("dcgan-mnist")[-1] == ("Samples classified with p > 0.9", "95.1%", "")
    assert "Judged" not in texts(open_page("dcgan"))


def test_what_was_not_scored_is_not_told(shelf: Path):
    ship(shelf / "dcgan-own", DCGANConfig(), dict.fromkeys(JUDGED))
    ship(shelf / "vae-own", VAEConfig(), {"neg_elbo": 99.5, "kmeans_acc_mean": None, "iw_k": 1000})
    assert words("dcgan-own") == []
    assert words("vae-own") == [("Negative ELBO", "99.50 nats", "")]
    assert not open_page("dcgan").table


@pytest.mark.parametrize(
    ("task", "said"), [("labels", "on these images' labels"), ("turns", "chance finds that of 25%")]
)
def test_a_model_whose_judge_was_trained_for_its_images_alone_says_so(shelf: Path, task: str, said: str):
    trained = {"judge_task": task, "judge_images": 3200, "judge_accuracy": 0.812}
    ship(shelf / "dcgan-own", DCGANConfig(), {**JUDGED, **DISTANCES, **trained, "feature_network": "a network"})
    page = open_page("dcgan")
    assert said in texts(page)
    assert "3,200 images" in texts(page)
    assert "81.2%" in texts(page)


def test_a_model_of_a_command_that_was_trained_on_several_seeds_says_how_many():
    said = texts(open_page("vae", run="vae-mnist"))
    assert "1 of 3 seeds" in said
    assert "Seeds: 1 of 3, mean 70.0% ± 4.4%." in said
