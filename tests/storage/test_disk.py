"""What kind of disk a folder is on, by a pretended list of mounts."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from genmodels.storage.disk import file_system, is_local


@pytest.fixture
def mounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with others in it, each of another kind."""
    kinds = [("", "ext4"), ("shared", "autofs"), ("shared", "nfs4"), ("shared/fast", "xfs"), ("mine", "fuse.sshfs")]
    partitions = [SimpleNamespace(mountpoint="/", fstype="overlay")]
    for name, kind in kinds:
        (tmp_path / name).mkdir(exist_ok=True)
        partitions.append(SimpleNamespace(mountpoint=str(tmp_path / name), fstype=kind))
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: partitions)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "kind", "local"),
    [
        ("", "ext4", True),
        ("sharedthing", "ext4", True),
        ("shared/runs", "nfs4", False),
        ("shared/fast/runs", "xfs", True),
        ("mine", "fuse.sshfs", False),
    ],
)
def test_a_folder_is_of_the_kind_of_the_deepest_mount_above_it(mounts: Path, name: str, kind: str, local: bool):
    assert (file_system(mounts / name), is_local(mounts / name)) == (kind, local)


def test_a_link_counts_as_where_it_leads(mounts: Path):
    (mounts / "link").symlink_to(mounts / "shared")
    assert file_system(mounts / "link") == "nfs4"


def test_what_the_system_does_not_tell_is_not_taken_for_a_disk_of_this_machine(monkeypatch: pytest.MonkeyPatch):
    def fail(all: bool) -> None:
        raise FileNotFoundError("/etc/mtab")

    monkeypatch.setattr(psutil, "disk_partitions", fail)
    assert (file_system(Path("/")), is_local(Path("/"))) == ("", False)
