"""The check in an environment that has torch, numpy, pydantic, safetensors, accelerate and babel, what these need, and nothing else."""

import json
import os
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from genmodels.storage.paths import PROJECT
from tests.support.environment import only

PACKAGES = ["torch", "numpy", "pydantic", "safetensors", "accelerate", "babel"]
# Each way that something is computed, and each kind of process that is started, once: what a kill takes, `repeat` does for
# every family, and `speed-dcgan` for another one.
POINTS = ["step", "move", "kill", "memory", "queue", "speed-vae"]


@pytest.mark.exhaustive
@pytest.mark.slow
def test_every_point_does_its_work_without_any_other_package(tmp_path: Path):
    done = subprocess.run(
        [_python(tmp_path), "-m", "genmodels.gpu_check", "--device", "cpu", "--quick", "--json", *_only(POINTS)],
        cwd=PROJECT,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        text=True,
        timeout=500,
    )
    rows = json.loads(done.stdout)["rows"]
    assert (done.returncode, [row for row in rows if row["state"] == "failed"]) == (0, []), done.stderr
    skipped = {(row["point"], row["what"]) for row in rows if row["state"] == "skipped"}
    assert skipped == {("memory", "out of memory"), ("speed-vae", "TF32"), ("speed-vae", "TF32, compiled")}
    assert {row["point"] for row in rows} >= {"step-infogan", "move", "kill", "queue", "speed-vae"}


def _python(folder: Path) -> Path:
    """Of an environment in ``folder``, whose processes find these packages alone."""
    venv.create(folder / "environment", with_pip=False)
    scripts, packages = (
        Path(sysconfig.get_path(name, "venv", {"base": str(folder / "environment")})) for name in ("scripts", "purelib")
    )
    only(PACKAGES, folder / "packages")
    (packages / "packages.pth").write_text(str(folder / "packages"))
    return scripts / "python"


def _only(points: list[str]) -> list[str]:
    return [word for point in points for word in ("--only", point)]
