"""Which tests are slow, as a whole run measured it: `durations.txt` lists the test functions that took long, and how long.

pytest --junitxml=run.xml ...
python -m tests.support.durations run.xml
"""

import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

FILE = Path(__file__).parents[1] / "durations.txt"
QUICK = 0.2  # seconds a case: what stays below that takes less than 90 s together, on two cores


@cache
def durations() -> dict[str, float]:
    """Seconds of each slow test function, of all its cases together, by its node without parameters."""
    lines = (line.split() for line in FILE.read_text().splitlines())
    return {node: float(seconds) for seconds, node in lines}


def slow(cases: list[tuple[str, float]]) -> dict[str, float]:
    """Of cases `(test function, seconds)`, the functions whose cases take `QUICK` or longer on average: seconds of all their cases."""
    functions = defaultdict(list)
    for node, seconds in cases:
        functions[node].append(seconds)
    return {node: sum(times) for node, times in sorted(functions.items()) if sum(times) / len(times) >= QUICK}


def read(report: Path) -> list[tuple[str, float]]:
    """Cases of a JUnit report as pytest writes it, where `tests.data.test_split` is the file of a test that names no class."""
    cases = ElementTree.parse(report).iter("testcase")
    return [
        (
            f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name'].split('[')[0]}",
            float(case.attrib["time"]),
        )
        for case in cases
    ]


if __name__ == "__main__":
    FILE.write_text("".join(f"{seconds:.2f} {node}\n" for node, seconds in slow(read(Path(sys.argv[1]))).items()))
