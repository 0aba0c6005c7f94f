"""Other machines than this one: without what Linux alone has, and Windows, which is refused in one sentence."""

import ast
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from genmodels import machine
from genmodels.storage.paths import PROJECT

REFUSAL = machine.WINDOWS
# As far as it can be pretended: there, no module of that name is to be had. What reads sys.platform itself is loaded before.
ON_WINDOWS = """
import runpy, sys
import pydantic, pandas, streamlit.testing.v1
sys.platform, sys.modules["fcntl"] = "win32", None
"""


def on_windows(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", ON_WINDOWS + code]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize(
    "code",
    [
        "import genmodels",
        "from genmodels.storage import files",
        "sys.argv = ['train.py', 'vae']; runpy.run_path('train.py', run_name='__main__')",
        "runpy.run_module('genmodels.metrics.evaluate', run_name='__main__')",
    ],
)
def test_windows_is_refused_in_one_sentence(code: str):
    done = on_windows(code)
    assert (done.returncode, done.stdout, done.stderr.strip()) == (1, "", REFUSAL)


def test_the_app_says_it_too_and_has_no_other_page():
    done = on_windows("""
app = streamlit.testing.v1.AppTest.from_file("streamlit_app.py", default_timeout=60).run()
print([error.value for error in app.error], len(app.exception))
""")
    assert done.stdout.strip() == f"{[REFUSAL]} 0", done.stderr


def sources() -> Iterator[tuple[str, ast.AST]]:
    """Every node of the program's Python, with the file's path in the project."""
    files = [
        *PROJECT.glob("*.py"),
        *(file for name in ("genmodels", "pages") for file in (PROJECT / name).rglob("*.py")),
    ]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            yield file.relative_to(PROJECT).as_posix(), node


def test_what_some_systems_lack_is_used_in_one_place_each():
    locks, affinity, linux = set(), set(), set()
    for file, node in sources():
        match node:
            case ast.Import(names=names) if any(name.name == "fcntl" for name in names):
                locks.add(file)
            case ast.ImportFrom(module="fcntl"):
                locks.add(file)
            case ast.Attribute(attr="sched_getaffinity"):
                affinity.add(file)
            case ast.Attribute(attr="prctl" | "epoll" | "memfd_create" | "sendfile" | "pidfd_open" | "fork"):
                linux.add(file)
            case ast.Constant(value=str(text)) if text.startswith(("/proc/", "/sys/", "/dev/shm")):
                linux.add(file)
    assert locks == {"genmodels/storage/files.py"}
    assert affinity == {"genmodels/machine.py"}
    assert linux == {"genmodels/machine.py"}


def test_a_kernel_without_a_number_is_told_by_the_name_of_its_machine(monkeypatch: pytest.MonkeyPatch):
    def fail(*arguments: object, **options: object) -> str:
        raise FileNotFoundError

    for told in (machine.kernel, machine.process_numbers):
        assert len(told()) > 2
        told.cache_clear()
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", fail)
        patch.setattr(os, "readlink", fail)
        patch.setattr(platform, "node", lambda: "annas mac")
        assert (machine.node(), machine.kernel(), machine.process_numbers()) == ("annas_mac", "annas_mac", "all")
        patch.setattr(platform, "node", lambda: "")
        assert machine.node() == "localhost"
    machine.kernel.cache_clear()
    machine.process_numbers.cache_clear()


def test_without_an_affinity_all_cores_count(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 6)
    assert machine.cores() == 6
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert machine.cores() == 1


def test_with_an_affinity_only_those_count_that_may_be_used(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 3}, raising=False)
    assert machine.cores() == 2


@pytest.mark.parametrize(
    ("system", "processor", "found"),
    [("Darwin", "arm64", True), ("Darwin", "x86_64", False), ("Linux", "arm64", False)],
)
def test_apples_gpu_is_known_without_torch(monkeypatch: pytest.MonkeyPatch, system: str, processor: str, found: bool):
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: processor)
    assert machine.has_mps() == found
