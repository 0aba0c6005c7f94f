"""Printing never ends a training."""

import io
import os
import sys

import pytest

from genmodels.config.families import VAEConfig
from genmodels.jobs import queue, worker
from genmodels.jobs.console import Console
from genmodels.runs.store import Store


class Terminal(io.TextIOWrapper):
    """To which a progress bar is drawn."""

    def isatty(self) -> bool:
        return True


CURVES = {"train/neg_elbo": 92.4}


@pytest.mark.usefixtures("own_signals")
def test_a_terminal_that_does_not_know_the_letters_of_a_name_is_given_their_numbers(monkeypatch: pytest.MonkeyPatch):
    """As with PYTHONIOENCODING=cp1252 and images in folders with Persian names."""

    def train(store: Store, run: object, devices: object, stop: object, show: worker.Show, *others: object) -> str:
        show("Classes: سه, پنج")
        return "finished"

    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="cp1252"))
    monkeypatch.setattr(worker, "_train", train)
    store = Store()
    run = store.create(VAEConfig(device="cpu").model_dump(), "سه")
    assert worker.work(store, run, queue.hold(store, run.id), Console().say) == "finished"
    assert printed.getvalue() == b"Classes: \\u0633\\u0647, \\u067e\\u0646\\u062c\n"


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_terminal_or_a_pipe_that_has_gone_is_no_failure(name: str, monkeypatch: pytest.MonkeyPatch):
    reader, writer = os.pipe()
    os.close(reader)
    stream = Terminal(os.fdopen(writer, "wb"))
    monkeypatch.setattr(sys, name, stream)
    console = Console()
    for step in range(1, 4):
        console.say(f"step {step}")
        console.progress(step, 3, float(step), CURVES)
    console.close()
    stream.close()  # as when the process ends
