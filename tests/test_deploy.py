"""What serves the app to strangers: one port everywhere, only what is needed, and a word about disks that do not last."""

import os
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from deploy import space
from genmodels.config.families import VAEConfig
from genmodels.runs.store import Store
from genmodels.storage import paths
from genmodels.storage.paths import PROJECT
from tests.support.pages import open_page

DOCKERFILE = (PROJECT / "Dockerfile").read_text()


def test_readme_container_and_server_agree_on_the_port_and_the_user():
    head = (PROJECT / "README.md").read_text().split("---")[1]
    assert "sdk: docker" in head
    port = re.search(r"app_port: (\d+)", head)
    assert port is not None
    assert f"EXPOSE {port[1]}\n" in DOCKERFILE
    assert f"--server.port={port[1]}" in DOCKERFILE
    assert "--server.address=0.0.0.0" in DOCKERFILE
    assert f"127.0.0.1:{port[1]}/_stcore/health" in DOCKERFILE
    assert "--uid 1000" in DOCKERFILE


def test_the_container_can_compile_for_a_gpu():
    """Triton builds its launchers by a C compiler, with the headers of libc and of Python, which the image has."""
    (installed,) = re.findall(r"apt-get install -y --no-install-recommends ([^&]+)", DOCKERFILE)
    assert {"gcc", "libc6-dev"} <= set(installed.split())


class Hub:
    """Notes what it is asked to do."""

    def __init__(self) -> None:
        self.created: dict[str, Any] = {}
        self.uploaded: dict[str, Any] = {}

    def create_repo(self, name: str, **options: Any) -> str:
        self.created = {"name": name} | options
        return f"https://hub/{name}"

    def upload_folder(self, **options: Any) -> None:
        self.uploaded = options


def test_a_space_gets_what_the_app_needs_and_nothing_else():
    hub: Any = Hub()
    assert space.push(hub, "someone/lab") == "https://hub/someone/lab"
    assert (hub.created["space_sdk"], hub.created["exist_ok"]) == ("docker", True)
    pushed = hub.uploaded["allow_patterns"]
    for needed in (
        "Dockerfile",
        "README.md",
        "requirements.txt",
        "streamlit_app.py",
        "pages/vae.py",
        ".streamlit/config.toml",
    ):
        assert needed in pushed
    assert "checkpoints/vae-mnist/weights.safetensors" in pushed
    assert not [name for name in pushed if name.startswith(("tests/", "workspace/", ".venv/")) or "secret" in name]


def test_a_static_space_gets_the_gallery_with_a_head_that_says_so(monkeypatch: pytest.MonkeyPatch):
    hub, seen = Hub(), {}
    upload = hub.upload_folder

    def noted(**options: Any) -> None:
        folder = Path(options["folder_path"])
        seen.update({file.name: file.read_text() for file in folder.iterdir()})
        upload(**options)

    def made(command: list[str], **options: Any) -> None:
        assert command[1:3] == ["-m", "genmodels.export.web.gallery"]
        Path(command[3], "index.html").write_text("the gallery")

    monkeypatch.setattr(hub, "upload_folder", noted)
    monkeypatch.setattr("subprocess.run", made)
    assert space.push_static(hub, "someone/gallery") == "https://hub/someone/gallery"  # type: ignore[arg-type]
    assert hub.created["space_sdk"] == "static"
    assert hub.uploaded["delete_patterns"] == "*"
    assert seen["index.html"] == "the gallery"
    assert "sdk: static" in seen["README.md"].split("---")[1]


def test_without_a_token_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr("sys.argv", ["space.py", "someone/lab"])
    with pytest.raises(SystemExit, match="set HF_TOKEN"):
        space.main()


def test_runs_on_a_disk_that_goes_with_the_container_are_announced_as_such(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.delenv("GENMODELS_IN_CONTAINER", raising=False)
    assert "no disk of its own" not in _warnings()
    assert "GENMODELS_IN_CONTAINER=1" in DOCKERFILE
    monkeypatch.setenv("GENMODELS_IN_CONTAINER", "1")
    same = tmp_path.stat().st_dev == Path("/").stat().st_dev
    assert paths.fleeting() == same
    assert ("no disk of its own" in _warnings()) == same


@pytest.mark.parametrize(
    ("fleeting", "mirror", "lasts"), [(False, "", True), (True, "", False), (True, "me/runs", True)]
)
def test_a_run_that_was_cut_off_is_called_safe_only_where_its_disk_or_a_mirror_keeps_it(
    fleeting: bool, mirror: str, lasts: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(paths, "fleeting", lambda: fleeting)
    monkeypatch.setenv("GENMODELS_MIRROR", mirror)
    run = Store().create(VAEConfig().model_dump())
    Store().update(run.id, state="interrupted")
    (warning,) = AppTest.from_function(_messages, args=(run.id,)).run().warning
    assert ("is lost" in warning.value) == lasts
    assert ("until this server restarts" in warning.value) != lasts


def test_where_nothing_but_home_can_be_written_temporary_files_are_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setenv("GENMODELS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", "")  # so that what is set below is taken back
    monkeypatch.delenv("TMPDIR")
    monkeypatch.setattr(tempfile, "tempdir", None)  # what it has found before
    paths.ensure_scratch()
    assert "TMPDIR" not in os.environ
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.setattr(tempfile, "_candidate_tempdir_list", lambda: [os.environ.get("TMPDIR", "/proc")])
    paths.ensure_scratch()
    with tempfile.TemporaryFile() as file:
        file.write(b"here")
    assert Path(tempfile.gettempdir()) == tmp_path / "home" / "tmp"


def _messages(run_id: str) -> None:
    from genmodels.ui.session import get_store
    from genmodels.ui.training.rows import rows_of
    from genmodels.ui.training.run_panel import messages

    run = get_store().get(run_id)
    assert run is not None
    messages(run, rows_of(run), [])


def _warnings() -> str:
    return " ".join(warning.value for warning in open_page("runs").warning)
