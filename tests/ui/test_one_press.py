"""One start a press, also where it takes so long that the second click comes while the first one's script still runs."""

import os
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.testing.v1 import AppTest

from genmodels.errors import UserError
from genmodels.jobs import queue
from genmodels.runs.run import Run
from genmodels.runs.store import Store
from genmodels.ui.access.one_press import Presses
from tests.support.helpers import wait_until


def page() -> None:
    """Starts a run, and then asks for something of the session, as every page does."""
    import streamlit as st

    from genmodels.config.families import VAEConfig
    from genmodels.ui.access import commands

    st.session_state["shown"] = commands.start(VAEConfig()).id


def pair() -> None:
    """Starts two runs, one after the other, called by a time that passes."""
    from genmodels.config.families import DCGANConfig, VAEConfig
    from genmodels.ui.training.matched_runs import start_alike

    start_alike("pair", {"VAE": VAEConfig(), "DCGAN": DCGANConfig()})


@pytest.fixture
def stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """The script that starts the first run is stopped for the second click when it asks for something next; no worker is started."""

    def launch(store: Store, run: Run, held: int, *others: Any) -> Run:
        os.close(held)
        if len(store.runs()) == 1:
            context: Any = get_script_run_ctx()
            context.script_requests.request_stop()  # as the server does at the second click
        return run

    monkeypatch.setattr(queue, "launch", launch)


@pytest.mark.usefixtures("stopped")
def test_a_start_whose_script_is_stopped_for_the_second_click_counts():
    first = AppTest.from_function(page).run()
    assert "shown" not in first.session_state, "the first script was not stopped"
    second = first.run()
    assert [run.id for run in Store().runs()] == [second.session_state["shown"]]


@pytest.mark.usefixtures("stopped")
def test_two_runs_are_started_once_each_and_stay_together_where_the_script_is_stopped_between_them():
    AppTest.from_function(pair).run().run()
    runs = Store().runs()
    assert [run.name for run in reversed(runs)] == ["VAE: Pair 1", "DCGAN: Pair 1"]
    assert len({run.group for run in runs}) == 1


def test_the_second_click_waits_for_the_start_of_the_first():
    presses, ready, begun = Presses(), threading.Event(), []
    run = Run("vae-1", "name", {}, "")

    def begin() -> Run:
        begun.append(1)
        ready.wait(10)
        return run

    with ThreadPoolExecutor() as pool:
        clicks: list[Future[Run]] = [pool.submit(presses.once, "asked", begin, lambda _: True) for _ in range(3)]
        wait_until(lambda: begun)
        ready.set()
        assert [click.result() for click in clicks] == [run] * 3
    assert len(begun) == 1


def test_after_a_refused_start_the_same_may_be_asked_for_again():
    presses, run = Presses(), Run("vae-1", "name", {}, "")

    def refuse() -> Run:
        raise UserError("The queue is full: wait.")

    with pytest.raises(UserError, match="queue is full"):
        presses.once("asked", refuse, lambda _: True)
    assert presses.once("asked", lambda: run, lambda _: True) is run


def test_a_run_that_is_deleted_at_once_can_be_started_again():
    presses = Presses()
    first, second = (Run(f"vae-{number}", "name", {}, "") for number in (1, 2))
    presses.once("asked", lambda: first, lambda _: True)
    assert presses.once("asked", lambda: second, lambda run: run is not first) is second
