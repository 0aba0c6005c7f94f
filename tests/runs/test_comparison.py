"""Runs beside each other: differences, scores, and all rows in one table."""

import math
from typing import Any

import pandas as pd
import pytest

from genmodels.config import families
from genmodels.runs.comparison import differences, labels, long_form, quantities, scores, table
from genmodels.runs.run import Run


def a_run(name: str, family: str = "vae", **options: Any) -> Run:
    return Run(f"{family}-{name.lower()}", name, families.parse({"family": family, **options}).model_dump())


def cells(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Columns as lists, with None for an empty cell."""
    return {str(title): [None if pd.isna(cell) else cell for cell in frame[title]] for title in frame}


def test_only_what_differs_is_told_under_its_human_title():
    runs = [a_run("A"), a_run("B", latent_dim=2, beta=0.5), a_run("C", learning_rate=3e-5)]
    assert cells(differences(runs)) == {
        "Latent size (dimensions)": [16, 2, 16],
        "Beta": [1.0, 0.5, 1.0],
        "Learning rate": [1e-3, 1e-3, 3e-5],
    }
    assert differences(runs).index.tolist() == [run.id for run in runs]


def test_runs_that_were_told_the_same_differ_in_nothing():
    assert differences([a_run("A"), a_run("B")]).shape == (2, 0)
    assert differences([a_run("A", latent_dim=3)]).shape == (1, 0)


def test_what_a_family_does_not_have_is_blank_and_is_no_difference_by_itself():
    runs = [a_run("A"), a_run("B", latent_dim=2), a_run("C", "dcgan", epochs=3)]
    told = cells(differences(runs))
    assert told["Family"] == ["Variational autoencoder", "Variational autoencoder", "Deep convolutional GAN"]
    assert told["Latent size (dimensions)"] == [16, 2, None]
    assert told["Epochs"] == [20, 20, 3]
    assert "Noise size (dimensions)" not in told
    assert "KL estimator" not in told


def test_a_setting_is_blank_where_it_has_no_meaning_beside_the_others():
    runs = [a_run("A", "dcgan"), a_run("B", "dcgan", objective="wasserstein-clip", clip=0.02)]
    assert cells(differences(runs))["Clipping bound"] == [None, 0.02]


def test_what_an_older_version_did_not_have_is_filled_in():
    old, new = a_run("A"), a_run("B")
    del old.config["blocks"]
    assert differences([old, new]).shape == (2, 0)


def test_the_folder_of_an_imported_run_is_told_in_words():
    runs = [a_run("A", dataset="folder", folder="/here"), a_run("B", dataset="folder", folder="elsewhere:/there")]
    assert cells(differences(runs))["Folder"] == ["/here", "a folder on another machine"]


def test_a_family_that_this_version_does_not_know_is_told_as_it_is():
    unknown = Run("diffusion-1", "D", {"family": "diffusion", "Epochs": "many"})
    told = cells(differences([a_run("A"), unknown]))
    assert told["Epochs"] == ["20", "many"]
    assert quantities([unknown], {}) == []


def test_columns_sort_as_what_they_hold():
    frame = differences([a_run("A", latent_dim=9, binarize=False), a_run("B", latent_dim=10)])
    assert pd.api.types.is_integer_dtype(frame["Latent size (dimensions)"])
    assert pd.api.types.is_bool_dtype(frame["Binarise the pixels"])


def test_scores_are_those_on_test_images_where_there_are_any():
    runs = [a_run("A"), a_run("B")]
    last = {
        runs[0].id: {"test/neg_elbo": 100.0, "train/neg_elbo": 90.0, "train/kl": 20.0},
        runs[1].id: {"train/neg_elbo": 95.0, "train/kl": math.nan},
    }
    assert cells(scores(runs, last)) == {"negative ELBO, test": [100.0, None], "KL divergence, train": [20.0, None]}


def test_scores_of_any_name_are_columns_too():
    runs = [a_run("A", "dcgan"), a_run("B", "dcgan")]
    last = {runs[1].id: {"score/fid": 12.5, "score/confident_share": 0.9, "train/d_loss": 1.0, "train/d_gradient": 2.0}}
    assert cells(scores(runs, last)) == {
        "Losses: discriminator, train": [None, 1.0],
        "Gradient norms: discriminator, train": [None, 2.0],
        "score: confident share": [None, 0.9],
        "score: FID of 256 samples": [None, 12.5],
    }


def test_quantities_of_one_name_are_told_apart():
    titles = [quantity.title for quantity in quantities([a_run("A", "infogan"), a_run("B")], {})]
    assert len(titles) == len(set(titles))


def test_the_table_has_names_that_can_be_told_apart():
    runs = [Run("vae-1-aa", "same", a_run("A").config), Run("vae-1-bb", "same", a_run("A", epochs=3).config)]
    assert labels(runs) == {"vae-1-aa": "same (aa)", "vae-1-bb": "same (bb)"}
    frame = table(runs, {"vae-1-aa": {"score/fid": 1.0}})
    assert (
        frame.to_csv()
        == "run,name,Epochs,score: FID of 256 samples\nvae-1-aa,same (aa),20,1.0\nvae-1-bb,same (bb),3,\n"
    )


@pytest.mark.parametrize("runs", [0, 2])
def test_long_form_has_all_rows_of_all_runs(runs: int):
    rows = pd.DataFrame({"id": [7, 9], "name": ["train/kl"] * 2, "step": [1, 2], "epoch": [0.5, 1.0], "value": [3.0, 2.0]})  # fmt: skip
    frame = long_form({f"run-{index}": rows for index in range(runs)})
    assert list(frame) == ["run", "name", "step", "epoch", "value"]
    assert frame["run"].tolist() == [f"run-{index}" for index in range(runs) for _ in range(2)]
