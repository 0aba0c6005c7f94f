"""A training done again: the same to the last bit, or a sentence on where it parts and why."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from genmodels.cli import train
from genmodels.config.families import VAEConfig
from genmodels.data import load
from genmodels.errors import UserError
from genmodels.runs.reproduction import Record, compare, record_of
from genmodels.runs.store import Store
from tests.support.forked import run_train

ENVIRONMENT = {"torch": "2.14.1", "python": "3.11", "device": "cpu (x86_64)", "data": "abc"}
ROWS = pd.DataFrame(
    [(name, step, step / 10, step * 1.5) for step in (10, 20, 30) for name in ("train/recon", "train/kl")],
    columns=["name", "step", "epoch", "value"],
)
BEFORE = Record("vae-1", {}, ENVIRONMENT, ROWS)
TINY = "vae --width 4 --hidden 16 --latent-dim 3 --batch-size 500 --epochs 2 --device cpu"


def changed(step: int, value: float) -> Record:
    rows = ROWS.copy()
    rows.loc[(rows["step"] == step) & (rows["name"] == "train/kl"), "value"] = value
    return replace(BEFORE, name="vae-2", metrics=rows)


def test_the_same_rows_are_told_to_be_the_same_also_where_both_have_no_number():
    same, said = compare(BEFORE, replace(BEFORE, name="vae-2"))
    assert same
    assert said == ["It is the same again: all 6 values of 2 curves up to step 30 are those of vae-1."]
    assert compare(changed(20, float("nan")), changed(20, float("nan")))[0]


@pytest.mark.parametrize("value", [30.000000000000004, float("nan"), float("inf")])
def test_the_first_difference_is_named_however_small(value: float):
    same, said = compare(BEFORE, changed(20, value))
    assert not same
    assert said[0].startswith("It differs from vae-1 from step 20 (epoch 2.00) on: train/kl is ")
    assert said[1] == "The same in both: torch, Python, the device, the training images."


def test_what_else_differs_is_named():
    other = replace(changed(10, 0.0), environment=ENVIRONMENT | {"torch": "2.15.0", "data": "xyz"})
    assert compare(BEFORE, other)[1][1] == (
        "What differs: torch (2.14.1 then, 2.15.0 now), the training images (abc then, xyz now)."
    )
    old = replace(BEFORE, environment={"torch": "2.14.1"})
    assert compare(old, other)[1][2] == "Not recorded then: Python, the device, the training images."


def test_a_run_that_was_stopped_early_is_compared_as_far_as_it_came():
    early = replace(BEFORE, metrics=ROWS[ROWS["step"] <= 10])
    assert compare(early, BEFORE)[1] == [
        "It is the same again: all 2 values of 2 curves up to step 10 are those of vae-1."
    ]
    nothing = replace(BEFORE, metrics=ROWS[:0])
    assert compare(nothing, BEFORE) == (
        False,
        ["There is nothing to compare: vae-1 and the new run have no step in common."],
    )


def test_a_pretrained_model_is_on_record_too():
    record = record_of(Store(), "dcgan-mnist")
    assert record.config["family"] == "dcgan"
    assert len(record.metrics) > 100
    with pytest.raises(UserError, match="There is no run nothing"):
        record_of(Store(), "nothing")


def test_other_images_have_another_digest():
    config = VAEConfig()
    train, test = load.load_for(config, "train"), load.load_for(config, "test")
    assert train.digest() == load.load_for(config, "train").digest() != test.digest()
    darker = train.images.clone()
    darker[0, 0, 0, 0] += 1
    assert replace(train, images=darker).digest() != train.digest()
    assert train.labels is not None
    assert replace(train, labels=train.labels.flip(0)).digest() != train.digest()


@pytest.mark.exhaustive
@pytest.mark.slow
def test_the_command_trains_again_and_says_how_it_came_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """In processes of their own: what other tests leave behind in this one, such as threads, changes the last bits."""

    def command(*words: str) -> str:
        with (tmp_path / "said").open("w+") as said:
            process = run_train(said.fileno(), *words)
            process.join(300)
            assert process.exitcode == 0
            said.seek(0)
            return said.read()

    command(*TINY.split())
    store = Store()
    (first,) = store.runs()
    assert "It is the same again" in command("--reproduce", first.id)
    second = next(run for run in store.runs() if run.id != first.id)
    assert second.config == first.config
    assert second.name == f"{first.id}, again"
    assert "It is the same again" in store.events(second.id)[-1]["text"]

    record = record_of(store, first.id)
    rows = record.metrics.assign(value=record.metrics["value"] + 1e-9)
    assert train.report_reproduction(store, replace(record, metrics=rows), second.id) == 1
    said = capsys.readouterr().out
    assert f"It differs from {first.id} from step {rows['step'].min()} " in said
    assert "The same in both: torch, Python, the device, the training images." in said
    assert store.events(second.id)[-1]["level"] == "warning"
