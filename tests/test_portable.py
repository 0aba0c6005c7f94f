"""A trained generator in files that need nothing of this project."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from onnx.reference import ReferenceEvaluator
from PIL import Image
from streamlit.testing.v1 import AppTest

import genmodels
from genmodels import portable
from genmodels.errors import UserError
from genmodels.families import VAEConfig
from genmodels.store import Store
from tests.test_pages import open_page

DRAWN_WITH = {"vae-mnist": 1, "dcgan-mnist": 1, "cgan-mnist": 2, "completion-mnist": 1, "infogan-mnist": 3}  # inputs


@pytest.mark.parametrize("name", DRAWN_WITH)
def test_program_and_onnx_draw_what_the_model_draws(tmp_path: Path, name: str):
    trained = genmodels.load(name)
    portable.write(trained, tmp_path)
    torch.manual_seed(0)
    given = {key: eval(code, {"torch": torch, "N": 5}) for key, code in trained.family.inputs().items()}
    assert len(given) == DRAWN_WITH[name]
    expected = trained.family.sample(5, **given)
    program = torch.export.load(tmp_path / portable.PROGRAM).module()
    torch.testing.assert_close(program(*given.values()), expected, rtol=1e-4, atol=1e-4)
    onnx = ReferenceEvaluator(str(tmp_path / portable.ONNX))
    (images,) = onnx.run(None, dict(zip(onnx.input_names, map(torch.Tensor.numpy, given.values()), strict=True)))
    np.testing.assert_allclose(np.asarray(images), expected.numpy(), rtol=1e-3, atol=1e-3)


def test_the_script_draws_without_this_project(tmp_path: Path):
    with zipfile.ZipFile(io.BytesIO(portable.zipped(genmodels.load("cgan-mnist")))) as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / "cgan-mnist"
    command = [sys.executable, "-I", "sample.py"]  # -I: nothing is imported from here
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    grid = np.asarray(Image.open(folder / "samples.png"))
    assert grid.shape == (8 * 28, 8 * 28)
    assert "genmodels" not in (folder / "sample.py").read_text()
    torch.manual_seed(0)
    first = genmodels.load("cgan-mnist").sample(1, labels=torch.tensor([0]))
    assert np.abs(grid[:28, :28] / 255 - first[0, 0].numpy()).mean() < 0.2  # a 0, in the first place


def test_a_classifier_cannot_be_taken_away(tmp_path: Path):
    with pytest.raises(UserError, match="judges images"):
        portable.write(genmodels.load("classifier-mnist"), tmp_path)


def test_a_shipped_model_and_a_finished_run_offer_their_code_and_a_new_run_does_not():
    page = open_page("dcgan")
    assert "Get the code" in _downloads(page)
    run = Store().create(VAEConfig().model_dump())
    Store().update(run.id, state="stopped")
    page = open_page("vae", run=run.id)
    assert "Get the code" not in _downloads(page)


def _downloads(page: AppTest) -> list[str]:
    buttons: Any = page.get("download_button")
    return [button.label for button in buttons]
