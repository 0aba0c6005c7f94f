"""What this machine has, and whether the package runs on it. Free of torch, which a page does without."""

import ctypes
import os
import platform
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

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


@cache
def has_gpu_driver() -> bool:
    """Whether the library of CUDA's driver is here, or the device of AMD's, whose GPUs torch calls "cuda" too.

    It is loaded and not begun with, so no card is held.
    """
    with suppress(OSError):
        return bool(ctypes.CDLL("libcuda.so.1"))
    return Path("/dev/kfd").exists()


def without_gpus() -> bool:
    """Whether Accelerate's variable turns GPUs off, for the device "auto"."""
    return os.environ.get("ACCELERATE_USE_CPU", "").lower() in ("1", "true", "yes", "on")


def node() -> str:
    """What this machine, or container, is called in its network."""
    return "_".join(platform.node().split()) or "localhost"


@cache
def kernel() -> str:
    """Tells this machine, since it was started, from any other of its name; the containers on it share it.

    Where the kernel has no such number, as on macOS, it is the name alone.
    """
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return node()


@cache
def process_numbers() -> str:
    """Tells within what a process's number means this process, and no other: each container counts its own from 1."""
    try:
        return os.readlink("/proc/self/ns/pid")
    except OSError:  # macOS, which has no containers
        return "all"
