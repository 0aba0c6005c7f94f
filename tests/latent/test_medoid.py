"""The model that agrees most with the others."""

import numpy as np
import pytest

from genmodels.latent.medoid import agreement, centrality


def test_the_medoid_is_the_one_that_agrees_with_the_others_however_classes_are_numbered():
    rng = np.random.default_rng(0)
    good = rng.integers(0, 4, 400)
    renumbered = (good + 1) % 4
    nearly = np.where(rng.random(400) < 0.2, rng.integers(0, 4, 400), good)
    bad = rng.integers(0, 4, 400)
    found = agreement([bad, nearly, good, renumbered])
    assert found[2, 3] == pytest.approx(1)
    assert abs(found[0, 2]) < 0.05
    assert np.array_equal(found, found.T)
    central = centrality(found)
    assert central.argmin() == 0
    assert central.argmax() in (2, 3)


def test_one_model_has_no_medoid():
    with pytest.raises(ValueError, match="two models at least"):
        centrality(np.ones((1, 1)))
