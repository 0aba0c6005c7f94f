"""Codes of images, kept on disk."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.distributions import Normal, kl_divergence

from genmodels.checkpoints import test_images
from genmodels.config.families import VAEConfig
from genmodels.data import load
from genmodels.data.load import load_dataset
from genmodels.inference.load import load_model
from genmodels.inference.restore import Trained
from genmodels.latent import codes as latent_codes
from genmodels.latent.codes import Codes
from genmodels.latent.encode import encode
from genmodels.latent.tsne import TSNE
from genmodels.models.losses import bernoulli_log_likelihood
from genmodels.runs.store import Store
from genmodels.storage.callbacks import Report
from genmodels.training.trainer import Trainer

SMALL = VAEConfig(epochs=1, batch_size=500, width=4, hidden=16, latent_dim=5, preview_every=0, device="cpu")


@pytest.fixture
def run() -> Path:
    """The folder of a small finished run."""
    store = Store()
    run = store.create(SMALL.model_dump())
    assert Trainer(SMALL, store.folder(run.id), Report()).run() == "finished"
    return store.folder(run.id)


def some_codes(folder: Path, n: int = 30, labelled: bool = True) -> Codes:
    numbers = np.random.default_rng(0)
    images = numbers.integers(0, 256, (n, 1, 28, 28), dtype=np.uint8)
    mu, logvar = numbers.normal(size=(2, n, 4)).astype(np.float32)
    labels = np.arange(n) % 3 if labelled else None
    return Codes(folder, images, images[::-1], labels, ("a", "b", "c"), mu, logvar, mu[:, 0] ** 2)


@pytest.mark.parametrize("labelled", [True, False])
def test_what_is_saved_is_loaded(tmp_path: Path, labelled: bool):
    codes = some_codes(tmp_path / "codes", labelled=labelled)
    codes.save()
    loaded = latent_codes.load(tmp_path / "codes")
    assert loaded is not None
    for name in ("images", "reconstructions", "mu", "logvar", "errors"):
        assert np.array_equal(getattr(loaded, name), getattr(codes, name))
    assert loaded.classes == codes.classes
    assert (loaded.labels is None) == (not labelled)


@pytest.mark.parametrize("shape", [(2**40,), (2**62, 4), (2**70,)])
def test_arrays_that_say_they_are_larger_than_any_memory_count_as_none(tmp_path: Path, shape: tuple[int, ...]):
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, {"shape": shape, "fortran_order": False, "descr": "|u1"})
    with zipfile.ZipFile(tmp_path / latent_codes.FILE, "w") as file:
        for name in latent_codes.FORMS:
            file.writestr(f"{name}.npy", header.getvalue() + b"123")
    assert latent_codes.load(tmp_path) is None


@pytest.mark.parametrize("keep", [0, 10, 500, -10])
def test_damaged_ones_count_as_none(tmp_path: Path, keep: int):
    some_codes(tmp_path).save()
    file = tmp_path / latent_codes.FILE
    file.write_bytes(file.read_bytes()[:keep])
    assert latent_codes.load(tmp_path) is None
    assert latent_codes.load(tmp_path / "nothing") is None


def test_the_kl_of_each_dimension_is_that_of_torch(tmp_path: Path):
    codes = some_codes(tmp_path)
    mu, sigma = torch.from_numpy(codes.mu), torch.from_numpy(codes.logvar).mul(0.5).exp()
    expected = kl_divergence(Normal(mu, sigma), Normal(0.0, 1.0)).mean(0)
    assert np.allclose(codes.kl, expected.numpy(), atol=1e-5)


def test_neighbours_are_the_nearest_others(tmp_path: Path):
    codes = some_codes(tmp_path)
    found = codes.neighbours(np.array([4, 17]), 5)
    for index, row in zip([4, 17], found, strict=True):
        distances = np.linalg.norm(codes.mu - codes.mu[index], axis=1)
        distances[index] = np.inf
        assert row.tolist() == np.argsort(distances)[:5].tolist()


def test_equal_codes_are_neighbours_of_each_other_not_of_themselves(tmp_path: Path):
    codes = some_codes(tmp_path, n=12)
    codes.mu[:] = 1.0
    found = codes.neighbours(np.arange(12), 4)
    assert found.shape == (12, 4)
    assert all(index not in row for index, row in enumerate(found))
    assert codes.neighbours(np.arange(12), 50).shape == (12, 11)


def test_a_run_encodes_its_own_images_once(run: Path, monkeypatch: pytest.MonkeyPatch):
    trained = load_model(str(run))
    codes = encode(trained, "train", 700)
    images = load_dataset("mnist-sample", "train", image_size=28, channels=1)
    batch, labels = images.batch(torch.arange(700))
    mu, logvar = trained.family.encode(batch)  # type: ignore[attr-defined]
    assert np.array_equal(codes.images, batch.numpy())
    assert np.array_equal(codes.labels, labels)  # type: ignore[arg-type]
    assert np.allclose(codes.mu, mu.numpy(), atol=1e-5)
    assert np.allclose(codes.logvar, logvar.numpy(), atol=1e-5)
    logits = trained.family.model.decoder(mu)  # type: ignore[attr-defined]
    nats = -bernoulli_log_likelihood(logits, batch.float() / 255)
    assert np.allclose(codes.errors, nats.detach().numpy(), rtol=1e-4)
    assert np.abs(codes.reconstructions / 255 - torch.sigmoid(logits).detach().numpy()).max() < 1 / 255

    monkeypatch.setattr(load, "load_dataset", lambda *arguments, **options: pytest.fail("the data were loaded again"))
    assert np.array_equal(encode(trained, "train", 700).mu, codes.mu)


def test_a_finished_run_can_be_looked_at_without_its_data(run: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(load, "load_dataset", lambda *arguments, **options: pytest.fail("the data were loaded"))
    codes = encode(load_model(str(run)), "test", latent_codes.STORED_IMAGES)
    assert len(codes) == 1000, "all test images of the sample"


def test_codes_of_earlier_weights_go(run: Path):
    trained = load_model(str(run))
    encode(trained, "test", 20)
    later = Trained(trained.family, trained.config, trained.folder, trained.step + 1)
    encode(later, "test", 20)
    encode(later, "train", 20)
    kept = sorted(path.name for path in (run / "latents").iterdir())
    assert kept == [f"step-{trained.step + 1:08d}-{split}-20" for split in ("test", "train")]


def test_a_pretrained_model_brings_its_codes_and_maps_and_its_folder_is_left_alone(tmp_path: Path, home: Path):
    model = tmp_path / "pretrained"
    codes = some_codes(model / "latents" / "step-00000007-test-30")
    codes.save()
    made = TSNE(codes.folder).folder / latent_codes.MAP
    made.parent.mkdir()
    np.save(made, np.ones((30, 2), np.float32))
    before = sorted(tmp_path.rglob("*"))
    folder = latent_codes.folder_of(model, 7, "test", 30)
    assert home in folder.parents
    assert (TSNE(folder).finished_result() == 1).all()  # type: ignore[union-attr]
    assert np.array_equal(latent_codes.load(folder).mu, codes.mu)  # type: ignore[union-attr]
    assert [path for path in sorted(tmp_path.rglob("*")) if home not in path.parents and path != home] == before


def test_a_pretrained_model_without_codes_encodes_the_test_images_that_it_keeps(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(load, "load_dataset", lambda *arguments, **options: pytest.fail("the data were loaded"))
    trained = load_model("vae-mnist")
    kept = test_images.load(trained.folder)
    assert kept is not None
    codes = encode(trained, "test", 30)
    assert home in codes.folder.parents
    assert np.array_equal(codes.images, kept.images[:30])
    assert codes.labels is not None
    assert kept.labels is not None
    assert codes.labels.tolist() == kept.labels[:30].tolist()
    assert codes.classes == trained.classes
    with pytest.raises(pytest.fail.Exception, match="the data were loaded"):
        encode(trained, "train", 30)
