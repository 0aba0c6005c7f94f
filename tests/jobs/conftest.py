"""A store whose workers end with the test."""

from collections.abc import Iterator

import pytest

from genmodels.runs.store import Store
from tests.support.helpers import end_worker


@pytest.fixture
def store() -> Iterator[Store]:
    """The store of the test's own home; no worker is left behind."""
    opened = Store()
    yield opened
    for run in opened.runs():
        opened.update(run.id, stop_requested=True)
        end_worker(opened, run.id)
