"""The installed package: all that a user needs is in the wheel, wherever it is used from."""

import re
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from genmodels.config import command_line
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.support.tiers import some
from tests.support.wheel import build, install, run

NAMES = ["LoadError", "Store", "Trained", "UserError", "__version__", "evaluate", "load", "pretrained_models"]
TINY = "vae --epochs 1 --batch-size 500 --width 4 --hidden 16 --preview-every 0 --device cpu --processes 2"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def programs(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of python and genmodels in an environment with the wheel."""
    return install(wheel, tmp_path_factory.mktemp("environment"))


def test_every_pinned_package_is_required_in_a_range_that_has_the_pin():
    pinned = [Requirement(line) for line in (PROJECT / "requirements.txt").read_text().splitlines() if line[0] != "#"]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    required = {(wanted.name, *wanted.extras): wanted for wanted in map(Requirement, project["dependencies"])}
    assert required.keys() == {(pin.name, *pin.extras) for pin in pinned}
    for pin in pinned:
        (exact,) = pin.specifier
        assert exact.version in required[(pin.name, *pin.extras)].specifier, pin
        assert "<" in str(required[(pin.name, *pin.extras)].specifier), "a range has an end"


def test_the_wheel_has_all_that_is_used_and_nothing_else(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    kinds = {re.sub(r"^genmodels-[\w.]+\.dist-info/", "METADATA/", name) for name in names}
    beside = {name.split("/")[2] for name in names if name.startswith("genmodels/_bundled/")}
    assert {name.split("/")[0] for name in kinds} == {"genmodels", "METADATA"}
    assert beside == {"streamlit_app.py", "train.py", "pages", "explanations", "checkpoints", ".streamlit"}
    assert [name for name in names if "/.streamlit/" in name] == ["genmodels/_bundled/.streamlit/config.toml"]
    assert "METADATA/licenses/LICENSE" in kinds
    for kind in ("*.py", "*.js", "*.css", "*.png", "*.jinja", "*.po", "*.toml"):
        for path in (PROJECT / "genmodels").rglob(kind):
            assert path.relative_to(PROJECT).as_posix() in names
    for folder in ("pages", "explanations", "checkpoints"):
        for path in (PROJECT / folder).rglob("*"):
            if path.is_file() and path.suffix != ".pyc":
                assert f"genmodels/_bundled/{path.relative_to(PROJECT).as_posix()}" in names
    unwanted = re.compile(
        r"(^|/)(tests?|benchmarks|deploy|workspace|dist|__pycache__|\.[a-z_]*cache|secrets\.toml)(/|$)"
    )
    assert not list(filter(unwanted.search, names))
    assert {Path(name).suffix for name in names if name.startswith("genmodels/")} == {
        ".py", ".js", ".css", ".png", ".jinja", ".md", ".toml", ".json", ".csv", ".npy", ".npz", ".safetensors", ".txt", ".po", ".woff2"
    }  # fmt: skip


@pytest.mark.slow
def test_the_package_offers_its_names_alone_and_loads_nothing_for_them(programs: Path, tmp_path: Path):
    code = (
        "import sys, genmodels; print(dir(genmodels), sorted(genmodels.__all__), 'torch' in sys.modules)\n"
        "print([name for name, value in vars(genmodels).items() if not name.startswith('_')\n"
        "       and f'genmodels.{name}' not in sys.modules and name not in genmodels.__all__])\n"
        "from genmodels import *; print(sorted(set(dir()) - {'sys', 'genmodels'} - set(dir(object()))))"
    )
    first, others, second = python(programs, tmp_path, code).splitlines()
    assert first == f"{NAMES} {NAMES} False"
    assert others == "[]", "nor are there others that dir() does not tell"
    assert [name for name in NAMES if f"'{name}'" in second] == NAMES


@pytest.mark.slow
def test_a_pretrained_model_draws_and_is_listed(programs: Path, tmp_path: Path):
    code = (
        "import genmodels\n"
        "model = genmodels.load('vae-mnist')\n"
        "print(isinstance(model, genmodels.Trained), tuple(model.sample(2).shape))\n"
        "print('dcgan-mnist' in [each.name for each in genmodels.pretrained_models()])\n"
        "try: genmodels.load('nothing')\nexcept genmodels.LoadError as e: print(isinstance(e, genmodels.UserError))\n"
        "print(genmodels.Store().runs())"
    )
    assert python(programs, tmp_path, code).splitlines() == ["True (2, 1, 28, 28)", "True", "True", "[]"]


@pytest.mark.slow
def test_runs_are_kept_with_the_users_data_where_no_home_is_named(programs: Path, tmp_path: Path):
    code = (
        "import os, sys; os.access = lambda *ignored: False; os.environ.pop('GENMODELS_HOME')\n"
        "from genmodels.storage.paths import PACKAGE, home; import platformdirs\n"
        "print(home() == platformdirs.user_data_path('genmodels', appauthor=False), PACKAGE in home().parents)"
    )
    assert python(programs, tmp_path, code) == "True False\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("train vae --epochs 0", "genmodels train: epochs must be 1 to 2,000 epochs, not '0'.\n"),
        ("evaluate no-such-thing", "genmodels evaluate: There is no run and no checkpoint no-such-thing: "),
    ],
)
def test_a_mistake_is_all_that_the_command_prints(programs: Path, tmp_path: Path, arguments: str, told: str):
    done = run(str(programs / "genmodels"), *arguments.split(), cwd=tmp_path, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(told)
    assert done.stderr.count("\n") == 1


@pytest.mark.exhaustive
@pytest.mark.slow
def test_the_command_trains_here_in_two_processes_and_keeps_the_run_at_home(programs: Path, tmp_path: Path, home: Path):
    run(str(programs / "genmodels"), "train", *TINY.split(), cwd=tmp_path)
    (trained,) = Store(home).runs()
    assert trained.state == "finished"
    assert trained.command.startswith("genmodels train vae --epochs 1 ")
    assert (home / "runs" / trained.id).is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["home"], "it writes nothing elsewhere"


@pytest.mark.slow
@pytest.mark.parametrize("spare", some(["0", "1"], "1"))
def test_the_app_starts_runs_of_images_that_are_named_from_where_it_was_started(
    programs: Path, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, spare: str
):
    """By the two ways there are: a new process, and one that has loaded torch before."""
    monkeypatch.setenv("GENMODELS_SPARE", spare)
    monkeypatch.setenv("GENMODELS_HOME", "home")
    code = f"""
import time
import numpy as np
from pathlib import Path
from PIL import Image
from genmodels import Store
from genmodels.config.families import VAEConfig
from genmodels.jobs import queue
for index in range(40):
    path = Path("pictures", str(index % 2), f"{{index}}.png")
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.add.outer(np.arange(28), np.arange(28)).astype(np.uint8) + np.uint8(index)).save(path)
config = VAEConfig(dataset="folder", folder="pictures", epochs=1, batch_size=8, width=4, hidden=16, preview_every=0, device="cpu")
if {spare}: queue.SPARE.keep()
run = queue.start(Store(), config)
while run.alive:
    time.sleep(0.1)
    run = Store().get(run.id)
print(run.state, run.error)
"""
    assert python(programs, tmp_path, code) == "finished \n"
    assert [each.state for each in Store(tmp_path / "home").runs()] == ["finished"]


@pytest.mark.slow
def test_no_page_of_the_app_has_an_error(programs: Path, tmp_path: Path):
    code = (
        "from streamlit.testing.v1 import AppTest\n"
        "from genmodels.storage.paths import PROJECT\n"
        "app = AppTest.from_file(str(PROJECT / 'streamlit_app.py'), default_timeout=120).run()\n"
        "for path in sorted((PROJECT / 'pages').glob('*.py')):\n"
        "    page = app.switch_page(f'pages/{path.name}').run()\n"
        "    print('SEEN', page.title[0].value, [each.value for each in (*page.exception, *page.error)])\n"
    )
    seen = [line for line in python(programs, tmp_path, code).splitlines() if line.startswith("SEEN")]
    assert len(seen) == len(list((PROJECT / "pages").glob("*.py")))
    assert not [line for line in seen if not line.endswith(" []")]


def test_a_command_of_a_checkout_is_shown_as_one_types_it_where_the_package_is_installed(
    monkeypatch: pytest.MonkeyPatch,
):
    assert command_line.typed_here("python train.py vae --epochs 2") == "python train.py vae --epochs 2"
    assert command_line.typed_here("genmodels train vae") == "python train.py vae", "it came from an installed one"
    monkeypatch.setattr(command_line, "TRAIN", "genmodels train")
    assert command_line.typed_here("python train.py vae --epochs 2") == "genmodels train vae --epochs 2"
    assert command_line.typed_here("accelerate launch train.py vae") == "accelerate launch train.py vae"


def python(programs: Path, folder: Path, code: str) -> str:
    """What ``code`` prints, run in ``folder`` by the environment's Python."""
    return run(str(programs / "python"), "-c", code, cwd=folder).stdout
