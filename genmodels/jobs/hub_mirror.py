"""The runs in a private dataset repository of the Hugging Face Hub as well, for a server whose disk does not last.

A thread of the server looks on. It sends a run as the zip that ``archive`` makes of it, when there is a new checkpoint and when
the run has ended; at its start it brings back what the repository has and the store lacks, through the checks of any zip. No
process that trains has a part in it or knows the token. What fails is told, and tried again.
"""

import json
import math
import os
import re
import shutil
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from genmodels.checkpoints.integrity import NEWEST, steps
from genmodels.errors import UserError
from genmodels.language import N_
from genmodels.runs.archive import pack, unpack
from genmodels.runs.run import ID
from genmodels.runs.store import Run, Store
from genmodels.runs.zip_members import MOST_BYTES
from genmodels.settings import HUB_TOKEN, PREFIX, Settings
from genmodels.storage.files import lock, read_text, write_text

if TYPE_CHECKING:
    from huggingface_hub import HfApi

LOOK = 10.0  # seconds between two looks at the store
MINUTES = 10  # between two copies of a run under way, and before what has failed is tried again
PAUSE = 60.0 * MINUTES  # seconds
DATASET = "dataset"
REPOSITORY = f"{PREFIX}MIRROR"
NAME = re.compile(r"[\w.-]+/[\w.-]+")
COPY = re.compile(rf"({ID})\.zip")
NOTES = "mirror/deleted"  # empty files, each named as a run whose copy is to go
SENT = ".sent"  # a file of a run's folder that says what the copy has; hidden, so it is in no zip
REFUSALS = (401, 403, 404)  # to a token that may not, the Hub says that the repository is not there


class MirrorError(UserError):
    """The repository cannot be used."""


class Mirror:
    """The copies of the runs of ``store`` in ``repository``, "OWNER/NAME", which is made, and private, if it is not there."""

    def __init__(self, store: Store, repository: str, api: "HfApi") -> None:
        self.store, self.repository, self.api = store, repository, api
        self.ready = False  # whether the repository has been opened, and what it has brought back
        self.trouble = ""  # why the last look failed
        self.refused: dict[str, str] = {}  # copies that were not brought back, and why
        self._tried: dict[tuple[str, bool], float] = {}  # when a run was last sent, or was to be: under way, or ended
        self._told: set[str] = set()  # runs whose page says that they could not be sent
        self._scratch = store.root / "mirror" / "scratch"

    def watch(self) -> None:
        """Look again and again; never returns. One process at a time does so for a store, and others wait for its end."""
        while lock(self.store.root / "locks" / "mirror.lock") is None:
            time.sleep(LOOK)
        while True:
            time.sleep(LOOK if self.look() else PAUSE)

    def look(self) -> bool:
        """Do all that is due; whether that went well. Raises nothing: ``trouble`` says what was in the way."""
        try:
            if not self.ready:
                self._open()
                self._bring_back()
                self.ready = True
            self._delete_copies()
            self._send_runs()
        except Exception as error:
            self.trouble = self._sentence(error)
            return False
        self.trouble = ""
        return True

    def _open(self) -> None:
        if not NAME.fullmatch(self.repository):
            raise MirrorError(N_("{variable} must be the OWNER/NAME of a dataset repository.", variable=REPOSITORY))
        if not self.api.token:
            raise MirrorError(
                N_(
                    "{token} must be set to a token that may write to {repository}.",
                    token=HUB_TOKEN,
                    repository=self.repository,
                )
            )
        self.api.create_repo(self.repository, repo_type=DATASET, private=True, exist_ok=True)
        if not self.api.dataset_info(self.repository).private:
            raise MirrorError(
                N_(
                    "{repository} is public: make it private, or name another one in {variable}.",
                    repository=self.repository,
                    variable=REPOSITORY,
                )
            )
        shutil.rmtree(self._scratch, ignore_errors=True)  # by a server that was killed

    # From the Hub

    def _bring_back(self) -> None:
        for entry in self.api.list_repo_tree(self.repository, repo_type=DATASET):
            found, size = COPY.fullmatch(entry.path), getattr(entry, "size", None)  # a folder has none
            if found is None or size is None or self.store.get(found[1]) or _note(self.store, found[1]).exists():
                continue
            if size > MOST_BYTES:
                self.refused[entry.path] = N_("It is larger than any run.")
                continue
            self._fetch(entry.path)

    def _fetch(self, name: str) -> None:
        with self._folder() as folder:
            file = self.api.hf_hub_download(self.repository, name, repo_type=DATASET, local_dir=folder)
            try:
                run = unpack(self.store, Path(file))
            except Exception as error:  # whatever it is about this one, the others are to come back
                self.refused[name] = self._sentence(error)
            else:
                self._remember(run.id, self._state(run))

    # To the Hub

    def _send_runs(self) -> None:
        """Send every run whose copy is out of date, those first that have waited longest."""
        for run in sorted(self.store.runs(), key=self._last_try):
            state = self._state(run)
            if self._may_be_sent(run) and state != self._sent(run.id):
                self._tried[run.id, run.alive] = time.monotonic()
                try:
                    self._send(run.id)
                except Exception as error:
                    if self.store.get(run.id) is None:  # it has just been deleted
                        continue
                    self._tell(run.id, error)
                    raise
                self._told.discard(run.id)
                self._remember(run.id, state)

    def _last_try(self, run: Run) -> float:
        return self._tried.get((run.id, run.alive), -math.inf)

    def _may_be_sent(self, run: Run) -> bool:
        """Whether it has waited long enough; one that has just ended need not wait."""
        rested = time.monotonic() - self._last_try(run) >= PAUSE
        return rested and (not run.alive or bool(steps(self.store.folder(run.id) / NEWEST)))

    def _send(self, run_id: str) -> None:
        with self._folder() as folder:
            file = Path(folder, f"{run_id}.zip")
            pack(self.store, run_id, file)
            self.api.upload_file(
                path_or_fileobj=file,
                path_in_repo=file.name,
                repo_id=self.repository,
                repo_type=DATASET,
                commit_message=f"Keep {run_id}",
            )

    def _state(self, run: Run) -> str:
        """What of a run makes its copy out of date when it changes."""
        newest = max(steps(self.store.folder(run.id) / NEWEST), default=None)
        return json.dumps([self.repository, run.state, run.name, run.note, run.pinned, newest])

    def _sent(self, run_id: str) -> str | None:
        return read_text(self.store.folder(run_id) / SENT)

    def _remember(self, run_id: str, state: str) -> None:
        with suppress(FileNotFoundError):  # it has just been deleted
            write_text(self.store.folder(run_id) / SENT, state)

    def _tell(self, run_id: str, error: Exception) -> None:
        """Say on the run's page that it could not be sent, once until it was."""
        if run_id not in self._told:
            self._told.add(run_id)
            again = N_("It is tried again every {minutes} minutes, and training goes on.", minutes=MINUTES)
            self.store.add_event(
                run_id,
                N_("This run could not be mirrored. {sentence} {again}", sentence=self._sentence(error), again=again),
            )

    def _delete_copies(self) -> None:
        for note in (self.store.root / NOTES).glob("*"):
            name = f"{note.name}.zip"
            gone = self.store.get(note.name) is None  # else it has been imported again
            if gone and self.api.get_paths_info(self.repository, name, repo_type=DATASET):
                self.api.delete_file(name, self.repository, repo_type=DATASET, commit_message=f"Delete {note.name}")
            note.unlink()

    def _folder(self) -> tempfile.TemporaryDirectory:
        self._scratch.mkdir(parents=True, exist_ok=True)
        return tempfile.TemporaryDirectory(dir=self._scratch, ignore_cleanup_errors=True)

    def _sentence(self, error: Exception) -> str:
        """What went wrong, in words of our own: those of others might tell more than is meant for a page."""
        if isinstance(error, UserError):
            return str(error)
        if getattr(getattr(error, "response", None), "status_code", None) in REFUSALS:
            return N_(
                "The Hub refuses {repository} to this server's token: see {token} and {variable}.",
                repository=self.repository,
                token=HUB_TOKEN,
                variable=REPOSITORY,
            )
        reason = getattr(error, "strerror", None) or type(error).__name__
        return N_("The Hub could not be reached, or the disk failed ({reason}).", reason=reason)


def repository() -> str | None:
    """The repository that the operator has named, or None."""
    return Settings.read().mirror


def start(store: Store) -> Mirror | None:
    """Have a thread of this process keep the mirror, where one is named; see ``Mirror.watch``."""
    name = repository()
    if name is None:
        return None
    from huggingface_hub import HfApi  # takes its time, which other servers need not spend
    from huggingface_hub.utils import disable_progress_bars

    disable_progress_bars()
    mirror = Mirror(store, name, HfApi(token=os.environ.get(HUB_TOKEN) or False))
    threading.Thread(target=mirror.watch, daemon=True, name="mirror").start()
    return mirror


def forget(store: Store, run_id: str) -> None:
    """Note that a run was deleted: its copy goes as well, as soon as the Hub can be reached, and is not brought back."""
    if repository() is not None:
        note = _note(store, run_id)
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()


def _note(store: Store, run_id: str) -> Path:
    return store.root / NOTES / run_id
