"""What can be read in the theme, and told apart in the figures: WCAG 2.2, level AA."""

import tomllib
from itertools import combinations
from typing import Any

import pytest

from genmodels.export.figures import ACTIVE, IDLE, INK, PALETTE
from genmodels.storage.paths import PROJECT
from genmodels.ui.runs.columns import COLOURS

THEME = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
TEXT, MARK = 4.5, 3.0
CAPTION = 0.6  # how opaque Streamlit draws one
BOTH = pytest.mark.parametrize("name", ["light", "dark"])


def rgb(colour: str) -> tuple[float, ...]:
    return tuple(int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))


def luminance(channels: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(colour: str, under: str, opacity: float = 1.0) -> float:
    """Of a colour, which may be drawn less than opaque, with what it is drawn on; from 1 to 21."""
    mixed = tuple(opacity * c + (1 - opacity) * u for c, u in zip(rgb(colour), rgb(under), strict=True))
    light, dark = sorted((luminance(mixed), luminance(rgb(under))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def sections(name: str) -> list[dict[str, Any]]:
    """Of the page and of the sidebar, which inherits what it does not set."""
    page = THEME[name]
    return [page, page | page["sidebar"]]


def grounds(section: dict[str, Any]) -> list[str]:
    return [section["backgroundColor"], section["secondaryBackgroundColor"]]


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#000000", "#ffffff", 0.0) == 1


@BOTH
def test_texts_and_captions_can_be_read_wherever_they_stand(name: str):
    for section in sections(name):
        for ground in [*grounds(section), section["codeBackgroundColor"]]:
            assert contrast(section["textColor"], ground, CAPTION) >= TEXT
            assert contrast(section["codeTextColor"], ground, CAPTION) >= TEXT
            assert contrast(section["linkColor"], ground) >= TEXT
            assert contrast(section["dataframeHeaderTextColor"], ground) >= TEXT
        assert contrast(section["borderColor"], section["backgroundColor"]) >= MARK, "of fields and cards"


@BOTH
def test_the_primary_colour_is_read_under_white_and_on_the_page(name: str):
    page, sidebar = sections(name)
    assert contrast("#ffffff", page["primaryColor"]) >= TEXT, "of primary buttons"
    for section in (page, sidebar):
        assert contrast(section["primaryColor"], section["backgroundColor"]) >= TEXT, "of the open tab"
        assert contrast(section["primaryColor"], section["secondaryBackgroundColor"]) >= MARK


@BOTH
def test_figures_are_seen_on_the_page(name: str):
    paper = THEME[name]["backgroundColor"]
    assert contrast(INK, paper) >= TEXT
    assert contrast("#ffffff", ACTIVE) >= TEXT, "of the shares in the bars"
    for colour in (*PALETTE, ACTIVE, IDLE):
        assert contrast(colour, paper) >= MARK


def test_no_two_classes_have_nearly_the_same_colour():
    assert min(distance(a, b) for a, b in combinations(PALETTE[:10], 2)) > 25


def distance(one: str, other: str) -> float:
    """In CIE 1976 L*a*b* of the D65 white; some 2 can just be told apart."""
    return sum((a - b) ** 2 for a, b in zip(lab(one), lab(other), strict=True)) ** 0.5


def lab(colour: str) -> tuple[float, float, float]:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb(colour)]
    rows = ((0.4339, 0.3762, 0.1899), (0.2126, 0.7152, 0.0722), (0.0178, 0.1095, 0.8727))  # each divided by its white
    x, y, z = (sum(w * c for w, c in zip(row, linear, strict=True)) for row in rows)
    f = [t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z)]
    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])


def test_states_of_runs_can_be_read():
    assert all(contrast("#ffffff", colour) >= TEXT for colour in COLOURS.values())
