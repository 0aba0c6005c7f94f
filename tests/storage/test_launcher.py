"""Numbers of a launcher in the environment."""

import pytest

import train
from genmodels.runs.store import Store
from genmodels.storage.launcher import of_launcher


@pytest.mark.parametrize(("text", "number"), [("", None), (" ", None), ("0", 0), ("3", 3)])
def test_a_number_of_a_launcher_may_be_empty(monkeypatch: pytest.MonkeyPatch, text: str, number: int | None):
    monkeypatch.setenv("WORLD_SIZE", text)
    assert of_launcher("WORLD_SIZE") == number


@pytest.mark.parametrize("text", ["two", "-1", "1.5", "²"])
def test_what_is_no_number_is_refused_before_a_run_is_made(monkeypatch: pytest.MonkeyPatch, text: str):
    monkeypatch.setenv("WORLD_SIZE", text)
    with pytest.raises(SystemExit, match=f"WORLD_SIZE is '{text}' in the environment, which is no number: unset it"):
        train.main(["vae", "--epochs", "1"])
    assert Store().runs() == []
