"""What tests look at processes with."""

import subprocess
import sys

import psutil
import pytest

from tests.support.helpers import children_running, is_running


@pytest.fixture
def ended() -> psutil.Process:
    """A process that has gone."""
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    process = psutil.Process(child.pid)
    child.communicate()
    return process


def test_a_child_that_goes_after_it_was_listed_is_not_running(ended: psutil.Process, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(psutil.Process, "children", lambda self: [ended])
    assert children_running("input") == []
    assert not is_running(ended)
