"""The logic of the latent space on the page of the VAE, on the pretrained model, without its data."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from genmodels.checkpoints import checkpoint
from genmodels.config.families import VAEConfig
from genmodels.export.figures import PALETTE
from genmodels.latent import codes as latent_codes
from genmodels.latent.pca import principal_plane
from genmodels.latent.tsne import TSNE
from genmodels.runs.store import Store
from tests.support.latent_space import MODEL, Drawn, choose, codes, drawn, encoded, group, latent_space, scores
from tests.support.pages import open_page, texts

__all__ = ["codes", "drawn", "encoded"]  # fixtures
pytestmark = pytest.mark.usefixtures("no_network")


def test_the_first_map_is_the_one_of_groups_where_it_is_there_already(
    drawn: Drawn, codes: latent_codes.Codes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    latent_space()
    brought = TSNE(codes.folder).finished_result()
    assert brought is not None
    assert np.array_equal(drawn.map["points"], brought)
    shutil.copytree(MODEL, tmp_path / MODEL.name, ignore=shutil.ignore_patterns(latent_codes.MAP))
    (tmp_path / MODEL.name / checkpoint.WEIGHTS).touch()  # another model, of which nothing is kept
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", tmp_path)
    latent_space()
    assert np.allclose(drawn.map["points"], principal_plane(codes.mu).project(codes.mu), atol=1e-4)


def test_the_scores_follow_the_number_of_clusters(drawn: Drawn):
    page = latent_space()
    before = scores(page)
    assert list(before) == ["ACC", "NMI", "ARI", "silhouette"]
    assert 0.4 < before["ACC"] < 1
    page.slider(key="explorer:k:10").set_value(4).run()
    assert scores(page)["ACC"] < 0.5, "four clusters cannot match ten labels"
    assert len([alt for alt in drawn.strips if "most and" in alt]) >= 4


def test_the_colouring_changes_colours_alone(drawn: Drawn, codes: latent_codes.Codes):
    page = latent_space()
    points, token = drawn.map["points"], drawn.map["token"]
    assert codes.labels is not None
    assert np.array_equal(drawn.map["kind_of"], codes.labels)
    colour_of_label = [kind.colour for kind in drawn.map["kinds"]]
    assert colour_of_label == list(PALETTE[:10])
    choose(page, "Colour by", "cluster")
    for kind in drawn.map["kinds"]:
        label = int(kind.label.rpartition(" ")[2].strip(")"))
        assert kind.colour == colour_of_label[label], "a cluster has not the colour of its label"
    choose(page, "Colour by", "error")
    assert np.array_equal(drawn.map["values"], codes.errors)
    assert np.array_equal(drawn.map["points"], points)
    assert drawn.map["token"] == token


@pytest.mark.parametrize("colouring", ["label", "cluster", "error"])
def test_selected_points_show_their_own_images(drawn: Drawn, codes: latent_codes.Codes, colouring: str):
    drawn.selected = (3, 500, 1999)
    page = choose(latent_space(), "Colour by", colouring)
    assert "**3 selected**" in texts(page)
    shown = drawn.strips["Images 3, 500, 1999 over their reconstructions"]
    chosen = list(drawn.selected)
    assert np.array_equal(shown, np.concatenate([codes.images[chosen], codes.reconstructions[chosen]]))
    near = drawn.strips["Images 3, 500, 1999, each with its neighbours"].reshape(3, 9, 1, 28, 28)
    assert np.array_equal(near[:, 0], codes.images[chosen])
    distances = np.linalg.norm(codes.mu - codes.mu[500], axis=1)
    assert np.array_equal(near[1], codes.images[np.argsort(distances)[:9]])


def test_many_selected_points_show_the_first(drawn: Drawn):
    drawn.selected = tuple(range(0, 2000, 2))
    page = latent_space()
    assert "**1,000 selected**, the first 24 shown" in texts(page)
    assert "Images 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22 over their reconstructions" in drawn.strips


def test_before_anything_is_selected_an_image_of_each_class_is_shown(drawn: Drawn, codes: latent_codes.Codes):
    assert "Click on a point" in texts(latent_space())
    (alt,) = [alt for alt in drawn.strips if alt.endswith("over their reconstructions")]
    shown = drawn.strips[alt]
    listed = list(map(int, alt.removeprefix("Images ").partition(" over")[0].split(", ")))
    assert codes.labels is not None
    assert codes.labels[listed].tolist() == list(range(10))
    assert np.array_equal(shown, np.concatenate([codes.images[listed], codes.reconstructions[listed]]))


def test_each_cluster_shows_its_mean_and_its_most_and_least_typical_images(drawn: Drawn, codes: latent_codes.Codes):
    latent_space()
    shown = [images for alt, images in drawn.strips.items() if alt.startswith("cluster 0")]
    assert shown[0].shape == (17, 1, 28, 28)
    assert any(np.array_equal(shown[0][1], image) for image in codes.images)


def test_a_cluster_without_an_image_is_counted_and_not_drawn(
    drawn: Drawn, codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    """After a posterior collapse all images have one code, and KMeans leaves all clusters empty but one."""
    collapsed = dataclasses.replace(codes.first(200, tmp_path), mu=np.zeros((200, 2), np.float32))
    monkeypatch.setattr("genmodels.ui.models.loading.codes", lambda *arguments: collapsed)
    page = latent_space()
    assert "Clusters without an image: 9." in texts(page)
    assert len([alt for alt in drawn.strips if alt.startswith("cluster ")]) == 1


@pytest.mark.parametrize("n", [1, 3, 4])
def test_a_few_images_of_one_class_are_enough_for_a_map(
    drawn: Drawn, codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, n: int
):
    few = dataclasses.replace(codes.first(n, tmp_path), labels=np.zeros(n, np.int64), classes=("cats",))
    monkeypatch.setattr("genmodels.ui.models.loading.codes", lambda *arguments: few)
    page = latent_space()
    assert not page.error


def test_data_that_cannot_be_had_are_told_in_one_sentence(drawn: Drawn):
    page = choose(latent_space(), "Images", "train")
    (error,) = [element.value for element in page.error]
    assert "could not be downloaded" in error
    assert "choose at most 2,000 test images" in error


def test_fewer_images_than_are_kept_need_no_data(drawn: Drawn, codes: latent_codes.Codes):
    page = latent_space()
    page.select_slider(key="explorer:n").set_value(500).run()
    assert not page.error
    assert codes.labels is not None
    assert np.array_equal(drawn.map["kind_of"], codes.labels[:500])


def test_all_training_images_can_be_chosen_by_who_may_start_what_takes_long(
    drawn: Drawn, monkeypatch: pytest.MonkeyPatch
):
    page = latent_space()
    slider = page.select_slider(key="explorer:n")
    assert slider.options[-1] == "60,000"
    monkeypatch.setattr("genmodels.ui.vae.latent_space.may_train", lambda: False)
    monkeypatch.setattr("genmodels.ui.vae.latent_space.FOR_ALL", 2000)
    page.session_state["explorer:n"] = 60_000  # as chosen before
    slider = page.run().select_slider(key="explorer:n")
    assert (slider.options[-1], slider.value) == ("2,000", 2000)
    assert not page.exception


def test_a_run_without_a_checkpoint_says_so():
    run = Store().create(VAEConfig().model_dump())
    for tab in ("Latent space", "Decoder"):
        page = open_page("vae", tab=tab, run=run.id)
        assert "no checkpoint yet" in page.info[0].value


def test_without_labels_there_are_clusters_but_no_label_scores(
    drawn: Drawn, codes: latent_codes.Codes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder = tmp_path / "pretrained" / "vae-unlabelled"
    shutil.copytree(MODEL, folder)
    (place,) = (folder / "latents").iterdir()
    dataclasses.replace(codes, folder=place, labels=None, classes=()).save()
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", folder.parent)
    page = latent_space()
    assert list(scores(page)) == ["silhouette"]
    assert [kind.label for kind in drawn.map["kinds"]] == [f"cluster {number}" for number in range(10)]
    assert "label" not in str(group(page, "Colour by").options)
    assert any(alt.startswith("Images 0, 1, 2, ") for alt in drawn.strips), "there are no examples"
