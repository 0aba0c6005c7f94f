"""The package as a user gets it: built, and installed into an environment of its own."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

from genmodels.storage.paths import PROJECT


def build(folder: Path) -> Path:
    """The wheel, made in ``folder``."""
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder), cwd=PROJECT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Path:
    """A new environment in ``folder`` that has the wheel, and the other packages of the one that runs the tests; its programs."""
    venv.create(folder, with_pip=False, symlinks=os.name != "nt")
    programs, packages = (
        Path(sysconfig.get_path(name, "venv", {"base": str(folder), "platbase": str(folder)}))
        for name in ("scripts", "purelib")
    )
    options = ["--no-deps", "--no-index", "--no-compile", "--disable-pip-version-check", "--quiet"]
    run(sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", *options, str(wheel))
    (packages / "tests.pth").write_text(sysconfig.get_path("purelib"))
    return programs


def run(*command: str, cwd: Path | None = None, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run to the end without the checkout on Python's path, and capture what is printed."""
    done = subprocess.run(command, cwd=cwd, env=environment(), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done


def environment() -> dict[str, str]:
    """This process's, without ways to the checkout."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
