"""The runtime of a web page: where it comes from, and which one is taken."""

import json
from pathlib import Path

import pytest

from genmodels.errors import UserError
from genmodels.export.web import page as module
from genmodels.export.web import runtime


def test_the_runtime_is_the_one_that_npm_installs():
    package = json.loads((module.FOLDER.parents[2] / "package.json").read_text())
    assert package["dependencies"]["onnxruntime-web"] == runtime.VERSION


def test_a_runtime_that_cannot_be_had_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runtime, "INSTALLED", tmp_path)
    monkeypatch.setattr(runtime, "MIRRORS", ("http://127.0.0.1:9/",))
    with pytest.raises(
        UserError, match=r"could not be downloaded \(14 MB\): connect to the internet once, or run npm ci"
    ):
        runtime._file(runtime.SCRIPT)


def test_a_runtime_of_another_version_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / runtime.SCRIPT).write_text("something else")
    monkeypatch.setattr(runtime, "INSTALLED", tmp_path)
    monkeypatch.setattr(runtime, "MIRRORS", ())
    with pytest.raises(UserError):
        runtime._file(runtime.SCRIPT)
