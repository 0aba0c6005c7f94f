"""How each command of the documents is run here: within this process where it is a program of this project, with the shortest settings
that there are, or as a process of its own; or by which other test."""

import importlib
import runpy
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import submitit
from accelerate.state import AcceleratorState
from huggingface_hub import HfApi

from benchmarks.__main__ import PARTS
from genmodels.config.families import VAEConfig
from genmodels.export.report.choice import section_titles
from genmodels.jobs import queue
from genmodels.runs.store import Run, Store
from genmodels.storage.paths import PROJECT
from tests.browser.serving import serve_by

SHORT = {
    "dataset": "mnist",
    "epochs": 1,
    "width": 4,
    "latent_dim": 2,
    "check_every": 0,
    "preview_every": 0,
    "device": "cpu",
}
TINY = VAEConfig.model_validate(SHORT | {"hidden": 16})


def here(*words: str) -> None:
    """Run a program of this project as `python` would."""
    AcceleratorState._reset_state()
    code: object = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", [*words[1:]] if words[0] == "-m" else [*words])
        try:
            if words[0] == "-m":
                runpy.run_module(words[1], run_name="__main__", alter_sys=True)
            else:
                runpy.run_path(str(PROJECT / words[0]), run_name="__main__")
        except SystemExit as left:
            code = left.code
    assert not code, code


def elsewhere(*words: str) -> None:
    """Run a program in a process of its own."""
    done = subprocess.run(words, cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr


def program(name: str) -> str:
    """One that lies beside this Python."""
    return str(Path(sys.executable).with_name(name))


# What is done with the words of a command, which begin where its pattern ends.


def train(*words: str) -> None:
    """With the shortest settings that its family has."""
    here("train.py", *words, *short(words[0]))
    assert newest().state == "finished"


def newest() -> Run:
    return Store().runs()[0]


def trained() -> str:
    """The id of a run that a process has trained which has left, and with it the lock of the device."""
    train("vae")
    (of_the_cpu,) = (Store().root / "locks").glob("cpu@*.lock")
    of_the_cpu.unlink()
    return newest().id


def short(family: str) -> list[str]:
    values = {
        name: value
        for name, value in SHORT.items()
        if name != "latent_dim" or family not in ("classifier", "flow", "latent_flow")
    }
    values |= {"hidden": 16} if family in ("vae", "infogan") else {}
    return [word for name, value in values.items() for word in (f"--{name.replace('_', '-')}", str(value))]


def launch(launcher: str) -> Callable[..., None]:
    def launched(*words: str) -> None:
        elsewhere(program(launcher), *words, *short("vae"))
        assert newest().state == "finished"

    return launched


def resume(*words: str) -> None:
    """A run that has not begun."""
    run = queue.create(Store(), TINY)
    here("train.py", "--resume", run.id)
    assert newest().state == "finished"


def begin(*words: str) -> None:
    """With the weights of a run of the same settings."""
    parent = trained()
    train("vae", "--from", parent)
    assert newest().parent == parent


def reproduce(*words: str) -> None:
    """One of seconds in the place of a pretrained model."""
    here("train.py", "--reproduce", trained())
    assert len(Store().runs()) == 2


def of_module(module: str) -> Callable[..., None]:
    return lambda *words: here("-m", module, *words)


def pretrain(*words: str) -> None:
    here("-m", "genmodels.export.pretrain", trained(), "folder")
    assert Path("folder/card.json").is_file()


def hand_in(*words: str) -> None:
    """Of one section, which needs no model."""
    left_out = [key for key in section_titles() if key != "noise"]
    kept = words[: words.index("--without")] if "--without" in words else words
    here("-m", "genmodels", "report", *kept, "--without", *left_out)
    assert Path(words[0]).stat().st_size > 1000


def export(*words: str) -> None:
    here("-m", "genmodels.export.portable", *words)
    assert Path("folder/model.onnx").is_file()


def serve(*words: str) -> None:
    """On a port that is free."""
    with serve_by([sys.executable, "-m", "genmodels", "app", *words], PROJECT) as server:
        assert urllib.request.urlopen(server.url).status == 200


def measure(*words: str) -> None:
    """Each part is stood in for by one that takes no time."""
    with pytest.MonkeyPatch.context() as patch:
        for part in {*PARTS.values()}:
            patch.setattr(importlib.import_module(f"benchmarks.{part}"), "measure", lambda *arguments: {"speed": 1.0})
        here("-m", "benchmarks", *words)


def check(*words: str) -> None:
    """On the CPU, of one family."""
    shorter = [word for word in words if word not in ("--only", "step")]
    here("-m", "genmodels.gpu_check", *shorter, "--only", "step-classifier", "--device", "cpu", "--quick")


def push(*words: str) -> None:
    """To a Hub that is none."""
    asked: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_TOKEN", "...")
        patch.setattr(HfApi, "create_repo", lambda api, name, **options: asked.append(name))
        patch.setattr(HfApi, "upload_folder", lambda api, **options: asked.append(options["repo_id"]))
        here("deploy/space.py", *words)
    assert asked == ["OWNER/NAME"] * 2


def submit(*words: str) -> None:
    """To a cluster that is none."""
    asked: list[Any] = []

    class Executor:
        def __init__(self, **options: Any) -> None: ...

        def update_parameters(self, **options: Any) -> None:
            asked.append(options["slurm_partition"])

        def submit(self, *arguments: Any) -> SimpleNamespace:
            asked.extend(arguments[1:])
            return SimpleNamespace(job_id="1", paths=SimpleNamespace(stdout="log"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(submitit, "AutoExecutor", Executor)
        here("deploy/slurm.py", *words)
    assert asked == ["gpu", ["dcgan", "--dataset", "mnist", "--epochs", "50"], 8]


def collect(*words: str) -> None:
    """Tests are found, and not run, in a file that loads fast."""
    files = [word for word in words if word.endswith(".py")]
    assert all((PROJECT / file).is_file() for file in files)
    options = [word for word in words if word not in files]
    elsewhere(sys.executable, "-m", "pytest", *options, "tests/config/test_reference.py", "--collect-only")


def install(*words: str) -> None:
    """Without what it needs, into a folder of its own."""
    elsewhere(
        program("pip"),
        "install",
        str(PROJECT),
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
        "--target",
        str(Path("folder").absolute()),
    )


# How each is run, by what it begins with, or what else tests it.
WAYS: dict[str, Callable[..., None] | str] = {
    "python train.py autoencoder": "tests/models/test_new_family.py",
    "python train.py --resume": resume,
    "python train.py --reproduce": reproduce,
    "python train.py vae --beta 4 --from": begin,
    "python train.py vae --help": lambda: here("train.py", "vae", "--help"),
    "python train.py": train,
    "genmodels train": train,
    "accelerate launch --num_machines 2": "docs/scaling.md, for it needs a second machine",
    "accelerate launch --num_processes 4": "README.md, which has it for two GPUs",
    "accelerate": launch("accelerate"),
    "torchrun": launch("torchrun"),
    "genmodels app": serve,
    "genmodels evaluate": of_module("genmodels.metrics.evaluate"),
    "python -m genmodels.metrics.evaluate": of_module("genmodels.metrics.evaluate"),
    "genmodels export vae-mnist --web": "tests/browser/test_web_page.py, which opens what it writes",
    "genmodels export": export,
    "python -m genmodels.export.portable": export,
    "genmodels pretrain": pretrain,
    "genmodels sweep": "tests/cli/test_sweep.py",
    "python -m genmodels sweep": "tests/cli/test_sweep.py",
    "genmodels report --help": lambda: here("-m", "genmodels", "report", "--help"),
    "genmodels report": hand_in,
    "python -m genmodels.export.pretrain": pretrain,
    "python -m genmodels.config.reference > docs/options.md": lambda: here("-m", "genmodels.config.reference"),
    "genmodels gpu-check": check,
    "python -m genmodels.gpu_check": check,
    "python -m benchmarks.experiments": "tests/benchmarks/test_experiments.py",
    "python -m benchmarks.health": "tests/benchmarks/test_health.py",
    "python -m benchmarks": measure,
    "HF_TOKEN=... python deploy/space.py OWNER/NAME --static": "tests/test_deploy.py, with a gallery that is written in no time",
    "HF_TOKEN=... python deploy/space.py": push,
    "python deploy/slurm.py": submit,
    ".venv/bin/python -m pytest": collect,
    "make": lambda *words: elsewhere("make", "--dry-run", *words),
    "pip install .": install,
    "docker": ".github/workflows/ci.yml, which builds the image and asks it for a page",
    "STREAMLIT_SERVER": "tests/browser/test_proxy.py",
}
