"""The words of a figure have the direction of the visitor's language, though a figure is laid out from the left."""

import numpy as np

from genmodels.config.objectives import OBJECTIVES
from genmodels.export.figures import confusion_heat_map, direct, fidelity_bars, kl_bars
from genmodels.language import speaking
from genmodels.ui.gan.loss_figures import loss_figure, slope_figure


def test_in_persian_a_label_that_begins_with_a_latin_word_is_read_from_the_right():
    with speaking("fa"):
        figures = [loss_figure("minimax", OBJECTIVES["minimax"]), slope_figure()]
        for figure in figures:
            direct(figure)
    names = [trace.name for figure in figures for trace in figure.data]
    assert [name for name in names if not (name.startswith("\u2067") and name.endswith("\u2069"))] == []


def test_axes_and_hints_are_directed_too_but_in_english_nothing_is():
    kl, active = np.array([1.0, 0.0]), np.array([True, False])
    with speaking("fa"):
        figure = kl_bars(kl, active)
        direct(figure)
    assert figure.layout.yaxis.title.text.startswith("\u2067")
    assert figure.data[0].hovertemplate.startswith("\u2067")
    figure = kl_bars(kl, active)
    before = figure.to_json()
    direct(figure)
    assert figure.to_json() == before


def test_numbers_have_the_digits_of_the_language():
    with speaking("fa"):
        heat, bars, losses = (
            confusion_heat_map(np.array([[12]]), ["T-shirt"]),
            fidelity_bars(np.array([0.5]), ["T-shirt"], None),
            loss_figure("minimax", OBJECTIVES["minimax"]),
        )
        for figure in (heat, bars, losses):
            direct(figure)
    assert heat.data[0].text[0][0] == "۱۲"
    assert bars.data[0].text[0] == "۵۰٫۰٪"
    assert kl_bars_of_persian() == ["۱۰"]
    assert "GenmodelsDigits" in bars.layout.xaxis.tickfont.family
    assert bars.layout.yaxis.tickfont.family is None  # classes are called what they are called
    for template in (
        heat.data[0].hovertemplate,
        bars.data[0].hovertemplate,
        losses.layout.xaxis.unifiedhovertitle.text,
    ):
        assert template.count("GenmodelsDigits") == 1


def kl_bars_of_persian() -> list[str]:
    kl = np.arange(11.0)
    with speaking("fa"):
        return list(kl_bars(kl, kl > 9.5).data[0].x)
