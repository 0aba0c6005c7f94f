"""Scores: right where the answer is known, the same at every call, and of the pretrained models."""

import json
import math
import pickle
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from genmodels.checkpoints import checkpoint
from genmodels.config.families import VAEConfig
from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.errors import UserError
from genmodels.export.pretrain import export
from genmodels.inference.load import load_model
from genmodels.inference.restore import LoadError, Trained
from genmodels.latent.clusters import cluster_accuracy, kmeans_scores, match_clusters
from genmodels.metrics import evaluate
from genmodels.models import build
from genmodels.models.vae import VAE
from genmodels.runs.store import Run, Store
from genmodels.storage import progress
from genmodels.storage.callbacks import Report
from genmodels.training.trainer import Trainer
from tests.support.helpers import Malicious

TINY = VAEConfig(width=4, hidden=16, latent_dim=3, batch_size=100, epochs=1, learning_rate=5e-3, device="cpu")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a finished run of one epoch in its store."""
    store = Store(tmp_path_factory.mktemp("trained"))
    run = store.create(TINY.model_dump())
    with pytest.MonkeyPatch.context() as patch:  # before the home of a single test
        patch.setenv("GENMODELS_HOME", str(store.root))
        Trainer(TINY, store.folder(run.id), Report()).run()
    store.add_metrics(run.id, 40, 1.0, {"test/neg_elbo": 300.0})
    store.update(run.id, state="finished", step=40, total_steps=40, epoch=1.0, seconds=60.0)
    store.save_copy(run.id)
    return store.root


@pytest.fixture
def run(trained: Path, home: Path) -> Run:
    """The finished run, in the test's own home."""
    shutil.copytree(trained, home)
    return Store().runs()[0]


def knows_nothing() -> Trained:
    """A VAE whose code says nothing and whose pixels are all 1/2."""
    family = build(TINY)
    assert isinstance(family, VAE)
    for layers in (family.model.encoder.layers, family.model.decoder.layers):
        for parameter in layers[-1].parameters():
            torch.nn.init.zeros_(parameter)
    return Trained(family, TINY, Path(), 0)


@pytest.mark.parametrize("k", [1, 7, 2500])
def test_all_bounds_are_exact_for_a_model_that_knows_nothing(k: int):
    scores = evaluate.evaluate(knows_nothing(), iw_k=k, samples=12)
    assert scores["neg_elbo"] == pytest.approx(784 * math.log(2), abs=1e-3)
    assert scores["iw_nll"] == pytest.approx(784 * math.log(2), abs=1e-3)
    assert (scores["kl"], scores["active_units"], scores["iw_k"]) == (0, 0, k)


def test_pixels_drawn_each_on_its_own_are_what_noise_reaches(monkeypatch: pytest.MonkeyPatch):
    """Half of the training images are white on the left alone, so that half of each test image is as uncertain as a coin."""
    left = torch.zeros(1, 28, 28, dtype=torch.uint8)
    left[..., :14] = 255
    sets = {"train": torch.stack([left, torch.zeros_like(left)] * 500), "test": torch.stack([left] * 12)}
    monkeypatch.setattr(load, "load_dataset", lambda name, split, **options: Dataset(sets[split], None, ()))
    scores = evaluate.evaluate(knows_nothing(), iw_k=1, samples=12)
    certain = -math.log(1001 / 1002)  # by Laplace's rule
    assert scores["neg_elbo_noise"] == scores["iw_nll_noise"] == pytest.approx(392 * (math.log(2) + certain))


def test_the_command_prints_one_object_the_same_at_every_call(run: Run, capsys: pytest.CaptureFixture[str]):
    printed = []
    for _ in range(2):
        evaluate.main([run.id, "--json", "--iw-k", "20", "--samples", "150"])
        printed.append(capsys.readouterr().out)
    scores = json.loads(printed[0])
    assert printed[0] == printed[1]
    assert scores["iw_nll"] < scores["neg_elbo"] < 784 * math.log(2)
    assert 0.1 <= scores["kmeans_acc_mean"] <= 1
    assert 0 <= scores["kmeans_nmi_mean"] <= 1
    assert -1 <= scores["kmeans_ari_mean"] <= 1
    assert min(scores[f"kmeans_{name}_std"] for name in ("acc", "nmi", "ari")) >= 0
    assert (scores["dataset"], scores["samples"], scores["iw_k"], scores["seed"]) == ("mnist-sample", 150, 20, 0)


def test_data_without_labels_has_no_cluster_score(monkeypatch: pytest.MonkeyPatch):
    whole = load.load_dataset

    def unlabelled(*arguments: object, **options: object) -> Dataset:
        return Dataset(whole(*arguments, **options).images, None, ())  # type: ignore[arg-type]

    monkeypatch.setattr(load, "load_dataset", unlabelled)
    assert evaluate.evaluate(knows_nothing(), iw_k=1, samples=20)["kmeans_acc_mean"] is None


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-run"],
        ["no-such-run", "--samples", "0"],
        ["vae-mnist", "--device", "gpu"],
        [],
        ["vae-mnist", "--json=1"],
    ],
)
def test_a_mistake_is_told_in_one_line(arguments: list[str]):
    with pytest.raises(SystemExit) as error:
        evaluate.main(arguments)
    assert len(str(error.value).splitlines()) == 1
    assert str(error.value).startswith("python -m genmodels.metrics.evaluate: ")


def test_a_pretrained_model_is_small_and_scores_like_its_run(run: Run, tmp_path: Path):
    target = tmp_path / "vae-tiny"
    card = export(run.id, target, iw_k=5, samples=400)
    weights = load_file(target / checkpoint.WEIGHTS)
    assert {tensor.dtype for tensor in weights.values()} == {torch.float16}
    assert all(name.startswith("ema.") for name in weights)
    assert {path.name for path in target.iterdir()} == {
        *("weights.safetensors", "config.json", "card.json", "metrics.csv", "samples.png", "reconstructions.png"),
        *("latents", "pictures", "codes", "test-images.npz"),
    }
    assert json.loads((target / "card.json").read_text()) == card
    assert (card["minutes"], card["seed"]) == (1.0, 0)
    assert card["command"].startswith("python train.py vae --epochs 1 --batch-size 100")
    ours, theirs = card["scores"], evaluate.evaluate(load_model(run.id), iw_k=5, samples=400)
    assert ours["neg_elbo"] == pytest.approx(theirs["neg_elbo"], rel=1e-3)
    assert ours["iw_nll"] == pytest.approx(theirs["iw_nll"], rel=1e-3)
    assert (ours["samples"], ours["test_images"]) == (400, 400)


def test_what_is_not_there_cannot_be_exported(tmp_path: Path):
    with pytest.raises(UserError, match="There is no run"):
        export("no-such-run", tmp_path / "target")


def test_a_pickle_among_the_pretrained_is_refused_and_does_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.json").write_text(TINY.model_dump_json())
    (tmp_path / "card.json").write_text("{}")
    (tmp_path / checkpoint.WEIGHTS).write_bytes(pickle.dumps(Malicious()))
    with pytest.raises(LoadError, match="damaged"):
        load_model(str(tmp_path))
    assert not Path("ran").exists()


def test_weights_of_another_shape_are_refused(run: Run):
    folder = Store().folder(run.id)
    other = json.loads((folder / "config.json").read_text()) | {"width": 8}
    (folder / "config.json").write_text(json.dumps(other))
    with pytest.raises(LoadError, match="are not of its settings"):
        load_model(run.id)


def test_accuracy_does_not_depend_on_the_numbers_of_the_clusters():
    labels = np.repeat(np.arange(10), 20)
    rng = np.random.default_rng(0)
    clusters = np.where(rng.random(200) < 0.8, labels, rng.integers(0, 10, 200))
    permuted = rng.permutation(10)[clusters]
    assert cluster_accuracy(clusters, labels) == cluster_accuracy(permuted, labels) == np.mean(clusters == labels)
    assert match_clusters(labels, labels) == {digit: digit for digit in range(10)}


@pytest.mark.parametrize(("k", "expected"), [(2, 0.2), (20, 0.5)])
def test_fewer_and_more_clusters_than_labels(k: int, expected: float):
    labels = np.repeat(np.arange(10), 20)
    clusters = labels // 5 if k == 2 else np.arange(200) // 10
    assert cluster_accuracy(clusters, labels) == expected


def test_well_separated_codes_are_found():
    labels = np.repeat(np.arange(10), 30)
    means = np.eye(10)[labels] * 10 + np.random.default_rng(0).normal(size=(300, 10)) * 0.1
    scores = kmeans_scores(means, labels, seeds=3)
    assert {name: scores[f"kmeans_{name}_mean"] for name in ("acc", "nmi", "ari")} == pytest.approx(
        {"acc": 1, "nmi": 1, "ari": 1}
    )
    assert max(scores[f"kmeans_{name}_std"] for name in ("acc", "nmi", "ari")) < 1e-9


@pytest.mark.parametrize("samples", [1, 2, 12])
@pytest.mark.parametrize("name", ["vae-mnist", "cgan-mnist"])
def test_what_too_few_images_cannot_tell_is_null_with_the_reason(
    name: str, samples: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    trained = load_model(name)
    trained = replace(trained, config=trained.config.model_copy(update={"dataset": "mnist-sample"}))
    monkeypatch.setattr(evaluate, "load_model", lambda name: trained)
    evaluate.main([name, "--json", "--samples", str(samples), "--iw-k", "2", "--device", "cpu"])
    scores = json.loads(capsys.readouterr().out, parse_constant=lambda word: pytest.fail(f"{word} is no JSON"))
    missing = {key for key, value in scores.items() if value is None}
    assert {"fid", "fid_floor", "kid", "precision", "confident_share", "classes_covered"} <= missing
    assert ("kmeans_acc_mean" if name == "vae-mnist" else "worst_label_fidelity") in missing
    assert missing == scores["reasons"].keys()
    assert scores["reasons"]["fid_floor"] == f"needs at least 50 images, and there are {samples}"
    evaluate.main([name, "--samples", str(samples), "--iw-k", "2", "--device", "cpu"])
    table = capsys.readouterr().out
    assert "nan" not in table.lower()
    assert re.search(rf"^fid +none: needs at least 50 images, and there are {samples}$", table, re.MULTILINE)


def test_outputs_that_are_not_finite_are_null_with_the_reason():
    broken = knows_nothing()
    assert isinstance(broken.family, VAE)
    torch.nn.init.constant_(next(broken.family.model.decoder.parameters()), torch.nan)
    scores = evaluate.evaluate(broken, iw_k=1, samples=10)
    assert scores["neg_elbo"] is None
    assert scores["reasons"]["neg_elbo"].startswith("came out as nan")
    json.dumps(scores, allow_nan=False)


def test_the_command_is_quick_unless_full_scores_are_asked_for_and_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    asked: list[tuple[int | None, int]] = []

    def remember(trained: Trained, *, samples: int | None, iw_k: int, **others: object) -> dict[str, float]:
        asked.append((samples, iw_k))
        return {"fid": 1.0}

    monkeypatch.setattr(evaluate, "load_model", lambda name: knows_nothing())
    monkeypatch.setattr(evaluate, "evaluate", remember)
    for options in ([], ["--full"], ["--samples", "300"], ["--full", "--iw-k", "7"]):
        evaluate.main(["vae-mnist", *options])
    assert asked == [(1000, 100), (None, 1000), (300, 100), (None, 7)]
    assert [line[:32] for line in capsys.readouterr().err.splitlines()] == [
        "Quick scores, of 1,000 images (o",
        "Quick scores, of 300 images (of ",
    ]


def test_what_takes_long_says_how_far_it_is_where_somebody_waits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(progress, "DELAY", 0.0)
    evaluate.evaluate(knows_nothing(), iw_k=2, samples=60)
    assert capsys.readouterr().err == ""
    with progress.shown_on_stderr():
        evaluate.evaluate(knows_nothing(), iw_k=2, samples=60)
    said = capsys.readouterr().err
    for what in ("drawing images", "importance-weighted bound, k = 2"):
        assert re.search(rf"{what}: +100%.*60/60", said), what
