"""The curves of an exported page."""

import pytest

from genmodels.export.report.sources import source
from genmodels.export.web.curves import curves_of
from genmodels.language import LANGUAGES, speaking
from genmodels.runs.store import Store
from tests.support.documents import coarse as coarse


@pytest.mark.usefixtures("coarse")
def test_they_are_drawn_alike_whoever_asks_for_a_page_in_all_languages():
    drawn = []
    for language in LANGUAGES:
        with speaking(language):
            drawn.append([curves.picture for curves in curves_of(source(Store(), "dcgan-mnist"))])
    assert all(pictures == drawn[0] for pictures in drawn)
