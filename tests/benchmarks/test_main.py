"""`python -m benchmarks`: what it takes, and what it says where a package is not installed."""

import json
import math
import sys
from types import SimpleNamespace

import pytest

import benchmarks.__main__ as program
from benchmarks.__main__ import MODELS, PARTS, main, parse


def test_without_a_part_all_are_asked_for():
    assert parse([]).part == [*PARTS]


def test_parts_are_measured_once_each_in_the_order_of_the_list():
    assert parse(["readable", "vae", "vae"]).part == ["vae", "readable"]
    assert parse(["busy", "models"]).part == [*MODELS, "busy"]


def test_an_unknown_part_is_refused_with_those_that_there_are():
    with pytest.raises(
        SystemExit, match=r"^python -m benchmarks: there is no benchmark 'dgcan': choose from vae, .*busy"
    ):
        parse(["dgcan"])


@pytest.mark.parametrize("turns", ["0", "-1"])
def test_there_is_at_least_one_turn(turns: str):
    with pytest.raises(SystemExit, match=r"^python -m benchmarks: --turns must be at least 1"):
        parse(["vae", "--turns", turns])


def test_where_the_tests_packages_are_not_installed_one_sentence_says_so_before_anything_is_measured(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    monkeypatch.delitem(sys.modules, "benchmarks.app", raising=False)
    monkeypatch.delitem(sys.modules, "tests.browser.serving", raising=False)
    with pytest.raises(SystemExit, match=r"app needs playwright.*pip install -r requirements-dev\.txt"):
        main(["memory", "app"])
    assert capsys.readouterr().out == ""


def test_a_number_that_is_not_finite_is_null_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    measured = {"a share, of nothing": math.nan, "a speed": math.inf, "a time": 1.5, "device": "cpu"}
    monkeypatch.setattr(program, "_module", lambda name: SimpleNamespace(measure=lambda turns: measured))
    main(["memory", "--json"])
    told = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    reasons = {"a share, of nothing": "came out as nan", "a speed": "came out as inf"}
    assert told == {"memory": measured | dict.fromkeys(reasons) | {"reasons": reasons}}
