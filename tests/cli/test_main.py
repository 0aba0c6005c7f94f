"""The command `genmodels`: what it lists, and one line for each mistake."""

import re
import shlex
import subprocess
import sys
from importlib import import_module

import pytest

import genmodels
from genmodels.cli.main import COMMANDS, main


def test_the_help_lists_every_command(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    for name, command in COMMANDS.items():
        assert f"  {name} " in told
        assert command.help in told


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_help_of_its_own(name: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])
    assert left.value.code == 0
    told = capsys.readouterr().out
    assert told.startswith(f"usage: genmodels {name} ")
    for line in told.partition("\n\n")[2].splitlines():
        if line.startswith(("  -", "  RUN", "  MODEL", "  FOLDER", "  FAMILY")):
            assert re.fullmatch(r"  \S.*?  +\S.*", line), f"not explained: {line}"


def test_it_tells_its_version(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert (left.value.code, capsys.readouterr().out) == (0, f"genmodels {genmodels.__version__}\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("", "genmodels: choose a command (app, train, "),
        ("trian", "genmodels: argument COMMAND: invalid choice: 'trian'"),
        ("--epochs 3", "genmodels: "),
        ("train vae --epochs 0", "genmodels train: epochs must be 1 to 2,000 epochs, not '0'."),
        ("train", "genmodels train: choose a family"),
        ("train --resume no-such-run", "genmodels train: There is no run no-such-run in "),
        ("evaluate no-such-thing", "genmodels evaluate: There is no run and no checkpoint no-such-thing: "),
        ("evaluate", "genmodels evaluate: the following arguments are required: MODEL"),
        ("export vae-mnist", "genmodels export: give a folder for the files (genmodels export MODEL FOLDER)"),
        ("export vae-mnist --web ''", "genmodels export: argument --web: it is empty: name a folder"),
        ("export classifier-mnist folder", "genmodels export: classifier-mnist judges images"),
        ("pretrain no-such-run folder", "genmodels pretrain: There is no run "),
        ("app --no-such-option", "genmodels app: No such option '--no-such-option'."),
        ("app --server.port many", "genmodels app: Invalid value for '--server.port'"),
    ],
)
def test_a_mistake_gets_one_line(arguments: str, told: str):
    with pytest.raises(SystemExit) as left:
        main(shlex.split(arguments))
    assert isinstance(left.value.code, str)
    assert left.value.code.startswith(told)
    assert "\n" not in left.value.code


def test_the_status_of_a_command_is_that_of_the_process(monkeypatch: pytest.MonkeyPatch):
    module = import_module(COMMANDS["train"].module)
    monkeypatch.setattr(module, "main", lambda arguments, prog: len(arguments))
    assert main(["train", "a", "b"]) == 2


def test_the_help_loads_neither_torch_nor_streamlit():
    code = (
        "import sys\nfrom genmodels.cli.main import main\ntry: main(['--help'])\n"
        "finally: assert not {'torch', 'streamlit'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
