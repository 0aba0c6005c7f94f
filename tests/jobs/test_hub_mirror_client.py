"""The mirror's client of the Hub, its token, and its thread."""

import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi

from genmodels.config.families import VAEConfig
from genmodels.jobs import hub_mirror, queue
from genmodels.jobs.hub_mirror import Mirror
from genmodels.runs.store import Store
from genmodels.settings import for_workers
from tests.jobs.test_hub_mirror import hub, named
from tests.support.archives import a_run
from tests.support.helpers import tree
from tests.support.hub import REPOSITORY, TOKEN, Hub

__all__ = ["hub", "named"]


@pytest.fixture
def refusing() -> Iterator[str]:
    """The address of a Hub that knows nobody's token."""

    class Refusing(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(401)
            self.send_header("X-Error-Message", "Invalid username or password.")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_HEAD = do_POST

        def log_message(self, *arguments: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_wrong_token_is_told_and_shown_to_nobody(refusing: str, home: Path, capfd: pytest.CaptureFixture[str]):
    a_run(Store())
    kept = Mirror(Store(), REPOSITORY, HfApi(refusing, token=TOKEN))
    assert not kept.look()
    assert kept.trouble == f"The Hub refuses {REPOSITORY} to this server's token: see HF_TOKEN and GENMODELS_MIRROR."
    assert not [path for path in home.rglob("*") if path.is_file() and TOKEN.encode() in path.read_bytes()]
    assert TOKEN not in "".join(capfd.readouterr())


def test_a_hub_that_cannot_be_reached_is_told(home: Path):
    a_run(Store())
    before = tree(Store().runs_folder)
    kept = Mirror(Store(), REPOSITORY, HfApi("http://127.0.0.1:9", token=TOKEN))
    assert not kept.look()
    assert "could not be reached" in kept.trouble
    assert tree(Store().runs_folder) == before


@pytest.mark.parametrize(
    ("repository", "token", "told"), [("runs", TOKEN, "OWNER/NAME"), (REPOSITORY, False, "HF_TOKEN must be set")]
)
def test_what_the_operator_must_set_is_told(repository: str, token: Any, told: str):
    kept = Mirror(Store(), repository, HfApi("http://127.0.0.1:9", token=token))
    assert not kept.look()
    assert told in kept.trouble


def test_no_other_process_gets_the_token_of_the_mirror(monkeypatch: pytest.MonkeyPatch):
    given: list[dict[str, str]] = []

    class Process:
        pid = 1

        def __init__(self, command: list[str], env: dict[str, str], **options: Any) -> None:
            given.append(env)

        def wait(self) -> None: ...

        def poll(self) -> int:
            return 0

    monkeypatch.setattr(queue.subprocess, "Popen", Process)
    monkeypatch.setenv("GENMODELS_SPARE", "1")
    queue.start(Store(), VAEConfig())
    queue.Spare().keep()
    assert len(given) == 2
    for environment in given:
        assert TOKEN not in environment.values()
        assert environment["PATH"] == os.environ["PATH"]
    monkeypatch.delenv("GENMODELS_MIRROR")
    assert for_workers()["HF_TOKEN"] == TOKEN, "without a mirror it is there for something else"


def test_the_thread_sends_what_is_there_when_the_server_starts(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    run = a_run(Store())
    sent = threading.Event()

    def upload_file(**call: Any) -> None:
        hub.upload_file(**call)
        sent.set()

    hub.api.upload_file.side_effect = upload_file
    monkeypatch.setattr("huggingface_hub.HfApi", lambda token: hub.api)
    kept = hub_mirror.start(Store())
    assert kept is not None
    assert sent.wait(30)
    assert hub.uploads == [f"{run.id}.zip"]
    monkeypatch.delenv("GENMODELS_MIRROR")
    assert hub_mirror.start(Store()) is None
