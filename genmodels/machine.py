"""What this machine has, and whether the package runs on it. Free of torch, which a page does without."""

import os
import platform
import sys

WINDOWS = "Generative Models Lab runs on Linux and macOS: on Windows, run it in WSL2 or with Docker."


def refuse_windows() -> None:
    """Leave with one sentence on Windows, whose processes can neither lock files nor hand them on as the runs need it."""
    if sys.platform == "win32":
        sys.exit(WINDOWS)


def cores() -> int:
    """The processor cores that this process may use; macOS has no affinity that would tell fewer than all."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def has_mps() -> bool:
    """Whether this is a Mac with Apple silicon, on whose GPU torch computes as the device "mps"."""
    return platform.system() == "Darwin" and platform.machine() == "arm64"
