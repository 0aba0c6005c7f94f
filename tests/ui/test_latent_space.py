"""The logic of the latent space on the page of the VAE, on the pretrained model, without its data."""

import base64
import dataclasses
import io
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints import checkpoint
from genmodels.config.families import VAEConfig
from genmodels.export.figures import PALETTE
from genmodels.latent import codes as latent_codes
from genmodels.latent.pca import principal_plane
from genmodels.latent.tsne import TSNE
from genmodels.runs.store import Store
from genmodels.storage.paths import PRETRAINED
from tests.support.pages import open_page, press, texts

pytestmark = pytest.mark.usefixtures("no_network")
MODEL = PRETRAINED / "vae-mnist"


@pytest.fixture(scope="module")
def codes() -> latent_codes.Codes:
    (folder,) = (MODEL / "latents").iterdir()
    loaded = latent_codes.load(folder)
    assert loaded is not None
    return loaded


class Drawn:
    """What a page has drawn, and what is selected on its map."""

    def __init__(self) -> None:
        self.strips: dict[str, np.ndarray] = {}
        self.map: dict[str, Any] = {}
        self.selected: tuple[int, ...] = ()
        self.pad: np.ndarray | None = None
        self.pressed: int | None = None

    def strip(self, images: np.ndarray, alt: str, **options: Any) -> None:
        self.strips[alt] = images

    def clickable_grid(self, images: np.ndarray, columns: int, alt: str, **options: Any) -> int | None:
        self.strips[alt] = images
        pressed, self.pressed = self.pressed, None
        return pressed

    def latent_map(self, points: np.ndarray, kinds: Any = (), **options: Any) -> tuple[int, ...]:
        self.map = {"points": points, "kinds": kinds} | options
        return self.selected


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> Drawn:
    drawn = Drawn()
    for module in ("vae.selection", "vae.selected", "vae.clusters", "vae.decoder", "vae.own_image", "vae.prior"):
        monkeypatch.setattr(f"genmodels.ui.{module}.strip", drawn.strip)
    monkeypatch.setattr("genmodels.ui.vae.latent_space.latent_map", drawn.latent_map)
    monkeypatch.setattr("genmodels.ui.vae.decoder.clickable_grid", drawn.clickable_grid)
    monkeypatch.setattr("genmodels.ui.vae.own_image.draw_pad", lambda key: drawn.pad)
    return drawn


def latent_space(**query: str) -> AppTest:
    return open_page("vae", tab="Latent space", **query)


def decoder() -> AppTest:
    return open_page("vae", tab="Decoder")


def group(page: AppTest, label: str) -> Any:
    """A row of buttons of which one is chosen."""
    groups: Any = page.get("button_group")
    return next(group for group in groups if group.label == label)


def choose(page: AppTest, label: str, value: str) -> AppTest:
    group(page, label).set_value(value)
    page.run()
    assert not page.exception
    return page


def scores(page: AppTest) -> dict[str, float]:
    return {metric.label: float(metric.value) for metric in page.metric}


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


# What is found, told and taken away


def test_each_point_is_told_with_its_image_label_cluster_and_error(drawn: Drawn, codes: latent_codes.Codes):
    latent_space()
    sheet, (label, cluster, error) = drawn.map["sheet"], drawn.map["facts"]
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet.url.partition(",")[2]))))
    row, column = divmod(1999, sheet.columns)
    assert np.array_equal(picture[28 * row : 28 * row + 28, 28 * column : 28 * column + 28], codes.images[1999, 0])
    assert codes.labels is not None
    assert [label.names[i] for i in label.of[:5]] == [codes.classes[i] for i in codes.labels[:5]]
    assert (cluster.title, error.title) == ("cluster", "error, nats:")
    assert np.array_equal(error.values, codes.errors)


def test_of_very_many_images_each_is_smaller(drawn: Drawn, codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("genmodels.ui.vae.map_look.MOST_PIXELS", codes.images.size // 4)
    st.cache_data.clear()
    latent_space()
    sheet = drawn.map["sheet"]
    assert (sheet.width, sheet.height) == (14, 14)
    picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(sheet.url.partition(",")[2]))))
    row, column = divmod(1999, sheet.columns)
    means = codes.images[1999, 0].reshape(14, 2, 14, 2).mean((1, 3))
    assert np.array_equal(picture[14 * row : 14 * row + 14, 14 * column : 14 * column + 14], np.floor(means))
    st.cache_data.clear()


def test_a_label_or_an_image_is_found(drawn: Drawn, codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch):
    chosen: list[list[int]] = []
    monkeypatch.setattr("genmodels.ui.vae.selection.choose", lambda key, indices: chosen.append(indices))
    page = latent_space()
    page.selectbox(key="explorer:map:label").set_value("7").run()
    assert codes.labels is not None
    assert chosen == [np.flatnonzero(codes.labels == 7).tolist()]
    page.number_input(key="explorer:map:index").set_value(42).run()
    press(page, "Select")
    assert chosen[1:] == [[42]]


def test_selected_codes_generate_when_that_is_asked_for(drawn: Drawn, codes: latent_codes.Codes):
    drawn.selected = (3, 500, 1999)
    page = latent_space()
    assert not [alt for alt in drawn.strips if "Gaussian" in alt]
    page.toggle(key="explorer:generate").set_value(True).run()
    assert not page.exception
    assert drawn.strips["The mean of these codes, decoded"].shape == (1, 1, 28, 28)
    samples = drawn.strips["Samples of a Gaussian fitted to these codes"]
    press(page, "Resample")
    assert not np.array_equal(drawn.strips["Samples of a Gaussian fitted to these codes"], samples)
    table = page.dataframe[0].value
    assert len(table) == 5
    assert table["dimension"].is_unique


def test_a_place_of_the_plane_that_is_pressed_is_decoded(
    drawn: Drawn, codes: latent_codes.Codes, monkeypatch: pytest.MonkeyPatch
):
    page = choose(latent_space(), "Map", "PCA")
    assert "The image of the place that was pressed" not in drawn.strips
    plane = principal_plane(codes.mu)
    monkeypatch.setattr("genmodels.ui.vae.latent_space.pressed", lambda key: tuple(plane.project(codes.mu[:1])[0]))
    page.run()
    near = drawn.strips["The image of the place that was pressed"]
    monkeypatch.setattr("genmodels.ui.vae.latent_space.pressed", lambda key: (30.0, -30.0))
    page.run()
    assert not np.array_equal(drawn.strips["The image of the place that was pressed"], near)


def test_codes_of_the_prior_are_drawn_over_those_of_images(drawn: Drawn, codes: latent_codes.Codes):
    page = choose(latent_space(), "Map", "PCA")
    assert drawn.map["extra"] is None
    next(toggle for toggle in page.toggle if toggle.label == "Overlay the prior").set_value(True).run()
    assert not page.exception
    extra: Any = drawn.map["extra"]
    assert extra.name == "from the prior"
    assert extra.points.shape == (1000, 2)
    assert np.abs(extra.points).max() < 6, "N(0, I), on a plane"
