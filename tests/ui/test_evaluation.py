"""The scores of an own run on its page: measured at a press, followed, cancelled, and there at the next visit."""

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.checkpoints.integrity import NEWEST
from genmodels.config.base import RunConfig
from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.language.stored import stored
from genmodels.metrics.evaluation import RunEvaluation, Stage
from genmodels.runs.evaluation import FILE, Card, rows
from genmodels.runs.run import EVALUATION, GONE, Run
from genmodels.runs.store import Store
from genmodels.storage.background import Progress
from tests.support.fragments import rerun_fragments
from tests.support.pages import button, numbers, open_page, press, texts

DISTANCES = {"fid": 120.0, "fid_floor": 9.0, "fid_noise": 4700.0, "samples": 1000, "real_images": 1000}
DRAWING = Stage(text="drawing images", message=stored("drawing images"), share=0.25, seconds_left=9.0)


class Pretended:
    """In the place of an evaluation in the background: what it looks like after each press, and what was asked of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *looks: Progress, begins: bool = True) -> None:
        self.asked = list[str]()
        monkeypatch.setattr(RunEvaluation, "look", lambda made: looks[min(len(self.asked), len(looks) - 1)])
        monkeypatch.setattr(RunEvaluation, "is_running", lambda made: made.look().state == "running")
        monkeypatch.setattr(RunEvaluation, "start", lambda made, owner: self.note("start") and begins)
        monkeypatch.setattr(RunEvaluation, "cancel", lambda made: self.note("cancel"))

    def note(self, what: str) -> bool:
        self.asked.append(what)
        return True


def ended(config: RunConfig | None = None, state: str = "finished") -> Run:
    """A run that has ended, with the folder of a checkpoint."""
    store = Store()
    run = store.create((config or DCGANConfig()).model_dump())
    (store.folder(run.id) / NEWEST / "step-00000016").mkdir(parents=True)
    store.update(run.id, state=state, step=16, total_steps=16, epoch=1.0)
    return run


def measured(run: Run, **scores: Any) -> None:
    """The run has these scores."""
    folder = Store().folder(run.id) / EVALUATION
    folder.mkdir()
    card = Card(step=16, classes=[*"0123456789"], scores=scores)
    (folder / FILE).write_text(card.model_dump_json())
    Store().add_metrics(run.id, 16, 1.0, rows(card))


def test_a_run_without_scores_has_the_button_that_measures_them(monkeypatch: pytest.MonkeyPatch):
    pretended = Pretended(monkeypatch, Progress("missing"), Progress("running", DRAWING, 0.25))
    page = open_page("dcgan", run=ended(state="stopped").id)
    assert button(page, "Measure").help.startswith("No scores yet. Quick ones, of 1,000 samples")
    assert not pretended.asked
    press(page, "Measure")
    assert pretended.asked == ["start"]
    (bar,) = page.get("progress")
    assert bar.proto.text == "The evaluation (drawing images, about 9 s left) is under way"
    press(page, "Cancel")
    assert pretended.asked == ["start", "cancel"]


def test_a_press_that_has_to_wait_for_another_evaluation_is_kept(monkeypatch: pytest.MonkeyPatch):
    pretended = Pretended(monkeypatch, Progress("missing"), begins=False)
    page = press(open_page("dcgan", run=ended().id), "Measure")
    assert "Another run is being measured on this machine" in page.info[0].value
    asked = len(pretended.asked)
    page.run()
    assert len(pretended.asked) > asked


def test_one_that_was_cancelled_or_failed_can_be_begun_again(monkeypatch: pytest.MonkeyPatch):
    run = ended()
    Pretended(monkeypatch, Progress("failed", error="no images"))
    assert "The evaluation failed: no images" in texts(open_page("dcgan", run=run.id))
    pretended = Pretended(monkeypatch, Progress("cancelled"), Progress("running"))
    press(open_page("dcgan", run=run.id), "Measure again")
    assert pretended.asked == ["start"]


def test_a_run_that_is_deleted_meanwhile_is_said_to_be_gone(monkeypatch: pytest.MonkeyPatch):
    pretended = Pretended(monkeypatch, Progress("missing"))
    run = ended()

    def draw(run_id: str) -> None:
        from genmodels.ui.models.evaluation import run_scores
        from genmodels.ui.session import get_store

        if run := get_store().get(run_id):
            run_scores(run)

    page = AppTest.from_function(draw, kwargs={"run_id": run.id}).run()
    Store().delete(run.id)
    button(page, "Measure").click()
    rerun_fragments(page)
    assert [warning.value for warning in page.warning] == [GONE]
    assert not pretended.asked


def test_who_may_not_train_measures_nothing(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_TRAIN", "nobody")
    assert button(open_page("dcgan", run=ended().id), "Measure").disabled


def test_measured_scores_stand_on_their_scale_with_all_others_in_the_details():
    run = ended(VAEConfig())
    measured(run, **DISTANCES, neg_elbo=99.5, neg_elbo_noise=205.0, kmeans_acc_mean=0.737, recall=0.5)
    page = open_page("vae", run=run.id)
    said = texts(page)
    assert "FID **120.0**  \n:small[:gray[1,000 samples]]" in said
    assert "Negative ELBO **99.50 nats**  \n:small[:gray[noise 205.00 nats]]" in said
    assert "KMeans **73.7%**  \n:small[:gray[chance 10.0%]]" in said
    assert "Measure" not in [each.label for each in page.button]
    table = page.table[0].value["this model"]
    assert table["FID"] == "120.0 of 1,000 samples"
    assert table["Recall"] == "50.0% of 1,000 samples"
    assert "epochs" not in numbers(page)


def test_the_table_of_runs_has_them_too():
    run, other = ended(), ended()
    measured(run, **DISTANCES, recall=0.5)
    table = open_page("runs").dataframe[0].value
    assert table["FID of 1,000 samples"].dropna().tolist() == [120.0]
    compared = open_page("runs", run=[run.id, other.id]).dataframe[-1].value
    assert compared["FID of 1,000 samples"].dropna().tolist() == [120.0]
    assert compared["recall of 1,000 samples"].dropna().tolist() == [0.5]


def test_a_run_under_way_or_without_weights_is_not_measured():
    store = Store()
    run = store.create(DCGANConfig().model_dump())
    store.update(run.id, state="stopped")
    assert "Measure" not in [each.label for each in open_page("dcgan", run=run.id).button]
