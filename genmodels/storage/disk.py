"""What kind of disk a folder is on."""

from pathlib import Path

import psutil

# Those that no other machine has mounted too. What is not named counts as a network's: files are shared by many kinds.
LOCAL = frozenset(
    (
        "ext2",
        "ext3",
        "ext4",
        "xfs",
        "btrfs",
        "bcachefs",
        "zfs",
        "f2fs",
        "jfs",
        "tmpfs",
        "ramfs",
        "overlay",
        "apfs",
        "hfs",
    )
)


def file_system(folder: Path) -> str:
    """The kind of file system that ``folder`` is on, such as "ext4" or "nfs4"; empty where the system does not tell."""
    here, kind, depth = folder.resolve(), "", -1
    try:
        mounts = psutil.disk_partitions(all=True)
    except OSError:
        return ""
    for mount in mounts:
        point = Path(mount.mountpoint)
        # Of several on one folder, the last hides the others.
        if here.is_relative_to(point) and len(point.parts) >= depth:
            kind, depth = mount.fstype, len(point.parts)
    return kind


def is_local(folder: Path) -> bool:
    """Whether ``folder`` is known to be on a disk of this machine alone."""
    return file_system(folder) in LOCAL
