"""A stand-in for the Hugging Face Hub, whose calls are checked against those of the real client."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

from huggingface_hub import HfApi
from huggingface_hub.hf_api import RepoFile, RepoFolder

REPOSITORY, TOKEN = "someone/runs", "hf_secretsecretsecret"


class Hub:
    """One repository: its files by path, whether it is private, and what was uploaded, in order.

    ``failing``: an error for every call; ``api`` is what a client is given.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {".gitattributes": b""}
        self.private: bool | None = None  # not made yet
        self.uploads: list[str] = []
        self.failing: Exception | None = None
        self.api: Any = create_autospec(HfApi, instance=True, token=TOKEN)
        for call in ("create_repo", "dataset_info", "list_repo_tree", "get_paths_info", "hf_hub_download"):
            getattr(self.api, call).side_effect = getattr(self, call)
        self.api.upload_file.side_effect = self.upload_file
        self.api.delete_file.side_effect = self.delete_file

    def _answer(self, repository: str, repo_type: str = "dataset") -> None:
        if self.failing is not None:
            raise self.failing
        assert (repository, repo_type) == (REPOSITORY, "dataset")

    def create_repo(self, repository: str, *, repo_type: str, private: bool, exist_ok: bool) -> None:
        self._answer(repository, repo_type)
        assert exist_ok
        self.private = private if self.private is None else self.private

    def dataset_info(self, repository: str) -> Any:
        self._answer(repository)
        return type("DatasetInfo", (), {"private": self.private})

    def list_repo_tree(self, repository: str, *, repo_type: str) -> Iterator[RepoFile | RepoFolder]:
        self._answer(repository, repo_type)
        yield RepoFolder(path="a-folder.zip", oid="")
        for path, data in self.files.items():
            yield RepoFile(path=path, size=len(data), oid="")

    def get_paths_info(self, repository: str, path: str, *, repo_type: str) -> list[str]:
        self._answer(repository, repo_type)
        return [path] if path in self.files else []

    def hf_hub_download(self, repository: str, path: str, *, repo_type: str, local_dir: str) -> str:
        self._answer(repository, repo_type)
        file = Path(local_dir, path)
        file.write_bytes(self.files[path])
        return str(file)

    def upload_file(
        self, *, path_or_fileobj: Path, path_in_repo: str, repo_id: str, repo_type: str, commit_message: str
    ) -> None:
        self._answer(repo_id, repo_type)
        self.files[path_in_repo] = path_or_fileobj.read_bytes()
        self.uploads.append(path_in_repo)

    def delete_file(self, path: str, repository: str, *, repo_type: str, commit_message: str) -> None:
        self._answer(repository, repo_type)
        del self.files[path]


def lose_disk(root: Path) -> None:
    """What happens to a container without a disk when it is restarted."""
    shutil.rmtree(root)
