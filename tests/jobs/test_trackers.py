"""Runs that a tracker is told of: a package that stands in for trackio, and the real TensorBoard where it is installed."""

import json
import os
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from typing import Any

import pytest
from accelerate import tracking as accelerate_tracking
from accelerate.utils import LoggerType

from genmodels.checkpoints import checkpoint
from genmodels.cli import train
from genmodels.config.families import VAEConfig
from genmodels.errors import UserError
from genmodels.jobs import queue, worker
from genmodels.jobs.trackers import require, tracked
from genmodels.runs.store import Run, Store
from genmodels.storage.callbacks import Level, Report
from genmodels.training.devices import make_accelerator
from tests.support.helpers import finished

pytestmark = pytest.mark.usefixtures("own_signals")

TINY: dict[str, Any] = {
    "check_every": 0,
    "preview_every": 0,
    "epochs": 1,
    "batch_size": 500,
    "width": 4,
    "hidden": 16,
    "latent_dim": 2,
    "device": "cpu",
}
PACKAGE = """
import json, pathlib

def tell(*words):
    if words[0] in FAILING:
        raise ConnectionError("no network\\nin two lines")
    with CALLS.open("a") as file:
        file.write(json.dumps(words) + "\\n")

def init(project, **options):
    tell("init", project, options)
    return Run()

class config:
    def update(values, allow_val_change):
        tell("config", values)

class Run:
    def log(self, values, step):
        tell("log", step, values)

    def finish(self):
        tell("finish")
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which a package named trackio, which is found from now on, notes what it is told."""
    install(tmp_path, monkeypatch)
    return tmp_path / "calls"


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, failing: tuple[str, ...] = ()) -> None:
    (folder / "trackio.py").write_text(PACKAGE.replace("CALLS", f"pathlib.Path({str(folder / 'calls')!r})").replace("FAILING", repr(failing)))  # fmt: skip
    (folder / "trackio-0.dist-info").mkdir()
    (folder / "trackio-0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: trackio\nVersion: 0\n")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, "trackio", raising=False)
    # Accelerate looks for packages once, when it is imported.
    monkeypatch.setattr(accelerate_tracking, "_available_trackers", [LoggerType.TRACKIO])


@pytest.fixture
def not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """No tracker is, whatever is."""

    def version(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("genmodels.jobs.trackers.version", version)


def trained(**options: Any) -> tuple[Store, Run]:
    """A run that a worker has trained; only one a test, because the worker's process keeps the device to its end."""
    store = Store()
    run = queue.create(store, VAEConfig(**TINY | options))
    assert worker.work(store, run, queue.hold(store, run.id), lambda sentence: None) == "finished"
    return store, run


def read(calls: Path) -> list[list[Any]]:
    return [json.loads(line) for line in calls.read_text().splitlines()] if calls.exists() else []


def warnings(store: Store, run: Run) -> list[str]:
    return [event["text"] for event in store.events(run.id) if event["level"] == "warning"]


def test_a_tracker_is_told_all_rows_and_changes_nothing(calls: Path):
    plain = finished(VAEConfig(**TINY))
    assert read(calls) == []
    store, run = trained(log_with="trackio")
    told = read(calls)
    assert told[0] == ["init", "generative-models-lab", {"name": run.id, "resume": "allow"}]
    assert told[1] == ["config", run.config]
    assert told[-1] == ["finish"]
    rows = {(step, name): value for _, step, values in told[2:-1] for name, value in values.items() if name != "epoch"}
    table = store.metrics(run.id)
    assert rows == dict(zip(zip(table["step"], table["name"], strict=True), table["value"], strict=True))
    assert {name.partition("/")[0] for _, name in rows} >= {"train", "test"}
    ours, theirs = (checkpoint.latest(store.folder(one.id) / "checkpoints")[0] for one in (run, plain))
    assert ours is not None
    assert theirs is not None
    assert all(ours.weights[name].equal(theirs.weights[name]) for name in theirs.weights)
    assert warnings(store, run) == []


class Told(Report):
    """What the report behind a tracker's is told."""

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []
        self.events: list[tuple[str, str]] = []

    def metrics(self, step: int, epoch: float, values: dict[str, float]) -> None:
        self.rows.append(values)

    def event(self, text: str, level: Level = "info") -> None:
        self.events.append((level, text))


def live(folder: Path, **options: Any) -> Told:
    """A run's life without training: it starts at step 7, has two rows, and ends."""
    config = VAEConfig(device="cpu", **options)
    make_accelerator(config)  # as the trainer does before
    told = Told()
    with tracked(told, config, Run("vae-1", "A name", config.model_dump()), folder) as report:
        report.started(7, 9, {})
        report.metrics(8, 0.8, {"train/kl": 3.0})
        report.metrics(9, 0.9, {"train/kl": 2.0})
    assert told.rows == [{"train/kl": 3.0}, {"train/kl": 2.0}]
    return told


def test_a_resumed_run_is_told_on_and_not_anew(tmp_path: Path, calls: Path):
    assert live(tmp_path, log_with="trackio").events == []
    assert read(calls) == [
        ["init", "generative-models-lab", {"name": "vae-1", "resume": "allow"}],
        ["log", 8, {"train/kl": 3.0, "epoch": 0.8}],
        ["log", 9, {"train/kl": 2.0, "epoch": 0.9}],
        ["finish"],
    ]


@pytest.mark.parametrize("failing", ["init", "log", "finish"])
def test_a_tracker_that_fails_is_one_warning_and_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
):
    install(tmp_path, monkeypatch, (failing,))
    sentence = (
        "trackio failed (ConnectionError: no network), so it is told no more of this run; "
        "training goes on, and all curves are kept here."
    )
    assert live(tmp_path, log_with="trackio").events == [("warning", sentence)]


def test_a_tracker_that_is_not_installed_is_refused_before_there_is_a_run(
    not_installed: None, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("sys.argv", ["train.py", "vae", "--log-with", "wandb"])
    with pytest.raises(SystemExit) as caught:
        train.main()
    assert caught.value.code == (
        "train.py: The tracker wandb is not installed here: run `pip install wandb`, "
        "or start without a tracker (log_with none)."
    )
    assert Store().runs() == []
    for name in ("tensorboard", "trackio"):
        with pytest.raises(UserError, match=f"`pip install {name}`"):
            require(VAEConfig(log_with=name))


def test_a_run_of_another_machine_whose_tracker_is_not_here_is_not_trained(not_installed: None):
    store = Store()
    run = store.create(VAEConfig(**TINY, log_with="trackio").model_dump())
    assert worker.work(store, run, queue.hold(store, run.id), lambda sentence: None) == "failed"
    ended = store.get(run.id)
    assert ended is not None
    assert "`pip install trackio`" in ended.error
    assert ended.step == 0


@pytest.mark.parametrize("key", [None, "a-key"])
def test_weights_and_biases_without_a_key_stays_offline_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str | None
):
    started: list[dict[str, Any]] = []

    class Fake(accelerate_tracking.GeneralTracker):
        name = "wandb"
        requires_logging_directory = False
        tracker = None

        def __init__(self, project: str, **options: Any) -> None:
            super().__init__()
            started.append(options | {"mode": os.environ.get("WANDB_MODE")})

    monkeypatch.setattr("genmodels.jobs.trackers.version", lambda name: "0")
    monkeypatch.setattr(accelerate_tracking, "_available_trackers", [LoggerType.WANDB])
    monkeypatch.setattr("accelerate.accelerator.LOGGER_TYPE_TO_CLASS", {"wandb": Fake})
    monkeypatch.setattr(accelerate_tracking, "LOGGER_TYPE_TO_CLASS", {"wandb": Fake})
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("WANDB_API_KEY", key or "")
    monkeypatch.setenv("WANDB_MODE", "to be restored")
    monkeypatch.delenv("WANDB_MODE")
    told = live(tmp_path, log_with="wandb")
    (options,) = started
    assert options["mode"] == (None if key else "offline")
    assert (options["id"], options["name"], options["dir"]) == ("vae-1", "A name", tmp_path)
    assert [text.partition(",")[0] for _, text in told.events] == ([] if key else ["Weights & Biases has no key here"])


def test_tensorboard_writes_into_the_folder_of_the_run():
    pytest.importorskip("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    store, run = trained(log_with="tensorboard")
    events = EventAccumulator(str(store.folder(run.id) / "tensorboard")).Reload()
    rows = store.curves(["train/neg_elbo"], [run.id])
    scalars = events.Scalars("train/neg_elbo")
    assert [scalar.step for scalar in scalars] == rows["step"].tolist()
    assert [scalar.value for scalar in scalars] == pytest.approx(rows["value"].tolist())
    assert warnings(store, run) == []
