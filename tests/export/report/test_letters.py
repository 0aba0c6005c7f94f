"""Letters that no typeface has are named before they are missed in the PDF."""

from pathlib import Path

import pytest

from genmodels.export.report.letters import lacking


@pytest.fixture
def latin_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose typefaces have no others."""
    program = tmp_path / "fc-list"
    program.write_text("#!/bin/sh\necho '20-7e a0-17f 2026'\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    return program


def test_letters_without_a_typeface_are_named_once(latin_alone: Path):
    assert lacking(["plain…", "é 😀 漢 😀\n\u200b"], "en") == "😀漢"
    assert lacking(["سلام"], "fa") == "", "which a Persian report brings itself"
    assert lacking(["سلام"], "en") == "سلام"


def test_nothing_is_said_where_nobody_can_be_asked(latin_alone: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(latin_alone.parent / "none"))
    assert lacking(["😀"], "en") == ""
