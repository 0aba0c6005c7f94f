"""Clusters mean the same whatever their numbers, with labels or without."""

import numpy as np
import pytest

from genmodels.latent.clusters import (
    Clusters,
    cluster,
    cluster_accuracy,
    contingency,
    how_many,
    match_clusters,
    numbered,
)
from genmodels.latent.codes import Codes
from genmodels.latent.partition import METHODS, Method, partition
from genmodels.ui.vae.clusters import colours, names

CENTERS = 12 * np.eye(10, dtype=np.float32)


def blobs(k: int, each: int = 40) -> tuple[np.ndarray, np.ndarray]:
    """k groups that are far apart, of different sizes, and the group of each point."""
    labels = np.repeat(np.arange(k), [each + 3 * index for index in range(k)])
    labels = np.random.default_rng(1).permutation(labels)
    return CENTERS[labels] + np.random.default_rng(2).normal(size=(len(labels), 10)).astype(np.float32), labels


def codes_of(mu: np.ndarray, labels: np.ndarray | None, tmp_path) -> Codes:
    n, images = len(mu), np.zeros((len(mu), 1, 28, 28), np.uint8)
    classes = tuple("abcdefghij") if labels is not None else ()
    return Codes(tmp_path, images, images, labels, classes, mu, np.zeros_like(mu), np.zeros(n, np.float32))


@pytest.fixture
def found() -> Clusters:
    mu, labels = blobs(10)
    return cluster(mu, 10, labels)


def permuted(clusters: Clusters) -> Clusters:
    order = np.random.default_rng(3).permutation(clusters.k)
    centers = np.empty_like(clusters.centers)
    centers[order] = clusters.centers
    return numbered(clusters.means, order[clusters.ids], centers, clusters.labels)


def test_groups_that_are_far_apart_are_found_and_have_their_labels_numbers(found: Clusters):
    assert found.scores["ACC"] == found.scores["NMI"] == found.scores["ARI"] == 1
    assert found.scores["silhouette"] > 0.5
    assert found.matched == {number: number for number in range(10)}
    assert found.labels is not None
    assert np.array_equal(found.ids, found.labels)


def test_permuted_numbers_change_nothing(found: Clusters, tmp_path):
    same = permuted(found)
    assert np.array_equal(same.ids, found.ids)
    assert np.array_equal(same.centers, found.centers)
    assert same.scores == found.scores
    codes = codes_of(found.means, found.labels, tmp_path)
    assert (names(codes, same), colours(codes, same)) == (names(codes, found), colours(codes, found))


def test_without_labels_permuted_numbers_change_nothing_either():
    mu, _ = blobs(4)
    found = cluster(mu, 4)
    assert np.array_equal(permuted(found).ids, found.ids)
    assert set(found.scores) == {"silhouette"}
    sizes = np.bincount(found.ids).tolist()
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("k", [2, 7, 15])
def test_another_number_of_clusters_than_labels(k: int, tmp_path):
    mu, labels = blobs(10)
    found = cluster(mu, k, labels)
    assert len(found.matched) == min(k, 10)
    assert len(set(found.matched.values())) == len(found.matched), "a label stands for two clusters"
    hits = sum(np.sum((found.ids == c) & (labels == label)) for c, label in found.matched.items())
    assert found.scores["ACC"] == pytest.approx(hits / len(labels))
    codes = codes_of(mu, labels, tmp_path)
    assert len(set(colours(codes, found))) == k, "two clusters look alike"
    assert names(codes, found)[0] == f"cluster 0 (matched to {codes.classes[found.matched[0]]})"


def test_a_cluster_has_the_colour_of_the_label_that_it_matches(tmp_path):
    mu, labels = blobs(10)
    codes = codes_of(mu, labels, tmp_path)
    by_label: dict[int, set[str]] = {}
    for k in (10, 8, 9):
        found = cluster(mu, k, labels)
        for number, label in found.matched.items():
            by_label.setdefault(label, set()).add(colours(codes, found)[number])
    assert all(len(hues) == 1 for hues in by_label.values())


def test_the_best_matching_is_not_the_greedy_one():
    clusters = np.repeat([0, 0, 1], [5, 4, 3])
    labels = np.repeat([0, 1, 0], [5, 4, 3])
    assert match_clusters(clusters, labels) == {0: 1, 1: 0}
    assert cluster_accuracy(clusters, labels) == pytest.approx(7 / 12)
    assert contingency(clusters, labels).tolist() == [[5, 4], [3, 0]]


def test_members_come_from_the_centre_outwards(found: Clusters):
    for number in range(found.k):
        members = found.members(number)
        assert set(members) == set(np.nonzero(found.ids == number)[0])
        distances = np.linalg.norm(found.means[members] - found.centers[number], axis=1)
        assert (np.diff(distances) >= 0).all()


def test_more_clusters_than_points_are_lowered():
    mu, labels = blobs(2, each=1)
    assert cluster(mu, 20, labels).k == len(mu)


def test_the_number_of_groups_is_where_the_silhouette_is_highest():
    mu, _ = blobs(5)
    told: list[int] = []
    table = how_many(mu, range(2, 9), progress=told.append)
    assert table["k"].tolist() == told == list(range(2, 9))
    assert table["k"][table["silhouette"].argmax()] == 5
    assert (np.diff(table["inertia"]) < 0).all()
    assert how_many(mu[:4], range(2, 9))["k"].tolist() == [2, 3]


@pytest.mark.parametrize("by", METHODS)
def test_every_method_finds_groups_that_are_far_apart(by: Method):
    mu, labels = blobs(6)
    found = cluster(mu, 6, labels, by=by)
    assert found.k == 6
    assert found.scores["ACC"] == 1


@pytest.mark.parametrize("by", METHODS)
@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_every_method_takes_a_few_points(by: Method, n: int):
    ids, centers = partition(np.eye(n, 3, dtype=np.float32), 4, by=by)
    assert ids.shape == (n,)
    assert ids.max() < len(centers) <= n
    assert np.isfinite(centers).all()


@pytest.mark.parametrize("by", METHODS)
def test_every_method_takes_points_that_are_all_the_same(by: Method):
    ids, _ = partition(np.zeros((50, 2), np.float32), 3, by=by)
    assert len(np.unique(ids)) == 1


def test_points_outside_all_crowds_join_the_nearest():
    mu, labels = blobs(3, each=60)
    far = np.concatenate([mu, CENTERS[1:2] + 6])
    ids, centers = partition(far, 0, by="HDBSCAN")
    assert len(centers) == 3
    assert ids[-1] == ids[np.flatnonzero(labels == 1)[0]]
