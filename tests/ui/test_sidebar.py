"""The sidebar: what is training now, and what has just ended."""

import os
import shutil
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from genmodels import machine
from genmodels.config.families import VAEConfig
from genmodels.runs.store import Run, Store
from genmodels.storage.files import lock
from genmodels.storage.paths import PROJECT
from tests.support.pretended_nvml import pretend


def draw() -> None:
    from genmodels.ui.shell.sidebar import sidebar

    sidebar()


def test_a_run_that_ends_while_one_looks_is_told_once():
    store = Store()
    run = store.create(VAEConfig().model_dump(), "My run")
    held = lock(store.folder(run.id) / "worker.lock")  # as a worker has it
    assert held is not None
    store.update(run.id, state="running")
    page = AppTest.from_function(draw, default_timeout=60).run()
    assert not page.toast
    assert [caption.value for caption in page.sidebar.caption] == ["Device", "Training now"]
    store.update(run.id, state="failed")
    page.run()
    (toast,) = page.toast
    assert toast.value == "**My run** has failed."
    page.run()
    assert not page.toast


def test_a_full_disk_is_told_with_what_to_free(monkeypatch: pytest.MonkeyPatch):
    free = 10**6
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=free))
    page = AppTest.from_function(draw).run()
    (warning,) = page.sidebar.warning
    assert warning.value.startswith("The disk is full: ")
    assert "Delete runs" in warning.value
    free = 10**9
    assert not page.run().warning


def test_what_had_ended_before_is_not_told():
    store = Store()
    store.update(store.create(VAEConfig().model_dump()).id, state="finished")
    assert not AppTest.from_function(draw, default_timeout=60).run().toast


@pytest.fixture
def queued() -> Iterator[list[Run]]:
    """One run that trains, and ten that wait, each held as by its worker."""
    store, locks = Store(), []
    runs = [store.create(VAEConfig().model_dump(), f"run {index}") for index in range(11)]
    for index, run in enumerate(runs):
        locks.append(lock(store.folder(run.id) / "worker.lock"))
        store.update(run.id, state="running" if index == 0 else "queued", queued=float(index))
    yield runs
    for held in locks:
        assert held is not None
        os.close(held)


def test_a_long_queue_is_told_by_its_first_runs_and_its_length(queued: list[Run]):
    page = AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=60).run()
    links = [link.proto.label for link in page.sidebar.get("page_link")]
    assert links == ["run 0", "run 1", "run 2", "run 3", "7 more waiting"]


def test_one_press_empties_the_queue_and_leaves_what_trains(queued: list[Run]):
    page = AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=60).run()
    (button,) = [button for button in page.sidebar.button if button.label == "Stop the 10 waiting"]
    button.click().run()
    assert not page.exception
    running, *others = Store().get_many([run.id for run in queued])
    assert not running.stop_requested
    assert all(run.stop_requested for run in others)


def test_nobody_empties_the_queue_of_others(queued: list[Run], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_OPERATOR_PASSWORD", "boss")
    page = AppTest.from_file(str(PROJECT / "streamlit_app.py"), default_timeout=60).run()
    assert not [button for button in page.sidebar.button if "waiting" in button.label]


def test_it_names_the_cpu_where_there_is_no_gpu_and_the_cores_of_a_process_cannot_be_told(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    pretend(monkeypatch, 0)
    st.cache_data.clear()
    st.cache_resource.clear()
    named = AppTest.from_function(draw, default_timeout=60).run().sidebar.markdown[0].value
    assert f"CPU, {os.cpu_count()} cores" in named


def test_it_names_the_gpu_of_a_mac(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "has_mps", lambda: True)
    pretend(monkeypatch, 0)
    st.cache_data.clear()
    named = [element.value for element in AppTest.from_function(draw, default_timeout=60).run().sidebar.markdown]
    assert "Apple GPU (mps)" in named[0]
    assert "CPU" in named[1]
    st.cache_data.clear()
