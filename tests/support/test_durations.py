"""What is marked as slow, from what was measured."""

import subprocess
import sys
from pathlib import Path

from tests.support.durations import read, slow


def test_slow_is_what_takes_long_in_the_mean_of_its_cases() -> None:
    cases = [("a.py::test_long", 3.0), ("a.py::test_short", 0.01), ("b.py::test_mixed", 0.1), ("b.py::test_mixed", 0.5)]
    assert slow(cases) == {"a.py::test_long": 3.0, "b.py::test_mixed": 0.6}
    assert slow([("b.py::test_mixed", 0.01)] * 20 + [("b.py::test_mixed", 0.5)]) == {}


def test_the_report_that_pytest_writes_names_the_function_of_each_case(tmp_path: Path) -> None:
    (tmp_path / "tests" / "data").mkdir(parents=True)
    (tmp_path / "tests" / "data" / "test_two.py").write_text(
        "import pytest\n\n@pytest.mark.parametrize('x', ['a.b', 'c[d]'])\ndef test_each(x):\n    pass\n"
    )
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--quiet",
        "--rootdir=.",
        "-p",
        "no:cacheprovider",
        "--junitxml=run.xml",
        "tests",
    ]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert [node for node, _ in read(tmp_path / "run.xml")] == ["tests/data/test_two.py::test_each"] * 2
