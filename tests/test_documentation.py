"""The documents name what there is: options, commands, variables, pages, benchmarks, files and scores, all of them and no others."""

import ast
import json
import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.__main__ import MODELS, PARTS
from benchmarks.__main__ import parse as parse_benchmarks
from genmodels.cli.train import parse
from genmodels.config.reference import reference
from genmodels.errors import UserError
from genmodels.export import portable, pretrain
from genmodels.gpu_check.main import parse as parse_gpu_check
from genmodels.gpu_check.points import POINTS
from genmodels.jobs.queue import LOCK_VARIABLE
from genmodels.metrics import evaluate
from genmodels.settings import Access, Limits, Settings
from genmodels.storage.paths import PRETRAINED, PROJECT

README = PROJECT / "README.md"
DOCUMENTS = [README, PROJECT / "CONTRIBUTING.md", *sorted((PROJECT / "docs").glob("*.md"))]
TEXT = {document.relative_to(PROJECT).as_posix(): document.read_text() for document in DOCUMENTS}
EVERYTHING = "\n".join(TEXT.values())
SETUP = ("Makefile", "Dockerfile", ".github/workflows/ci.yml", ".pre-commit-config.yaml", ".ci/run")

CODE = [path for folder in ("genmodels", "deploy", "pages") for path in sorted((PROJECT / folder).rglob("*.py"))]
CODE += [PROJECT / "train.py", PROJECT / "streamlit_app.py"]
FOLDERS = "genmodels|pages|benchmarks|deploy|docs|explanations|checkpoints|tests"
EXAMPLE = {"autoencoder"}  # the family of docs/add-a-family.md, which is not there


def strings(paths: list[Path]) -> set[str]:
    """Every string constant in the code."""
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text())))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def commands(program: str) -> list[str]:
    """What follows ``program`` in the lines of shell code, without their comments."""
    lines = re.findall(rf"^ {{4}}.*?{re.escape(program)}(.*)$", EVERYTHING, re.MULTILINE)
    return [shlex.join(shlex.split(line, comments=True)) for line in lines]


def test_the_options_are_those_of_the_configs():
    assert TEXT["docs/options.md"] == reference(), "python -m genmodels.config.reference > docs/options.md"


@pytest.mark.parametrize("line", [line for line in commands("train.py ") if not EXAMPLE & {*line.split()}])
def test_command_lines_of_training_are_understood(line: str):
    if line.endswith(" --help"):
        with pytest.raises(SystemExit, match=r"^0$"):
            parse(shlex.split(line))
    else:
        parse(shlex.split(line.removesuffix(" ...")))  # leaves with a sentence where it does not understand


@pytest.mark.parametrize("line", commands("-m benchmarks"))
def test_command_lines_of_benchmarks_are_understood(line: str):
    assert parse_benchmarks(shlex.split(line)).part


@pytest.mark.parametrize("line", [*commands("-m genmodels.gpu_check"), *commands("genmodels gpu-check")])
def test_command_lines_of_the_gpu_check_are_understood(line: str):
    assert parse_gpu_check(shlex.split(line), "gpu-check").minutes == 8


def test_points_of_the_gpu_check_are_those_of_the_command():
    named = re.findall(r"^- `([\w-]+)`: ", TEXT["docs/speed.md"], re.MULTILINE)
    assert named == [*dict.fromkeys(name.partition("-")[0] for name in POINTS)]


OF_MODULES = {
    "-m genmodels.metrics.evaluate": evaluate,
    "genmodels evaluate": evaluate,
    "-m genmodels.export.pretrain": pretrain,
    "genmodels pretrain": pretrain,
    "genmodels export": portable,
}


@pytest.mark.parametrize(
    ("program", "line"), [(program, line) for program in OF_MODULES for line in dict.fromkeys(commands(program))]
)
def test_command_lines_of_models_are_understood_up_to_the_model(
    program: str, line: str, monkeypatch: pytest.MonkeyPatch
):
    """Each comes as far as to look for the model, of which ``NAME`` and ``RUN`` are none."""
    asked: list[str] = []

    def look(name: str, *others: object) -> None:
        asked.append(name)
        raise UserError("that far")

    monkeypatch.setattr(OF_MODULES[program], "load_model", look)
    with pytest.raises(SystemExit, match=r"that far$"):
        OF_MODULES[program].main(shlex.split(line))
    assert asked == [shlex.split(line)[0]]


def test_flags_in_the_text_exist():
    known = {flag for flag in strings([*CODE, *(PROJECT / "benchmarks").glob("*.py")]) if flag.startswith("--")}
    known |= {*re.findall(r"`(--[a-z0-9-]+)", reference())}
    named = {flag for text in re.findall(r"`(--[^`]+)`", EVERYTHING) for flag in re.findall(r"(--[a-z0-9-]+)", text)}
    assert named <= known | {"--numprocesses"}


def test_environment_variables_are_those_that_the_code_reads():
    tests = sorted((PROJECT / "tests").rglob("*.py"))
    read = {name for group in (Settings, Access, Limits) for name in group.by_variable()} | {LOCK_VARIABLE}
    read |= {name for name in strings(tests) if re.fullmatch(r"GENMODELS_TEST_[A-Z_]+", name)}
    assert {*re.findall(r"GENMODELS_[A-Z_]+", EVERYTHING)} == read


def test_pages_are_those_of_the_app():
    named = {*re.findall(r"`pages/(\w+)\.py`", TEXT["README.md"])}
    assert named == {path.stem for path in (PROJECT / "pages").glob("*.py")}


def test_benchmarks_are_those_of_the_command():
    table = re.findall(r"^\| (`.*?) \|", TEXT["docs/speed.md"], re.MULTILINE)
    assert {name for cell in table for name in re.findall(r"`([\w-]+)`", cell)} == {*PARTS}
    used = {word for line in commands("-m benchmarks") for word in line.split() if not word.startswith("--")}
    assert used <= {*PARTS, *MODELS, "models"}


@pytest.mark.parametrize("document", TEXT)
def test_links_lead_to_files(document: str):
    prose = re.sub(r"^```.*?^```$", "", TEXT[document], flags=re.MULTILINE | re.DOTALL)
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", prose)
    relative = [link for link in links if "://" not in link]
    assert [link for link in relative if not (PROJECT / document).parent.joinpath(link).exists()] == []


@pytest.mark.parametrize("document", TEXT)
def test_paths_in_the_text_exist(document: str):
    named = {*re.findall(rf"(?<![\w/.-])(?:{FOLDERS})/[\w./-]*\w", TEXT[document])}
    named = {path for path in named if not EXAMPLE & {Path(path).stem} and not re.search(r"/[A-Z]+$", path)}
    assert [path for path in sorted(named) if not (PROJECT / path).exists()] == []


def test_modules_that_are_run_exist():
    named = {*re.findall(r"python -m ((?:genmodels|benchmarks)[\w.]*)", EVERYTHING)}
    assert named
    assert [module for module in sorted(named) if find_spec(module) is None] == []


def test_targets_of_make_exist():
    targets = {*re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.MULTILINE)}
    texts = [EVERYTHING, *((PROJECT / name).read_text() for name in SETUP if name != "Makefile")]
    named = {*re.findall(r"(?:^ {4}|`|run: |entry: )make ([a-z]+)", "\n".join(texts), re.MULTILINE)}
    assert {"app", "test", "lint"} <= named <= targets


def test_the_scores_are_those_of_the_cards():
    rows = re.findall(r"^\| `([\w-]+)` \|[^|]*\| `(\w+)` \| ([\d.]+)( %)?", TEXT["README.md"], re.MULTILINE)
    assert len(rows) >= 8
    for name, key, shown, percent in rows:
        score = json.loads((PRETRAINED / name / "card.json").read_text())["scores"][key]
        decimals = len(shown.partition(".")[2])
        assert float(shown) == pytest.approx(score * (100 if percent else 1), abs=0.5 * 10**-decimals), (name, key)


def test_the_readme_is_short_enough_to_be_read():
    assert len(TEXT["README.md"].splitlines()) <= 150
