"""What all commands share."""

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import os, subprocess, sys
from genmodels.config.arguments import one_line
with one_line("prog"):
    print("lost")
    print("lost", file=sys.stderr)
    sys.stdin.read()
    own = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
    subprocess.run(["echo", "lost"], check=True)
    os.write(own, b"whole")
"""


@pytest.mark.parametrize("closed", ["", "<&-", ">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_is_no_failure_and_no_file_takes_its_place(closed: str, tmp_path: Path):
    file = tmp_path / "file"
    command = ["sh", "-c", f'"$@" {closed}', "sh", sys.executable, "-c", PROGRAM, str(file)]
    assert subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60).returncode == 0
    assert file.read_text() == "whole"
