"""What pages keep in memory belongs to the run that it was made of, also when another one comes under its id."""

import io
from pathlib import Path

import numpy as np
import pytest

from genmodels.checkpoints import test_images
from genmodels.runs.archive import unpack
from genmodels.runs.store import Store
from genmodels.ui.models import loading
from genmodels.ui.models.test_images import held_out
from tests.support.archives import zipped
from tests.support.hostile import hostile_run

pytestmark = pytest.mark.filterwarnings("ignore:.*ScriptRunContext")


def digits(level: int) -> test_images.Images:
    return test_images.Images(np.full((20, 1, 28, 28), level, np.uint8), np.zeros(20, np.int64), ("0",))


def test_a_deleted_runs_images_are_not_shown_for_another_one(tmp_path: Path):
    store, there = Store(), Store(tmp_path / "there")
    run = hostile_run(store, "dcgan-mnist")
    test_images.save(store.folder(run.id), digits(1))
    data = zipped(store, run)
    assert held_out(run).images.max() == 1
    mine = loading.model(run)
    store.delete(run.id)
    other = unpack(there, io.BytesIO(data))
    test_images.save(there.folder(run.id), digits(2))
    here = unpack(store, io.BytesIO(zipped(there, other)))
    assert here.id == run.id
    assert held_out(here).images.max() == 2
    assert loading.model(here) is not mine
