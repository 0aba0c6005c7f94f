"""A trained generator in files that need nothing of this project."""

import io
import json
import re
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from onnx.reference import ReferenceEvaluator
from PIL import Image
from streamlit.testing.v1 import AppTest

import genmodels
from genmodels.config.families import VAEConfig
from genmodels.errors import UserError
from genmodels.export import portable
from genmodels.runs.store import Store
from tests.ui.test_pages import open_page

DRAWN_WITH = {"vae-mnist": 1, "dcgan-mnist": 1, "cgan-mnist": 2, "completion-mnist": 1, "infogan-mnist": 3}  # inputs
ALONE = """
import os, runpy, sys
for folder in sys.argv[1:]:
    os.chdir(folder)
    runpy.run_path("sample.py", run_name="__main__")
sys.exit("genmodels" in sys.modules)
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files of one model a kind."""
    folders = {name: tmp_path_factory.mktemp(name) for name in DRAWN_WITH}
    for name, folder in folders.items():
        portable.write(genmodels.load(name), folder)
    return folders


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN_WITH)
def test_program_and_onnx_draw_what_the_model_draws(written: dict[str, Path], name: str):
    trained = genmodels.load(name)
    torch.manual_seed(0)
    given = {key: eval(code, {"torch": torch, "N": 5}) for key, code in trained.family.inputs().items()}
    assert len(given) == DRAWN_WITH[name]
    expected = trained.family.sample(5, **given)
    program = torch.export.load(written[name] / portable.PROGRAM).module()
    torch.testing.assert_close(program(*given.values()), expected, rtol=1e-4, atol=1e-4)
    onnx = ReferenceEvaluator(str(written[name] / portable.ONNX))
    (images,) = onnx.run(None, dict(zip(onnx.input_names, map(torch.Tensor.numpy, given.values()), strict=True)))
    np.testing.assert_allclose(np.asarray(images), expected.numpy(), rtol=1e-3, atol=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN_WITH)
def test_the_program_holds_no_weight_that_it_does_not_draw_with(written: dict[str, Path], name: str):
    program = torch.export.load(written[name] / portable.PROGRAM)
    used = {node.name for node in program.graph.nodes if node.op == "placeholder" and node.users}
    held = program.graph_signature.inputs_to_parameters
    assert {held[node] for node in held if node in used} == {name for name, _ in program.named_parameters()}


@pytest.mark.slow
def test_several_visitors_take_a_model_away_while_others_draw_with_it(tmp_path: Path):
    trained: Any = genmodels.load("dcgan-mnist")
    z = torch.randn(4, trained.config.latent_dim)
    expected = trained.family.sample(4, z)
    with ThreadPoolExecutor(3) as pool:
        writing = [pool.submit(portable.write, trained, tmp_path / str(index)) for index in range(2)]
        while not all(task.done() for task in writing):
            torch.testing.assert_close(pool.submit(trained.family.sample, 4, z).result(), expected)
        for task in writing:
            task.result()
    assert not any(network.training for network in trained.family.networks.values())


@pytest.mark.slow
def test_every_script_draws_in_a_process_without_this_project(written: dict[str, Path]):
    command = [sys.executable, "-I", "-c", ALONE, *map(str, written.values())]  # -I: nothing is imported from here
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name, folder in written.items():
        assert _shape(folder / "samples.png") == (8 * 28, 8 * 28), name
        assert "genmodels" not in (folder / portable.SCRIPT).read_text()
        assert len((folder / portable.SCRIPT).read_text().splitlines()) < 30
    grid = np.asarray(Image.open(written["cgan-mnist"] / "samples.png"))
    torch.manual_seed(0)
    first = genmodels.load("cgan-mnist").sample(1, labels=torch.tensor([0]))
    assert np.abs(grid[:28, :28] / 255 - first[0, 0].numpy()).mean() < 0.2  # a 0, in the first place


@pytest.mark.slow
@pytest.mark.parametrize("name", DRAWN_WITH)
def test_the_notebook_shows_what_the_script_saves(written: dict[str, Path], name: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(written[name])
    shown: dict[str, Any] = {}
    for cell in _notebook(written[name])["cells"]:
        if cell["cell_type"] == "code":
            exec(cell["source"], shown)
    assert cell["source"].endswith("\npicture"), "the last line of a cell is what Jupyter shows"
    saved: dict[str, Any] = {"__file__": str(written[name] / portable.SCRIPT)}
    exec((written[name] / portable.SCRIPT).read_text(), saved)
    assert shown["picture"].tobytes() == Image.open("samples.png").tobytes()


@pytest.mark.slow
def test_the_notebook_is_one_by_the_format(written: dict[str, Path]):
    """The schema of nbformat 4.5, of which these are the parts that it demands."""
    notebook = _notebook(written["infogan-mnist"])
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert set(notebook) == {"nbformat", "nbformat_minor", "metadata", "cells"}
    assert set(notebook["metadata"]["kernelspec"]) >= {"name", "display_name"}
    identities = [cell["id"] for cell in notebook["cells"]]
    assert len(set(identities)) == len(identities)
    for cell in notebook["cells"]:
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", cell["id"])
        assert isinstance(cell["source"], str)
        assert cell["metadata"] == {}
        more = {"outputs", "execution_count"} if cell["cell_type"] == "code" else set()
        assert set(cell) == {"id", "cell_type", "source", "metadata"} | more
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    assert kinds == ["markdown", "code", "markdown", "code", "code"]
    assert "genmodels" not in json.dumps(notebook)


@pytest.mark.slow
def test_all_files_come_as_one_zip():
    with zipfile.ZipFile(io.BytesIO(portable.zipped(genmodels.load("dcgan-mnist")))) as archive:
        names = sorted(archive.namelist())
    assert names == [f"dcgan-mnist/{name}" for name in ("model.onnx", "model.pt2", "sample.ipynb", "sample.py")]


def test_a_classifier_cannot_be_taken_away(tmp_path: Path):
    with pytest.raises(UserError, match="judges images"):
        portable.write(genmodels.load("classifier-mnist"), tmp_path)


def test_a_pretrained_model_and_a_finished_run_offer_their_code_and_a_new_run_does_not():
    page = open_page("dcgan")
    assert "Get the code" in _downloads(page)
    run = Store().create(VAEConfig().model_dump())
    Store().update(run.id, state="stopped")
    page = open_page("vae", run=run.id)
    assert "Get the code" not in _downloads(page)


def _downloads(page: AppTest) -> list[str]:
    buttons: Any = page.get("download_button")
    return [button.label for button in buttons]


def _notebook(folder: Path) -> dict[str, Any]:
    return json.loads((folder / portable.NOTEBOOK).read_text())


def _shape(picture: Path) -> tuple[int, ...]:
    return np.asarray(Image.open(picture)).shape


def test_a_folder_that_cannot_be_made_is_told_in_one_line(tmp_path: Path):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match=r"/file/x cannot be read or written \(Not a directory\): choose") as error:
        portable.main(["vae-mnist", str(tmp_path / "file" / "x")])
    assert "\n" not in str(error.value)
