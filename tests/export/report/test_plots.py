"""The drawings of a report: what can be read in them."""

import re

import matplotlib as mpl
import numpy as np
import pytest

from genmodels.export.figures import Line
from genmodels.export.report import plots
from genmodels.language import speaking

pytestmark = pytest.mark.usefixtures("coarse")
LINE = Line("loss", np.arange(4.0), np.array([-1.5, 0.5, 1.0, 1.2]), "#3a7bd5")


def read(draw: str, language: str) -> list[str]:
    """The texts of a drawing."""
    with speaking(language), mpl.rc_context({"svg.fonttype": "none"}):
        if draw == "curves":
            picture = plots.curves([LINE], "", [(1.0, "")])
        elif draw == "counts":
            picture = plots.counts(np.array([[12, 3], [4, 5]]), ["a", "b"], ["c", "d"])
        else:
            picture = plots.logit_curves(["hinge"])
    assert picture.svg is not None
    return re.findall(r"<text[^>]*>([^<]*)</text>", picture.svg.decode())


@pytest.mark.parametrize("draw", ["curves", "counts", "logit_curves"])
def test_all_numbers_of_a_drawing_are_in_the_digits_of_the_language(draw: str):
    english, persian = (" ".join(read(draw, language)) for language in ("en", "fa"))
    assert re.search("[0-9]", english)
    assert not re.search("[۰-۹]", english)
    assert re.search("[۰-۹]", persian)
    assert not re.search("[0-9.]", persian)
