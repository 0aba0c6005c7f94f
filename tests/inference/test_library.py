"""The package as a library: a trained model in one line."""

import inspect
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

import genmodels
from genmodels.checkpoints.pretrained import pretrained_models
from genmodels.errors import UserError
from genmodels.inference.restore import LoadError
from genmodels.runs.archive import pack
from genmodels.runs.store import Store
from genmodels.storage.paths import PROJECT
from tests.support.archives import contents, rezipped
from tests.support.helpers import Malicious, finished
from tests.support.training import tiny

GENERATORS = [model.name for model in pretrained_models() if model.config["family"] != "classifier"]


@pytest.mark.parametrize("name", GENERATORS)
def test_every_pretrained_model_draws_images_that_a_seed_repeats(name: str):
    model = genmodels.load(name)
    before = torch.random.get_rng_state()
    images = model.sample(16, seed=1)
    assert images.shape == (16, 1, 28, 28)
    assert 0 <= images.min() < 0.1
    assert 0.9 < images.max() <= 1
    assert torch.equal(model.sample(16, seed=1), images)
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(2)  # from which it draws where no seed is given
    assert not torch.equal(model.sample(16), images)


def test_a_conditional_model_draws_the_classes_it_is_asked_for():
    model = genmodels.load("cgan-mnist")
    sevens = model.sample(8, seed=0, labels=torch.full((8,), 7))
    assert not torch.equal(sevens, model.sample(8, seed=0))


def test_weights_that_are_finite_and_too_large_to_compute_with_draw_nothing(tmp_path: Path):
    folder = tmp_path / "model"
    shutil.copytree(PROJECT / "checkpoints" / "dcgan-mnist", folder, ignore=shutil.ignore_patterns("pictures", "*.npz"))
    file = folder / "weights.safetensors"
    large = {
        name: each.float().sign() * 3e38 if each.is_floating_point() else each for name, each in load_file(file).items()
    }
    save_file(large, file)
    with pytest.raises(
        UserError, match=r"^This model's images hold no numbers \(NaN\).*choose another model"
    ) as caught:
        genmodels.load(folder).sample(2)
    assert "\n" not in str(caught.value)


def test_codes_are_refused_by_what_draws_from_none():
    with pytest.raises(TypeError, match=r"^dcgan-mnist draws from no codes: leave them out"):
        genmodels.load("dcgan-mnist").sample(1, codes=torch.zeros(1, 2))


def test_a_classifier_draws_nothing_and_says_so():
    with pytest.raises(LoadError, match="judges images"):
        genmodels.load("classifier-mnist").sample(1)


def test_a_run_is_loaded_by_its_id_its_folder_and_its_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path):
    run = finished(tiny(epochs=1))
    file = tmp_path / "run.zip"
    pack(Store(), run.id, file)
    monkeypatch.chdir(tmp_path)
    images = genmodels.load(run.id).sample(4, seed=1)
    assert images.shape == (4, 1, 28, 28)
    names: list[str | Path] = [Store().folder(run.id), "run.zip", file, os.path.relpath(Store().folder(run.id))]
    for name in names:
        model = genmodels.load(name)
        assert torch.equal(model.sample(4, seed=1), images), name
        assert (model.step, model.config) == (40, tiny(epochs=1))
    assert genmodels.load(file, weights="last").sample(4, seed=1).shape == images.shape
    assert Store().runs() == [Store().get(run.id)], "nothing was imported"


def test_it_loads_from_another_working_directory(tmp_path: Path):
    code = "import genmodels; print(tuple(genmodels.load('dcgan-mnist').sample(16).shape))"
    environment = os.environ | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout.strip() == "(16, 1, 28, 28)", done.stderr


def test_an_unknown_name_is_told_with_what_there_is():
    with pytest.raises(LoadError, match=r"no run and no checkpoint dcgan-minst: give .* dcgan-mnist,"):
        genmodels.load("dcgan-minst")


@pytest.mark.parametrize("link", ["https://example.com/run.zip", Path("https://example.com/run.zip")])
def test_a_link_is_refused_with_the_way_to_load_what_is_there(link: str | Path):
    with pytest.raises(LoadError, match=r"^https:.*/run\.zip is a link, .*: download the file, then give its path\.$"):
        genmodels.load(link)


@pytest.mark.parametrize("kind", ["pickle", "torch file", "way up", "cut short", "foreign checkpoint"])
def test_an_unsafe_file_is_refused_in_one_sentence_and_never_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
):
    monkeypatch.chdir(tmp_path)
    file, store = tmp_path / "model.pt", Store()
    run = store.create(tiny().model_dump())
    pack(store, run.id, file)
    data = file.read_bytes()
    if kind == "pickle":
        file.write_bytes(pickle.dumps(Malicious()))
    elif kind == "torch file":
        torch.save(Malicious(), file)
    elif kind == "way up":
        file.write_bytes(rezipped(contents(data) | {f"{run.id}/../../evil": b"evil"}))
    elif kind == "cut short":
        file.write_bytes(data[:-30])
    else:
        file = tmp_path / "stranger"
        file.mkdir()
        (file / "weights.safetensors").write_bytes(pickle.dumps(Malicious()))
        (file / "card.json").write_text("{}")
    with pytest.raises(LoadError) as caught:
        genmodels.load(file)
    assert str(caught.value).startswith(file.name)
    assert "\n" not in str(caught.value)
    assert not Path("ran").exists()
    assert not list(tmp_path.parent.rglob("*evil*"))


def test_the_help_tells_shapes_choices_and_errors():
    text = inspect.getdoc(genmodels.load) or ""
    for needed in ("(n, channels, height,", "[0, 1]", "averaged", "best", "zip", "LoadError"):
        assert needed in text


def test_the_package_alone_loads_neither_torch_nor_streamlit():
    code = "import sys, genmodels; sys.exit(any(name in sys.modules for name in ('torch', 'streamlit')))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
