"""The command line: one line for each mistake, and a command that gives its config back."""

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from genmodels.cli import train
from genmodels.config.command_line import command_line
from genmodels.config.families import FAMILIES, VAEConfig
from genmodels.config.wording import allowed
from genmodels.storage.paths import PROJECT


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ("vae --epochs 0", ["epochs", "1 to 2,000"]),
        ("vae --epochs many", ["epochs", "1 to 2,000"]),
        ("vae --image-size 48", ["image_size", "28, 32, 64"]),
        ("vae --channels 2", ["channels", "1, 3"]),
        ("vae --learning-rate nan", ["learning_rate", "above 0, at most 1"]),
        ("vae --dataset imagenet", ["dataset", "mnist-sample, mnist, fashion-mnist"]),
        ("vae --device tpu", ["device", "auto, cpu, cuda"]),
        ("vae --device mps --precision bf16", ["precision: must be fp32 on the device mps"]),
        ("vae --device mps --compile on", ["compile: must be auto or off on the device mps"]),
        ("vae --dataset folder", ["folder", "give the path"]),
        ("vae --epochs 0 --beta -1", ["epochs", "1 to 2,000", "beta", "0 to 100"]),
        ("vae --epochs", ["--epochs", "expected one argument"]),
        ("vae --epoch 3", ["--epoch", "unrecognized"]),
        ("vae --binarise", ["--binarise", "unrecognized"]),
        ("vae --binarize=yes", ["--binarize"]),
        ("vae extra", ["extra", "unrecognized"]),
        ("", ["choose a family", *FAMILIES, "--resume"]),
        ("--epochs 3", ["FAMILY", *FAMILIES]),
        ("gan-zoo", ["gan-zoo", *FAMILIES]),
        ("--resume", ["--resume", "expected one argument"]),
        ("--resume some-run vae --epochs 3", ["--resume", "takes no others"]),
        ("--reproduce some-run vae", ["--reproduce", "takes no others"]),
        ("--resume some-run --device cpu", ["takes no others: python train.py --resume some-run"]),
        ("vae --resume some-run", ["takes no others: python train.py --resume some-run"]),
        ("vae --epochs 3 --reproduce some-run", ["takes no others: python train.py --reproduce some-run"]),
        ("--reproduce some-run --resume some-run", ["--resume", "not allowed with"]),
        ("--reproduce some-run", ["no run some-run", "no pretrained model"]),
    ],
)
def test_a_mistake_gets_one_line_that_names_the_field_and_what_it_takes(arguments: str, parts: list[str]):
    with pytest.raises(SystemExit) as caught:
        train.parse(arguments.split())
    line = caught.value.code  # a text as exit code is printed, and the exit code is 1 then
    assert isinstance(line, str)
    assert line.startswith("train.py: ")
    assert "\n" not in line
    for part in parts:
        assert part in line


def test_the_mistake_is_all_that_the_process_prints():
    done = subprocess.run(
        [sys.executable, "train.py", "vae", "--epochs", "0"], cwd=PROJECT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr == "train.py: epochs must be 1 to 2,000 epochs, not '0'.\n"


def test_an_unknown_run_is_refused_in_one_line(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "argv", ["train.py", "--resume", "no-such-run"])
    with pytest.raises(SystemExit) as caught:
        train.main()
    assert caught.value.code == f"train.py: There is no run no-such-run in {home}."


def test_a_home_that_cannot_be_made_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("GENMODELS_HOME", str(tmp_path / "file" / "home"))
    with pytest.raises(SystemExit, match=r"^train\.py: .*Not a directory") as caught:
        train.main(["vae"])
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("family", "config"), FAMILIES.items())
def test_the_help_tells_every_option_with_what_it_takes(
    family: str, config: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "10000")
    with pytest.raises(SystemExit) as caught:
        train.parse([family, "--help"])
    assert caught.value.code == 0
    told = capsys.readouterr().out
    for name, field in config.options().items():
        if name != "family":
            assert f"--{name.replace('_', '-')}" in told
            assert told.count(str(field.description)) == 1
            if field.annotation not in (str, bool):
                assert f"[{allowed(field)}; default {field.default}]" in told


def test_the_help_of_a_text_says_once_what_it_means_and_of_a_switch_whether_it_is_on(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COLUMNS", "10000")
    with pytest.raises(SystemExit):
        train.parse(["vae", "--help"])
    told = capsys.readouterr().out
    assert "(or val) the splits. Only with --dataset folder.\n" in told
    assert told.count("auto, cpu, cuda, cuda:N") == 1
    assert "repeat bit for bit; slower on CUDA. [default no]\n" in told


@pytest.mark.parametrize("prog", ["train.py", "genmodels train"])
def test_the_examples_are_explained_in_one_column(prog: str, capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        train.parse(["--help"], prog)
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("    ") and prog in line]
    assert len(lines) == len(train.EXAMPLES)
    assert len({line.index(does) for line, does in zip(lines, train.EXAMPLES.values(), strict=True)}) == 1


def test_the_values_arrive_with_their_types():
    arguments = (
        "vae --dataset fashion-mnist --image-size 32 --channels 3 --learning-rate 3e-4 --no-binarize --deterministic"
    )
    config = VAEConfig(
        dataset="fashion-mnist", image_size=32, channels=3, learning_rate=3e-4, binarize=False, deterministic=True
    )
    assert train.parse(arguments.split()) == train.Wish(config)


def test_a_run_to_resume_is_passed_on():
    assert train.parse(["--resume", "vae-1"]) == train.Wish(resume="vae-1")


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"epochs": 3, "latent_dim": 2, "image_size": 64, "channels": 3},
        {"binarize": False, "deterministic": True},
        {"learning_rate": 1e-5, "ema_decay": 0.0, "beta": 1 / 3, "preview_every": 0},
        {"kl_estimator": "closed-form", "schedule": "constant", "device": "cuda:1", "seed": 2**31 - 1},
        {"dataset": "folder", "folder": "my pictures/of cats"},
        {"dataset": "folder", "folder": 'it\'s; echo $HOME `ls` "& more" 100% #1'},
        {"dataset": "folder", "folder": "--odd name"},
        {"dataset": "folder", "folder": "猫"},
    ],
)
def test_a_command_pasted_into_a_shell_gives_the_same_config(options: dict[str, Any]):
    config = VAEConfig(**options)
    command = command_line(config)
    assert "\n" not in command
    python, script, *arguments = shlex.split(command)
    assert (python, script) == ("python", "train.py")
    assert train.parse(arguments) == train.Wish(config)


def test_the_command_is_the_shortest_one():
    assert command_line(VAEConfig()) == "python train.py vae"
    assert command_line(VAEConfig(epochs=3, binarize=False)) == "python train.py vae --epochs 3 --no-binarize"
