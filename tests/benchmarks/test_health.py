"""How `python -m benchmarks health` counts: looks of good runs, and the names of bad ones. No run is trained."""

from pathlib import Path

import pandas as pd
import pytest
from accelerate.state import AcceleratorState

from benchmarks import faults, health
from benchmarks.faults import FLOWS, Case
from genmodels.config.families import FAMILIES
from genmodels.config.objectives import OBJECTIVES
from genmodels.data.noise import Noise
from genmodels.training.diagnosis.rules import RULES
from genmodels.training.trainer import Trainer
from tests.support.health import GOOD_GAME, GOOD_LOOK, moving, rows
from tests.support.training import quicken

NOISE = GOOD_LOOK | {"roughness": 5.0}
SMALL = {"family": "dcgan", "epochs": 20}


def run(*looks: dict[str, float]) -> pd.DataFrame:
    return rows(moving(GOOD_GAME, 10 * len(looks)), looks)


def test_a_good_run_is_judged_at_every_look():
    config = Case("", SMALL).config(0).model_dump()
    found = health.of_good([("one", config, run(GOOD_LOOK, GOOD_LOOK, NOISE)), ("two", config, run(NOISE))])
    assert found == {
        "alarm, share of 4 looks": 0.25,
        "too early to tell, share of 4 looks": 0.25,
        "good, share of 4 looks": 0.5,
        "blamed: one: noise": 1,
    }


def test_a_bad_run_is_right_when_the_fault_comes_first_and_the_setting_that_is_to_blame_too():
    noisy = run(GOOD_LOOK, NOISE)
    cases = (
        (Case("named", SMALL, ("noise",)), True),
        (Case("suspected", SMALL | {"learning_rate": 0.5}, ("noise",), suspect="learning_rate"), True),
        (Case("of another cause", SMALL, ("noise",), suspect="learning_rate"), False),
        (Case("of another name", SMALL, ("collapse",)), False),
    )
    for case, expected in cases:
        found = health.of_bad([(case, 0, noisy)])
        assert found["named right, share of 1 bad runs"] == expected, case.name
        assert any(name.startswith(f"missed: {case.name}") for name in found) != expected
    assert (
        health.of_bad([(Case("", SMALL, ("collapse",)), 0, noisy)])["named wrong, share of 2 looks at bad runs"] == 0.5
    )


def test_rows_that_are_kept_are_not_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    case = Case("DCGAN, 2 epochs!", SMALL)
    monkeypatch.setattr(health, "train", lambda case, seed: run(GOOD_LOOK))
    made = health.rows_of(case, 7, tmp_path)
    monkeypatch.delattr(health, "train")
    pd.testing.assert_frame_equal(health.rows_of(case, 7, tmp_path), made)


def test_every_family_and_objective_is_among_the_defaults_and_every_fault_among_the_bad():
    chosen = {(case.options["family"], case.options.get("objective")) for case in faults.defaults()}
    assert {family for family, _ in chosen} == {*FAMILIES} - {"classifier"}
    assert {objective for _, objective in chosen if objective} - {*FLOWS} == {*OBJECTIVES} - {"minimax"}
    made = {case.expected[0] for case in faults.bad()}
    assert made >= {rule.kind for rule in RULES} - {"diverged"}


@pytest.mark.parametrize(
    "case", [c for c in faults.bad() if c.sabotage is faults.with_one_z], ids=lambda case: case.name
)
def test_the_generator_that_is_always_given_the_same_noise_is(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    quicken(monkeypatch)
    trainer = Trainer(case.config(0), tmp_path, health.Rows())
    AcceleratorState._reset_state()
    case.sabotage(trainer)
    z = trainer.family.sample_latent(3, Noise(0, trainer.device))  # type: ignore[attr-defined]
    assert (z == z[0]).all()
