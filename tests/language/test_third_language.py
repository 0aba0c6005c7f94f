"""A third language is one file: a copy of a catalogue under another code, and nothing else, in a copy of the package."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from genmodels.export.report.choice import section_titles
from genmodels.storage.paths import PACKAGE


@pytest.fixture
def of_three(tmp_path: Path) -> Path:
    """A folder from which the package is imported with a third language, Arabic, whose texts are the Persian ones."""
    package = tmp_path / "code" / "genmodels"
    package.mkdir(parents=True)
    for path in PACKAGE.iterdir():
        if path.name != "language":
            (package / path.name).symlink_to(path)
    shutil.copytree(PACKAGE / "language", package / "language")
    shutil.copytree(PACKAGE / "language" / "locale" / "fa", package / "language" / "locale" / "ar")
    return package.parent


def test_there_are_reports_in_a_language_as_soon_as_there_is_its_catalogue(of_three: Path, tmp_path: Path):
    report = tmp_path / "report.html"
    without = [key for key in section_titles() if key != "vae-and-gan"]
    command = ["-m", "genmodels.export.report.main", str(report), "--language", "ar", "--without", *without]
    subprocess.run([sys.executable, *command], cwd=of_three, check=True, timeout=100)
    text = report.read_text(encoding="utf-8")
    assert '<html lang="ar" dir="rtl">' in text
    assert "What is trained" in text, "the table of an explanation that it does not have"
