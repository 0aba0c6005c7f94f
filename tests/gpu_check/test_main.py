"""The command: what it takes, what it prints, and that a point which goes wrong is a row of its own."""

import json
import logging
import math
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from genmodels.config.families import FAMILIES
from genmodels.gpu_check import card, points, run, table
from genmodels.gpu_check.main import main
from genmodels.gpu_check.points import POINTS, Point, chosen
from genmodels.gpu_check.row import Figure, Row, Skipped
from genmodels.gpu_check.session import Session

ON_CPU = ["--device", "cpu", "--quick"]


def fine(session: Session) -> Iterator[Row]:
    yield Row("one", {"speed": Figure(2000.5, "images/s", least=5.0)})


def breaks(session: Session) -> Iterator[Row]:
    yield Row("before", {"share": Figure(0.5, most=1.0)})
    raise RuntimeError("CUDA error: an illegal access\nand what it was compiled with")


def senseless(session: Session) -> Iterator[Row]:
    raise Skipped("there is no such thing here")


def off(session: Session) -> Iterator[Row]:
    yield Row("too far", {"distance": Figure(math.nan, most=1.0), "speed": Figure(1.0)})


def lasting(session: Session) -> Iterator[Row]:
    try:
        time.sleep(60)
    except Exception as error:  # as a training does with what it can explain
        raise AssertionError("the deadline is no error of the training") from error
    yield Row("late")


def deterministic(session: Session) -> Iterator[Row]:
    torch.use_deterministic_algorithms(True)
    yield Row("set for the process")


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Makes functions of this module the only points."""

    def offer(*functions: Callable, seconds: float = 0) -> None:
        made = {each.__name__: Point(f"about {each.__name__}", each.__name__, seconds) for each in functions}
        monkeypatch.setattr(run, "resolve_name", lambda name: globals()[name.rpartition(".")[2]])
        monkeypatch.setattr(points, "POINTS", made)

    return offer


def strict(text: str) -> Any:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(text, parse_constant=refuse)


def test_what_goes_wrong_is_a_row_and_the_other_points_go_on(offered: Any, capsys: pytest.CaptureFixture[str]):
    offered(breaks, senseless, off, fine)
    assert main([*ON_CPU, "--json"]) == 1
    printed = capsys.readouterr()
    rows = strict(printed.out)["rows"]
    assert [(row["point"], row["what"], row["state"], row["reason"]) for row in rows] == [
        ("breaks", "before", "passed", None),
        ("breaks", "about breaks", "failed", "RuntimeError: CUDA error: an illegal access"),
        ("senseless", "about senseless", "skipped", "there is no such thing here"),
        ("off", "too far", "failed", None),
        ("fine", "one", "passed", None),
    ]
    assert rows[3]["figures"]["distance"] == {"unit": "", "value": None, "least": None, "most": 1.0}
    assert rows[4]["figures"]["speed"] == {"unit": "images/s", "value": 2000.5, "least": 5.0, "most": None}
    assert "breaks" in printed.err, "the table shows how far it is"


def test_the_table_names_each_point_and_what_was_missed(offered: Any, capsys: pytest.CaptureFixture[str]):
    offered(off, fine)
    assert main(ON_CPU) == 1
    _, *lines = capsys.readouterr().out.splitlines()
    assert [re.split(r"\s{2,}", line.strip()) for line in lines] == [
        [*table.HEADER],
        ["off", "too far", "failed", "distance", "nan", "at most 1: missed"],
        ["speed", "1"],
        ["fine", "one", "passed", "speed", "2,000 images/s", "at least 5"],
    ]


@pytest.mark.parametrize("verbose", [True, False])
def test_a_traceback_is_shown_to_who_asks_for_it(offered: Any, caplog: pytest.LogCaptureFixture, verbose: bool):
    offered(breaks)
    main([*ON_CPU, *(["--verbose"] if verbose else [])])
    logging.getLogger("genmodels.gpu_check").setLevel(logging.NOTSET)
    assert ("in breaks\n" in caplog.text) == verbose


def test_all_is_well_where_nothing_failed(offered: Any):
    offered(fine, senseless)
    assert main(ON_CPU) == 0


def test_a_point_for_which_there_is_no_time_is_skipped(tmp_path: Path, offered: Any):
    offered(fine, seconds=100)
    session = Session(torch.device("cpu"), quick=False, folder=tmp_path)
    ((_, row),) = run.check(session, points.POINTS, time.monotonic() + 99)
    assert (row.state, row.skipped) == ("skipped", "no time")
    ((_, row),) = run.check(session, points.POINTS, time.monotonic() + 101)
    assert row.state == "passed"


def test_a_point_that_takes_too_long_is_cut_off(offered: Any, capsys: pytest.CaptureFixture[str]):
    offered(lasting, fine)
    begin = time.monotonic()
    assert main([*ON_CPU, "--minutes", "0.03", "--json"]) == 1
    assert time.monotonic() - begin < 30
    cut, after = strict(capsys.readouterr().out)["rows"]
    assert re.fullmatch(r"it was not done in the \d+ seconds that were left", cut["reason"])
    assert (after["state"], after["reason"]) == ("skipped", "no time")


def test_a_point_leaves_nothing_set_for_the_next(offered: Any):
    offered(deterministic)
    assert main(ON_CPU) == 0
    assert not torch.are_deterministic_algorithms_enabled()


def test_without_a_card_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert main([]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        "python -m genmodels.gpu_check: There is no CUDA device here: use a machine that has one, or --device cpu.\n"
    )


def test_the_first_card_is_checked(monkeypatch: pytest.MonkeyPatch):
    checked: list[Session] = []

    def remember(session: Session, *others: object) -> list:
        checked.append(session)
        return []

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(card, "name", lambda device: "a card")
    monkeypatch.setattr(run, "check", remember)
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "undone with the test")
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG")
    assert main([]) == 0
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"
    (session,) = checked
    assert session.device == torch.device("cuda", 0)
    assert session.bounded
    assert session.config("vae").device == "cuda"


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--only sped", "there is no point 'sped': choose from step-vae, "),
        ("--device mps", "argument --device: invalid choice: 'mps'"),
        ("--minutes many", "argument --minutes: invalid float value: 'many'"),
        ("--minutes nan", "--minutes is nan: give a number above 0"),
        ("--minutes inf", "--minutes is inf: give a number above 0"),
        ("--minutes -3", "--minutes is -3: give a number above 0"),
    ],
)
def test_a_mistake_gets_one_line(arguments: str, told: str):
    with pytest.raises(SystemExit) as left:
        main(arguments.split())
    assert str(left.value.code).startswith(f"python -m genmodels.gpu_check: {told}")
    assert "\n" not in str(left.value.code)


def test_ctrl_c_leaves_with_one_line(monkeypatch: pytest.MonkeyPatch):
    def interrupted(*arguments: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("genmodels.gpu_check.main._check", interrupted)
    with pytest.raises(SystemExit, match="Left before the end"):
        main([])


def test_points_are_chosen_by_their_names_or_by_what_these_begin_with():
    assert [*chosen([])] == [*POINTS]
    assert [*chosen(["step"])] == [f"step-{family}" for family in FAMILIES]
    assert [*chosen(["speed-vae", "kill"])] == ["kill", "speed-vae"]
    assert not chosen(["ste"])
