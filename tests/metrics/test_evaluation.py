"""The evaluation of a run in the background: what is kept, how far it is, and of which weights it is."""

import json
from pathlib import Path
from typing import Any

import pytest

from genmodels.checkpoints.integrity import NEWEST
from genmodels.config.families import DCGANConfig
from genmodels.language.stored import stored
from genmodels.metrics import evaluation
from genmodels.metrics.evaluation import RunEvaluation, Stage
from genmodels.metrics.evaluation_pace import Course, Part, keep_course, last_course
from genmodels.runs import archive
from genmodels.runs.evaluation import FILE, evaluation_of
from genmodels.runs.run import EVALUATION, Run
from genmodels.runs.store import Store
from genmodels.storage.background import work
from tests.support.helpers import finished

GAN = DCGANConfig(epochs=2, width=4, latent_dim=2, batch_size=500, device="cpu", check_every=0)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """A finished one, which is evaluated on few images."""
    monkeypatch.setattr(evaluation, "QUICK_IMAGES", 60)
    monkeypatch.setattr(evaluation, "TOLD_EVERY", 0.0)
    monkeypatch.setattr("genmodels.storage.background.give_way", lambda: None)  # this process has tests to do
    return finished(GAN)


def of(run: Run) -> RunEvaluation:
    return RunEvaluation(Store().folder(run.id), run.config)


def keep(folder: Path, **card: Any) -> None:
    """Scores as an evaluation keeps them in a run's folder."""
    (folder / EVALUATION).mkdir(exist_ok=True)
    values = {"step": 16, "classes": ["0", "1"], "scores": {"fid": 12.5, "judge": "a network"}} | card
    (folder / EVALUATION / FILE).write_text(json.dumps(values))


def test_its_scores_are_kept_with_the_run_in_the_store_and_in_its_zip(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    made, seen = of(run), list[Stage]()
    made.folder.mkdir()
    monkeypatch.setattr(RunEvaluation, "_tell", lambda made, stage: seen.append(stage))
    work(made)
    drawing = [stage for stage in seen if stage.what == "drawing images"]
    assert drawing[-1].share == 1.0
    assert {stage.seconds_left for stage in seen} == {None}, "nothing is known of the whole yet"
    course = last_course("dcgan")
    assert course is not None
    assert {part.text for part in course.parts} == {stage.text for stage in seen}
    found = made.look().found
    assert found is not None
    assert not isinstance(found, Stage)
    scores = found.card["scores"]
    assert scores["samples"] == 60
    assert 0 < scores["fid_floor"] < scores["fid"]
    assert Store().last_metrics(run.id)["evaluation/fid"] == scores["fid"]
    archive.pack(Store(), run.id, tmp_path / "run.zip")
    elsewhere = Store(tmp_path / "elsewhere")
    brought = archive.unpack(elsewhere, tmp_path / "run.zip")
    assert evaluation_of(elsewhere.folder(brought.id), brought.config) == found
    assert elsewhere.last_metrics(brought.id)["evaluation/fid"] == scores["fid"]


def test_what_it_does_outlives_its_process_in_words_of_any_language(tmp_path: Path):
    made = RunEvaluation(tmp_path, {})
    made.folder.mkdir()
    assert made.partial_result() is None
    stage = Stage(text="drawing images", message=stored("drawing images"), share=0.25, seconds_left=9.0)
    (made.folder / made.partial).write_text(stage.model_dump_json())
    assert made.partial_result() == (stage, 0.25)


def test_the_time_that_is_left_is_that_of_the_whole(run: Run, monkeypatch: pytest.MonkeyPatch):
    parts = [Part(text="drawing images", began=1.0, ended=2.0), Part(text="something else", began=2.0, ended=9.0)]
    keep_course("dcgan", Course(parts=parts, seconds=10.0))
    made, seen = of(run), list[Stage]()
    made.folder.mkdir()
    monkeypatch.setattr(RunEvaluation, "_tell", lambda made, stage: seen.append(stage))
    monkeypatch.setattr(RunEvaluation, "_elapsed", lambda made: 4.0)  # half as fast as the last one was
    work(made)
    drawn = [stage for stage in seen if stage.what == "drawing images"]
    assert (drawn[-1].share, drawn[-1].seconds_left) == (0.2, 16.0)
    assert {stage.seconds_left for stage in seen[len(drawn) :]} == {None}, "what follows is not what followed then"


def test_one_that_cannot_be_is_one_sentence(run: Run):
    for file in (Store().folder(run.id) / NEWEST).rglob("*.safetensors"):
        file.write_bytes(b"no")
    made = of(run)
    made.folder.mkdir()
    with pytest.raises(SystemExit):
        work(made)
    look = made.look()
    assert look.state == "failed"
    assert "is not what was written: put back the right one" in look.error


def test_it_is_of_the_newest_weights_alone(tmp_path: Path):
    (tmp_path / NEWEST / "step-00000016").mkdir(parents=True)
    assert evaluation_of(tmp_path, {}) is None
    keep(tmp_path)
    found = evaluation_of(tmp_path, {})
    assert found is not None
    assert found.card["scores"]["fid"] == 12.5
    (tmp_path / NEWEST / "step-00000024").mkdir()
    assert evaluation_of(tmp_path, {}) is None


def test_a_run_that_trains_on_forgets_the_scores_of_the_weights_before(tmp_path: Path):
    store = Store()
    run = store.create(GAN.model_dump())
    store.add_metrics(run.id, 16, 2.0, {"evaluation/fid": 12.5, "train/d_loss": 1.0})
    store.drop_metrics_after(run.id, 16)
    assert store.last_metrics(run.id) == {"train/d_loss": 1.0}


@pytest.mark.parametrize(
    "card",
    [
        {"step": "many"},
        {"scores": {"fid": "a" * 300}, "classes": None},
        {"scores": {"fid": [1]}},
        {"scores": {"fid": {"judge": 1}}},
        {"reasons": {"fid": "because"}},
    ],
)
def test_what_no_evaluation_has_written_is_none(tmp_path: Path, card: dict[str, Any]):
    (tmp_path / NEWEST / "step-00000016").mkdir(parents=True)
    keep(tmp_path, **card)
    assert evaluation_of(tmp_path, {}) is None


def test_a_number_that_is_none_is_no_score(tmp_path: Path):
    (tmp_path / NEWEST / "step-00000016").mkdir(parents=True)
    keep(tmp_path)
    file = tmp_path / EVALUATION / FILE
    file.write_text(file.read_text().replace("12.5", "NaN"))
    assert evaluation_of(tmp_path, {}) is None
