"""What the operator and the visitors keep secret is told nobody: not on a page, not on the disk, not to a worker."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genmodels.jobs import queue
from genmodels.jobs.policy import policy
from genmodels.jobs.warm_worker import Spare
from genmodels.runs.ownership import mark
from genmodels.runs.store import Store
from genmodels.settings import Access, for_workers
from tests.jobs.test_jobs import tiny
from tests.support.archives import zipped
from tests.support.helpers import children_running, wait_until
from tests.support.pages import press
from tests.ui.test_ownership import visit
from tests.ui.test_runs_page import select

PASSWORD, OPERATOR, TOKEN, ADDRESS = "open-sesame", "abracadabra", "0123456789abcdef" * 4, "anna@example.org"
SECRETS = [PASSWORD, OPERATOR, TOKEN, ADDRESS]


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GENMODELS_TRAIN", "password")
    monkeypatch.setenv("GENMODELS_PASSWORD", PASSWORD)
    monkeypatch.setenv("GENMODELS_OPERATOR_PASSWORD", OPERATOR)
    monkeypatch.setenv("GENMODELS_LOGINS", ADDRESS)


def told(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def shown(page: AppTest) -> str:
    """All that the browser is sent."""
    return f"{page.main}{page.sidebar}"


def test_a_policy_shows_no_secret():
    assert told(repr(policy())) == []


@pytest.mark.exhaustive
@pytest.mark.slow
def test_neither_pages_nor_folders_nor_zips_nor_logs_tell_a_secret(capfd: pytest.CaptureFixture[str]):
    """With a real worker, which trains a run that a visitor has started."""
    page = visit("vae", TOKEN)
    page.text_input(key="permission:password").set_value(PASSWORD).run()
    for name, value in {"epochs": 1, "batch_size": 2000, "width": 4, "hidden": 16, "preview_every": 0.0}.items():
        page.number_input(key=f"vae.{name}").set_value(value)
    page.selectbox(key="vae.device").set_value("cpu")
    page = press(page.run(), "Start training")
    store = Store()
    (run,) = store.runs()
    assert run.owner == mark(store.root, f"browser {TOKEN}")
    assert told(shown(page)) == []
    wait_until(lambda: not store.get_many([run.id])[0].alive)
    page = select(visit("runs", TOKEN), run)
    assert told(shown(page)) == []
    page.text_input(key="permission:operator").set_value(OPERATOR).run()
    assert told(shown(page)) == []
    for path in store.root.rglob("*"):
        if path.is_file():
            assert told(path.read_bytes().decode("latin-1")) == [], path
    assert told(zipped(store, run).decode("latin-1")) == []
    assert told("".join(capfd.readouterr())) == []


def test_a_worker_inherits_the_limits_and_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("GENMODELS_MOST_HOURS", "3")
    environment = for_workers()
    assert not environment.keys() & Access.by_variable().keys()
    limits = policy(environment)
    assert (limits.most_hours, limits.who) == (3, "anyone"), "a worker can read them"


def test_no_process_that_the_server_starts_has_a_secret_in_its_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    seen = tmp_path / "environment"
    program = tmp_path / "train.py"
    # Renamed, so that it is there when it is whole.
    program.write_text(
        f"import os; open('{seen}.part', 'w').write(str(os.environ)); os.rename('{seen}.part', '{seen}')"
    )
    monkeypatch.setattr(queue, "PROJECT", tmp_path)
    queue.start(Store(), tiny())
    wait_until(seen.exists)
    assert told(seen.read_text()) == []
    monkeypatch.setenv("GENMODELS_SPARE", "1")
    Spare().keep()
    (spare,) = wait_until(lambda: children_running("genmodels.jobs.warm_worker"))
    try:
        assert "GENMODELS_HOME" in spare.environ()
        assert told(str(spare.environ())) == []
    finally:
        spare.kill()
