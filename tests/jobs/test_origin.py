"""Runs that begin with the weights of others."""

import json
import shlex
import shutil
from pathlib import Path

import pytest
import torch

from genmodels.checkpoints import checkpoint
from genmodels.checkpoints.integrity import BEST, NEWEST, START, steps
from genmodels.cli import train as command
from genmodels.config.base import RunConfig
from genmodels.config.command_line import Origin
from genmodels.config.families import DCGANConfig
from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.runs import archive
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from genmodels.storage.callbacks import Report
from genmodels.training.trainer import Trainer
from tests.support.training import assert_equal, quicken, tiny, train, weights


@pytest.fixture
def parent(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A run of two epochs, with its newest and its best checkpoint."""
    quicken(monkeypatch)
    store = Store()
    run = store.create(tiny().model_dump(), "Parent")
    train(tiny(), store.folder(run.id))
    store.update(run.id, state="finished", epoch=2.0)
    return run


def begin(parent: Run, config: RunConfig, checkpoint: str = "newest") -> Run:
    return queue.create(Store(), config, origin=Origin(parent.id, checkpoint))  # type: ignore[arg-type]


@pytest.mark.parametrize(("which", "folder"), [("newest", NEWEST), ("best", BEST)])
def test_a_run_begins_where_another_has_come_to(parent: Run, which: str, folder: str):
    store = Store()
    found, _ = checkpoint.latest(store.folder(parent.id) / folder)
    assert found is not None
    child = begin(parent, tiny(beta=4, learning_rate=1e-30), which)
    train(tiny(beta=4, learning_rate=1e-30), store.folder(child.id), stop_at=1)
    after = weights(store.folder(child.id))
    for name, tensor in found.weights.items():
        if "running" not in name and "num_batches" not in name:  # of BatchNorm, which see the images
            assert torch.allclose(after[name], tensor, atol=2e-3), name  # their averages move a little


def test_its_record_says_so_in_the_store_in_its_folder_and_in_a_zip(parent: Run, tmp_path: Path):
    store = Store()
    child = begin(parent, tiny(epochs=1))
    assert child.parent == parent.id
    (event,) = store.events(child.id)
    assert event["text"] == f"Begins with weights of Parent ({parent.id}), step 16: its newest checkpoint."
    assert child.command.endswith(f"--from {parent.id}")
    train(tiny(epochs=1), store.folder(child.id))
    store.update(child.id, state="finished")
    with (tmp_path / "run.zip").open("wb") as file:
        archive.pack(store, child.id, file)
    elsewhere = Store(tmp_path / "elsewhere")
    brought = archive.unpack(elsewhere, tmp_path / "run.zip")
    assert brought.parent == parent.id
    assert list((elsewhere.folder(child.id) / START).glob("step-*"))


def test_it_stays_whole_without_its_parent_and_goes_on_with_the_same_numbers(parent: Run, tmp_path: Path):
    store, config = Store(), tiny(epochs=2, beta=2)
    stopped, through = begin(parent, config), begin(parent, config)
    store.delete(parent.id)
    train(config, store.folder(stopped.id), stop_at=5)
    train(config, store.folder(stopped.id))
    train(config, store.folder(through.id))
    assert_equal(weights(store.folder(stopped.id)), weights(store.folder(through.id)))


def test_one_without_a_parent_is_trained_as_ever(parent: Run, tmp_path: Path):
    train(tiny(), tmp_path / "again")
    assert_equal(weights(tmp_path / "again"), weights(Store().folder(parent.id)))


@pytest.mark.parametrize(
    ("config", "sentence"),
    [
        (tiny(latent_dim=3), "latent_dim must be 2 to continue from Parent"),
        (tiny(width=5, hidden=17), "width must be 4 to continue from Parent"),
        (tiny(image_size=32), "image_size must be 28 to continue from Parent"),
        (DCGANConfig(), "Parent is a Variational autoencoder"),
    ],
)
def test_other_networks_are_refused_and_nothing_is_left(parent: Run, config: RunConfig, sentence: str):
    with pytest.raises(UserError, match=sentence):
        begin(parent, config)
    assert [run.id for run in Store().runs()] == [parent.id]


def test_what_has_no_weights_is_refused(parent: Run):
    shutil.rmtree(Store().folder(parent.id) / BEST)
    with pytest.raises(UserError, match="Parent has no best checkpoint"):
        begin(parent, tiny(), "best")
    with pytest.raises(UserError, match="There is no run gone to begin with"):
        queue.create(Store(), tiny(), origin=Origin("gone"))
    with pytest.raises(UserError, match="Parent has no weights of another run"):
        begin(parent, tiny(), "start")


def test_damaged_weights_end_the_run_with_one_sentence(parent: Run):
    child = begin(parent, tiny(epochs=1))
    (start,) = (Store().folder(child.id) / START).glob("step-*")
    document = json.loads((start / "state.json").read_text())
    (start / "state.json").write_text(json.dumps(document | {"step": 3}))
    with pytest.raises(UserError, match="The run cannot begin with the weights of the other run"):
        train(tiny(epochs=1), Store().folder(child.id))


WORDS = shlex.split("vae --width 4 --hidden 16 --batch-size 100 --epochs 1 --device cpu")


@pytest.mark.usefixtures("own_signals")
def test_the_command_line_begins_with_one_too(parent: Run):
    assert command.main([*WORDS, "--latent-dim", "2", "--check-every", "0", "--from", parent.id]) == 0
    child = next(run for run in Store().runs() if run.id != parent.id)
    assert (child.parent, child.state) == (parent.id, "finished")
    # To reproduce it is to begin with the same weights, wherever its parent is by then.
    assert command.parse(["--reproduce", child.id]).origin == Origin(child.id, "start")
    assert begin(child, tiny(), "start").parent == parent.id


def test_the_command_line_names_the_setting_that_does_not_fit(parent: Run):
    with pytest.raises(SystemExit, match="latent_dim must be 2 to continue from Parent"):
        command.main([*WORDS, "--from", parent.id])


def test_a_run_goes_on_for_an_epoch_and_no_further(parent: Run, tmp_path: Path):
    config = tiny(epochs=4)
    train(config, tmp_path, stop_at=5)
    assert Trainer(config, tmp_path, Report()).run(until=13 / 8) == "stopped"
    assert max(steps(tmp_path / NEWEST)) == 13
    assert Trainer(config, tmp_path, Report()).run(until=99) == "finished"
    train(config, tmp_path / "through")
    assert_equal(weights(tmp_path), weights(tmp_path / "through"))


@pytest.mark.usefixtures("own_signals")
def test_resumed_for_an_epoch_it_says_until_when(parent: Run):
    store = Store()
    run = store.create(tiny(epochs=4).model_dump())
    train(tiny(epochs=4), store.folder(run.id), stop_at=5)
    store.update(run.id, state="stopped", epoch=5 / 8)
    assert command.main(["--resume", run.id, "--more-epochs", "1"]) == 0
    found = store.get(run.id)
    assert found is not None
    assert (found.state, found.step, found.until) == ("stopped", 13, 1.625)
    queue.enqueue(store, run.id)
    found = store.get(run.id)
    assert found is not None
    assert found.until == 0.0


def test_a_finished_run_says_that_nothing_is_left(capsys: pytest.CaptureFixture[str]):
    store = Store()
    run = store.create(tiny().model_dump())
    store.update(run.id, state="finished")
    before = store.runs()
    assert command.main(["--resume", run.id]) == 0
    assert "The run is finished, and nothing is left to train." in capsys.readouterr().out
    assert store.runs() == before


@pytest.mark.parametrize(
    "words",
    [
        ["--more-epochs", "1"],
        ["--resume", "RUN", "--more-epochs", "0"],
        ["--resume", "RUN", "--more-epochs", "-1"],
        ["--more-epochs", "1", "vae"],
    ],
)
def test_more_epochs_are_for_a_run_to_resume(words: list[str]):
    with pytest.raises(SystemExit, match="--more-epochs takes a number of epochs above 0 for a run to resume"):
        command.parse(words)
