"""What codes stand for, whatever their numbers."""

import numpy as np
import pytest

from genmodels.config.datasets import DIGITS
from genmodels.latent.clusters import cluster_accuracy
from genmodels.latent.infogan_codes import CodeMeaning, spread

LABELS = np.repeat(np.arange(10), 20)


def said(codes: np.ndarray, k: int, sure: np.ndarray | float = 1.0) -> np.ndarray:
    """Probabilities (N, K) of a Q that reads ``codes`` (N,) with the probability ``sure``, (N,) or the same of all."""
    rest = (1 - np.broadcast_to(sure, len(codes))) / (k - 1)
    found = np.repeat(rest[:, None], k, 1)
    found[np.arange(len(codes)), codes] = sure
    return found


def meaning_of(codes: np.ndarray, k: int, labels: np.ndarray | None = LABELS, classes=DIGITS) -> CodeMeaning:
    return CodeMeaning(said(codes, k), np.zeros((len(codes), 2)), labels, classes)


def test_a_perfect_q_with_permuted_codes_is_always_right_and_its_names_follow():
    order = np.random.default_rng(0).permutation(10)
    found = meaning_of(order[LABELS], 10)
    assert found.accuracy == 1
    assert found.matched == {int(order[label]): label for label in range(10)}
    for label, code in enumerate(order.tolist()):
        assert found.name(code) == f"code {code} (mostly digit {label})"
        assert found.in_words(code) == f"mostly digit {label} (100%)"
    assert found.by_label() == order.tolist()
    assert np.array_equal(found.counts[found.by_label()], 20 * np.eye(10))


def test_permuted_codes_change_no_accuracy_and_no_share():
    random = np.random.default_rng(1)
    codes = np.where(random.uniform(size=len(LABELS)) < 0.3, random.integers(10, size=len(LABELS)), LABELS)
    order = random.permutation(10)
    found, permuted = meaning_of(codes, 10), meaning_of(order[codes], 10)
    assert permuted.accuracy == found.accuracy == cluster_accuracy(codes, LABELS)
    assert 0.6 < cluster_accuracy(codes, LABELS) < 1
    assert [permuted.share(code) for code in order.tolist()] == [found.share(code) for code in range(10)]


def test_more_codes_than_labels_leave_some_without_one():
    codes = LABELS.copy()
    codes[:5] = 10  # a quarter of the zeros
    found = meaning_of(codes, 12)
    assert (found.name(0), found.in_words(0)) == ("code 0 (mostly digit 0)", "mostly digit 0 (100%)")
    assert (found.name(10), found.in_words(10)) == ("code 10", "no label of its own")
    assert (found.name(11), found.in_words(11)) == ("code 11", "no test image")
    assert found.accuracy == pytest.approx(1 - 5 / 200)
    assert found.by_label() == list(range(12))


def test_fewer_codes_than_labels_stand_for_one_each():
    found = meaning_of(LABELS // 4, 3)
    assert len(found.matched) == 3
    assert found.accuracy == pytest.approx(3 / 10)
    assert (found.name(0), found.share(0)) == ("code 0", 0.25)
    assert found.in_words(0) == f"partly digit {found.matched[0]} (25%)"
    assert found.name(2).startswith("code 2"), "half is not most"
    assert "mostly" not in found.name(2)


def test_a_code_that_nothing_got_stands_for_nothing():
    codes = np.where(LABELS == 9, 8, LABELS)  # nobody reads code 9, and label 9 is left
    found = meaning_of(codes, 10)
    assert 9 not in found.matched
    assert (found.name(9), found.in_words(9), found.share(9)) == ("code 9", "no test image", 0)
    assert len(found.surest(9)) == len(found.rising(9, 0)) == 0


def test_classes_that_are_no_digits_have_their_own_names():
    found = meaning_of(np.array([1, 1, 0]), 2, np.array([0, 0, 1]), ("boot", "bag"))
    assert [found.name(code) for code in range(2)] == ["code 0 (mostly bag)", "code 1 (mostly boot)"]


def test_without_labels_nothing_is_matched():
    found = meaning_of(LABELS, 10, None, ())
    assert (found.accuracy, found.matched, found.counts.shape) == (None, {}, (10, 0))
    assert [found.name(code) for code in range(10)] == [f"code {code}" for code in range(10)]
    assert len(found.surest(3)) == 20


def test_images_of_a_code_come_by_their_probability_and_by_their_mean():
    codes, sure = np.array([0, 1, 0, 0]), np.array([0.6, 0.9, 0.9, 0.7])
    means = np.array([[0.5], [-2], [-0.5], [0.1]])
    found = CodeMeaning(said(codes, 3, sure), means, None, ())
    assert found.surest(0).tolist() == [2, 3, 0]
    assert found.rising(0, 0).tolist() == [2, 3, 0]
    assert found.surest(1).tolist() == [1]


def test_a_part_of_a_sorted_list_keeps_its_ends_and_its_order():
    chosen = spread(np.arange(100, 200), 24)
    assert (len(chosen), chosen[0], chosen[-1]) == (24, 100, 199)
    assert (np.diff(chosen) > 0).all()
    assert spread(np.arange(24), 24).tolist() == list(range(24))
    assert spread(np.arange(3), 24).tolist() == [0, 1, 2]
