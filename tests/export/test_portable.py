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
from genmodels.config.families import FlowConfig, VAEConfig
from genmodels.errors import UserError
from genmodels.export import portable
from genmodels.inference.restore import Trained
from genmodels.models import build
from genmodels.runs.store import Store
from tests.support.environment import only
from tests.support.pages import open_page
from tests.support.tiers import some

DRAWN_WITH = {"vae-mnist": 1, "dcgan-mnist": 1, "cgan-mnist": 2, "completion-mnist": 3, "infogan-mnist": 3}  # inputs
ALONE = """
import os, runpy, sys
for folder in sys.argv[1:]:
    os.chdir(folder)
    runpy.run_path("sample.py", run_name="__main__")
sys.exit("genmodels" in sys.modules)
"""


class Written(dict[str, Path]):
    """The folders of models, by name, each written when it is first asked for."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self.factory = factory

    def __missing__(self, name: str) -> Path:
        self[name] = self.factory.mktemp(name)
        portable.write(genmodels.load(name), self[name])
        return self[name]


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return Written(tmp_path_factory)


@pytest.mark.slow
@pytest.mark.parametrize("name", some(DRAWN_WITH, "vae-mnist", "completion-mnist"))
def test_program_and_onnx_draw_what_the_model_draws(written: Written, name: str):
    trained = genmodels.load(name)
    torch.manual_seed(0)
    given = {key: eval(code, {"torch": torch, "N": 5}) for key, code in trained.family.inputs().items()}
    assert len(given) == DRAWN_WITH[name]
    if "hidden" in given:
        given |= {"images": torch.rand(5, 1, 28, 28), "hidden": (torch.rand(5, 1, 28, 28) > 0.5).float()}
    expected = trained.family.draw(**given)
    program = torch.export.load(written[name] / portable.PROGRAM).module()
    torch.testing.assert_close(program(*given.values()), expected, rtol=1e-4, atol=1e-4)
    onnx = ReferenceEvaluator(str(written[name] / portable.ONNX))
    assert (onnx.input_names, onnx.output_names) == ([*given], ["completions" if "hidden" in given else "images"])
    (images,) = onnx.run(None, {key: value.numpy() for key, value in given.items()})
    np.testing.assert_allclose(np.asarray(images), expected.numpy(), rtol=1e-3, atol=1e-3)


def test_the_completing_program_keeps_what_is_shown_and_draws_the_rest(written: Written):
    """As the page does: a picture, a part of it hidden, and several noises."""
    trained: Any = genmodels.load("completion-mnist")
    picture, hidden = torch.randint(0, 256, (1, 1, 28, 28), dtype=torch.uint8), torch.ones(1, 1, 28, 28)
    hidden[:, :, :14] = 0
    z = torch.randn(3, trained.config.latent_dim)
    program = torch.export.load(written["completion-mnist"] / portable.PROGRAM).module()
    drawn = program(z, (picture / 255).expand(3, -1, -1, -1), hidden.expand(3, -1, -1, -1))
    expected = trained.family.complete(picture.expand(3, -1, -1, -1), hidden.expand(3, -1, -1, -1), z)
    torch.testing.assert_close(drawn, expected, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(drawn[:, :, :14], (picture / 255)[:, :, :14].expand(3, -1, -1, -1))
    assert (drawn[0] - drawn[1]).abs().max() > 0.1


@pytest.mark.slow
@pytest.mark.parametrize("name", some(DRAWN_WITH, "vae-mnist", "completion-mnist"))
def test_the_program_holds_no_weight_that_it_does_not_draw_with(written: Written, name: str):
    program = torch.export.load(written[name] / portable.PROGRAM)
    used = {node.name for node in program.graph.nodes if node.op == "placeholder" and node.users}
    held = program.graph_signature.inputs_to_parameters
    assert {held[node] for node in held if node in used} == {name for name, _ in program.named_parameters()}


@pytest.mark.exhaustive
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


@pytest.mark.exhaustive
@pytest.mark.slow
def test_every_script_draws_in_an_environment_of_what_it_names(written: Written, tmp_path: Path):
    folders = {name: written[name] for name in DRAWN_WITH}
    asked = {
        re.findall(r"^pip install ([\w ]+),", (folder / portable.SCRIPT).read_text(), re.M)[0]
        for folder in folders.values()
    }
    (names,) = asked
    only(names.split(), tmp_path / "packages")
    # -I -S: nothing is imported from here, nor from the environment that runs the tests.
    start = f"import sys; sys.path.insert(0, {str(tmp_path / 'packages')!r})\n"
    command = [sys.executable, "-I", "-S", "-c", start + ALONE, *map(str, folders.values())]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    for name, folder in folders.items():
        assert _shape(folder / "samples.png") == (8 * 28, 8 * 28), name
        assert "genmodels" not in (folder / portable.SCRIPT).read_text()
        assert len((folder / portable.SCRIPT).read_text().splitlines()) < 34
    grid = np.asarray(Image.open(written["cgan-mnist"] / "samples.png"))
    torch.manual_seed(0)
    first = genmodels.load("cgan-mnist").sample(1, labels=torch.tensor([0]))
    assert np.abs(grid[:28, :28] / 255 - first[0, 0].numpy()).mean() < 0.2  # a 0, in the first place


@pytest.mark.slow
@pytest.mark.parametrize("name", some(DRAWN_WITH, "vae-mnist", "completion-mnist"))
def test_the_notebook_shows_what_the_script_saves(written: Written, name: str, monkeypatch: pytest.MonkeyPatch):
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
def test_the_notebook_is_one_by_the_format(written: Written):
    """The schema of nbformat 4.5, of which these are the parts that it demands."""
    notebook = _notebook(written["completion-mnist"])
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


@pytest.mark.slow
@pytest.mark.parametrize("prior", some(["mixture", "flow"], "flow"))
def test_the_program_of_a_vae_draws_from_its_learned_prior(prior: str, tmp_path: Path):
    small = {"width": 4, "hidden": 16, "latent_dim": 3, "prior_components": 5, "prior_couplings": 2, "prior_width": 4}
    config = VAEConfig.model_validate(small | {"prior": prior})
    vae: Any = build(config, 10)
    torch.manual_seed(0)
    for weight in vae.averaged["autoencoder"].parameters():
        torch.nn.init.normal_(weight, std=0.3)
    trained = Trained(vae, config, tmp_path / "a-vae", step=0)
    program, onnx = portable.programs(trained)
    torch.manual_seed(3)
    noise = portable.examples(vae, 64)["z"]
    expected = trained.sample(64, seed=3)
    torch.export.save(program, tmp_path / portable.PROGRAM)
    again = torch.export.load(tmp_path / portable.PROGRAM).module()
    torch.testing.assert_close(again(noise), expected, rtol=1e-4, atol=1e-4)
    (images,) = ReferenceEvaluator(onnx.model_proto).run(None, {"z": noise.numpy()})
    np.testing.assert_allclose(np.asarray(images), expected.numpy(), rtol=1e-3, atol=1e-3)
    assert (expected - vae.sample(64, noise[:, :3])).abs().max() > 0.01, "N(0, I) draws others"


@pytest.mark.slow
@pytest.mark.parametrize("objective", some(["flow-matching", "diffusion"], "flow-matching"))
def test_a_flow_is_one_step_and_its_script_takes_them_all(
    objective: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    config = FlowConfig.model_validate({"width": 4, "num_steps": 3, "objective": objective})
    flow: Any = build(config, 10)
    torch.manual_seed(0)
    for weight in flow.averaged["unet"].parameters():
        torch.nn.init.normal_(weight, std=0.1)
    portable.write(Trained(flow, config, tmp_path / "a-flow", step=0), tmp_path)
    saved: dict[str, Any] = {"__file__": str(tmp_path / portable.SCRIPT)}
    monkeypatch.chdir(tmp_path)
    exec((tmp_path / portable.SCRIPT).read_text(), saved)
    torch.manual_seed(0)
    torch.testing.assert_close(saved["images"], flow.sample(64, torch.randn(64, 1, 28, 28)), rtol=1e-3, atol=1e-3)
    given = {"z": torch.randn(3, 1, 28, 28), "t": torch.tensor([0.1, 0.5, 0.9]), "labels": torch.tensor([1, 2, 10])}
    onnx = ReferenceEvaluator(str(tmp_path / portable.ONNX))
    assert (onnx.input_names, onnx.output_names) == ([*given], ["velocity"])
    (velocity,) = onnx.run(None, {key: value.numpy() for key, value in given.items()})
    np.testing.assert_allclose(np.asarray(velocity), flow.draw(**given).numpy(), rtol=1e-3, atol=1e-3)


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
