"""The logic of the pages, without a browser."""

import os
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from genmodels.config.families import DCGANConfig, VAEConfig
from genmodels.jobs import queue
from genmodels.runs.store import Store
from genmodels.storage.files import lock
from genmodels.ui.training import run_panel
from tests.support.helpers import marked
from tests.support.hosts import go_to, silenced
from tests.support.pages import APP, PAGES, choose_folder, open_page, press, press_again, started, texts
from tests.support.pretrained import ship

__all__ = ["started"]  # a fixture


@pytest.mark.parametrize("name", [path.stem for path in sorted(PAGES.glob("*.py"))])
def test_every_page_opens_on_an_empty_home(name: str):
    assert open_page(name).title


def test_the_page_shows_the_run_that_was_started(started: list[VAEConfig]):
    page = press(open_page("vae"), "Start training")
    (run,) = Store().runs()
    assert page.query_params["run"] == run.id
    assert page.selectbox(key="vae:choice").value == run.id


def test_a_double_click_starts_one_run(started: list[VAEConfig], monkeypatch: pytest.MonkeyPatch):
    page = press(open_page("vae"), "Start training")
    press_again(page, "Start training")
    assert len(started) == 1
    monkeypatch.setattr("genmodels.ui.access.one_press.ONE_PRESS_SECONDS", 0.0)
    press_again(page, "Start training")
    assert len(started) == 2


def test_own_images_are_looked_at_before_training(tmp_path: Path):
    folder = tmp_path / "pictures"
    for index in range(4):
        path = folder / "ab"[index % 2] / f"{index}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        marked(Image.new("L", (30, 20))).save(path)
    (folder / "a" / "cut.png").write_bytes(path.read_bytes()[:40])
    page = choose_folder(folder)
    assert [element.value for element in page.success] == ["4 images in 2 classes (a, b). Sizes: 30x20 (4)."]
    assert "which cannot be read or show nothing: 1." in texts(page)
    assert [each.value for each in page.markdown if "cut.png" in each.value] == [
        "- a/cut.png: it is not an image of a known kind"
    ]


def test_a_folder_without_images_is_refused_before_training(tmp_path: Path):
    assert "0 readable images" in choose_folder(tmp_path).error[0].value
    assert "There is no folder" in choose_folder(tmp_path / "nothing").error[0].value


def test_a_run_whose_worker_is_dead_shows_as_interrupted():
    store = Store()
    run = store.create(VAEConfig().model_dump())
    store.update(run.id, state="running", pid=2**22, step=10, total_steps=100, epoch=1.0)
    page = open_page("vae", run=run.id)
    assert "ended unexpectedly" in texts(page)
    assert "Resume" in [button.label for button in page.button]


def test_a_run_of_another_host_names_it_and_when_nothing_is_heard_of_it_says_so(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    run = store.create(VAEConfig().model_dump())
    go_to("one", monkeypatch)
    held = queue.hold(store, run.id)
    store.update(run.id, state="running", device="cuda:0", step=10, total_steps=100)
    go_to("two", monkeypatch)
    page = open_page("vae", run=run.id)
    assert "on cuda:0 of one" in texts(page)
    os.close(held)
    silenced(store.folder(run.id) / "worker.lock")
    page.run()
    (told,) = page.error
    assert told.value.startswith("Nothing has been heard of the process on one for 2 minutes")
    assert "Resume" in [button.label for button in page.button]
    assert not page.warning


def test_a_failed_run_says_why_in_one_sentence():
    store = Store()
    run = store.create(VAEConfig().model_dump())
    store.update(run.id, state="failed", error="MNIST could not be downloaded: choose mnist-sample.")
    page = open_page("vae", run=run.id)
    assert [error.value for error in page.error] == ["MNIST could not be downloaded: choose mnist-sample."]


def test_an_address_with_an_unknown_run_shows_another_one():
    run = Store().create(VAEConfig().model_dump())
    page = open_page("vae", run="no-such-run")
    assert page.selectbox(key="vae:choice").value == run.id


def test_only_the_chosen_run_has_its_rows_read(monkeypatch: pytest.MonkeyPatch):
    store = Store()
    runs = [store.create(VAEConfig().model_dump()) for _ in range(20)]
    read = []

    def metrics(self: Store, run: str, after: int = 0) -> pd.DataFrame:
        read.append(run)
        return original(self, run, after)

    original = Store.metrics
    monkeypatch.setattr(Store, "metrics", metrics)
    page = open_page("vae", run=runs[7].id)
    assert len(page.selectbox(key="vae:choice").options) >= 20
    assert set(read) == {runs[7].id}


def test_a_resumed_run_shows_no_rows_that_were_dropped(monkeypatch: pytest.MonkeyPatch):
    drawn: list[list[int]] = []
    monkeypatch.setattr(run_panel, "live_curves", lambda panels, rows, **options: drawn.append(rows["step"].tolist()))
    store = Store()
    run = store.create(VAEConfig().model_dump())
    store.update(run.id, state="stopped", attempt=1, total_steps=40)
    for step in (10, 20, 30):
        store.add_metrics(run.id, step, step / 10, {"train/neg_elbo": 100.0})
    page = open_page("vae", run=run.id)
    assert drawn[-1] == [10, 20, 30]
    store.drop_metrics_after(run.id, 20)
    store.update(run.id, attempt=2)
    store.add_metrics(run.id, 25, 2.5, {"train/neg_elbo": 90.0})
    page.run()
    assert drawn[-1] == [10, 20, 25]


def test_the_rows_of_a_run_are_read_once_for_all_visitors(monkeypatch: pytest.MonkeyPatch):
    def metrics(self: Store, run: str, after: int = 0) -> pd.DataFrame:
        found = original(self, run, after)
        read.append(len(found))
        return found

    read: list[int] = []
    original = Store.metrics
    store = Store()
    run = store.create(VAEConfig().model_dump())
    store.update(run.id, state="stopped", attempt=1, total_steps=40)
    store.add_metrics(run.id, 10, 1.0, {"train/neg_elbo": 100.0, "train/kl": 1.0})
    monkeypatch.setattr(Store, "metrics", metrics)
    first = open_page("vae", run=run.id)
    assert read == [2]
    open_page("vae", run=run.id)
    assert read == [2, 0]
    store.add_metrics(run.id, 20, 2.0, {"train/neg_elbo": 90.0})
    first.run()
    assert read == [2, 0, 1]


def test_a_pretrained_model_is_shown_where_there_is_no_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    ship(tmp_path / "pretrained" / "vae-tiny", VAEConfig(), {"neg_elbo": 99.5})
    monkeypatch.setattr("genmodels.checkpoints.pretrained.PRETRAINED", tmp_path / "pretrained")
    assert "Negative ELBO **99.50 nats**" in texts(open_page("vae"))


LOOK = {
    "score/diversity": 0.01,
    "score/variants": 0.01,
    "score/contrast": 1.0,
    "score/roughness": 1.0,
    "score/fid": 900.0,
}


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The titles of the charts of a run."""
    titles: list[str] = []
    monkeypatch.setattr(
        "genmodels.ui.training.run_panel.live_curves",
        lambda panels, rows, **options: titles.extend(panel.title for panel in panels),
    )
    return titles


def test_the_panel_says_what_is_wrong_with_a_run_and_what_to_try(drawn: list[str]):
    store = Store()
    run = store.create(DCGANConfig().model_dump())
    store.update(run.id, state="finished", step=2000, total_steps=2000, epoch=20.0)
    store.add_metrics(run.id, 500, 5.0, LOOK | {"score/diversity": 0.5, "score/variants": 0.5})
    page = open_page("dcgan", run=run.id)
    assert not page.warning
    assert any("Too early to tell" in caption.value for caption in page.caption)
    store.add_metrics(run.id, 1000, 10.0, LOOK | {"score/diversity": 1.0, "score/variants": 1.0})
    page.run()
    assert not page.warning
    assert not any("Too early to tell" in caption.value for caption in page.caption)
    assert drawn[-2:] == ["FID of 256 samples", "Samples beside real images"]
    store.add_metrics(run.id, 2000, 20.0, LOOK)
    page.run()
    (warning,) = page.warning
    assert warning.value.startswith("**Collapse.** The samples are much alike (mode collapse) since epoch 20")
    assert "best checkpoint is from before. Most likely, " in warning.value
    assert 'set "Objective" to wasserstein-gp' in warning.value


@pytest.mark.parametrize("state", ["queued", "stopped"])
def test_of_a_run_that_has_done_no_step_no_samples_are_spoken_of_and_no_empty_charts_are_drawn(
    state: str, drawn: list[str]
):
    store = Store()
    run = store.create(DCGANConfig().model_dump())
    store.update(run.id, state=state)
    for page in ("dcgan", "runs"):
        assert "samples" not in texts(open_page(page, run=run.id))
    assert "Curves and pictures come with the first steps of its training." in texts(open_page("dcgan", run=run.id))
    assert not drawn


@pytest.mark.parametrize(
    ("state", "sentence"),
    [("finished", "This run has no curves."), ("stopped", "Curves come with the first steps of its training.")],
)
def test_a_run_with_pictures_and_without_rows_has_a_sentence_in_the_place_of_charts(
    state: str, sentence: str, drawn: list[str]
):
    store = Store()
    run = store.create(VAEConfig().model_dump())
    store.update(run.id, state=state)
    page = open_page("vae", run=run.id)
    assert ("has neither curves nor pictures" in texts(page)) == (state == "finished")
    folder = store.folder(run.id) / "pictures"
    folder.mkdir()
    Image.new("L", (28, 28)).save(folder / "samples-00000010.png")
    assert sentence in texts(page.run())
    assert not drawn


def test_a_run_without_looks_at_its_samples_has_no_curves_of_them(drawn: list[str]):
    store = Store()
    run = store.create({name: value for name, value in VAEConfig().model_dump().items() if name != "check_every"})
    store.update(run.id, state="finished")
    store.add_metrics(run.id, 10, 1.0, {"train/neg_elbo": 100.0})
    assert not open_page("vae", run=run.id).warning
    assert drawn == ["Negative ELBO", "Reconstruction", "KL divergence", "Active units"]


def test_all_open_where_the_cores_of_a_process_cannot_be_told(monkeypatch: pytest.MonkeyPatch):
    """As on macOS; the panel of a run under way looks again by itself, at a pace that depends on the cores."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    st.cache_resource.clear()
    store = Store()
    run = store.create(VAEConfig().model_dump())
    held = lock(store.folder(run.id) / "worker.lock")  # as a worker has it
    assert held is not None
    store.update(run.id, state="running", total_steps=10)
    assert not AppTest.from_file(str(APP), default_timeout=60).run().exception
    for path in PAGES.glob("*.py"):
        assert open_page(path.stem).title
