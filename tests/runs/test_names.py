"""What nobody typed in the name of a run is told in the reader's language; what is stored stays English."""

import copy
import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from genmodels.config.families import CGANConfig, DCGANConfig, VAEConfig
from genmodels.language import speaking
from genmodels.runs import comparison
from genmodels.runs.run import Run
from genmodels.runs.store import Store

VAE = VAEConfig(dataset="mnist").model_dump()
FOLDER = CGANConfig(dataset="folder", folder="/images").model_dump()
GAN = DCGANConfig(objective="minimax", dataset="mnist").model_dump()


@pytest.mark.parametrize(
    ("name", "config", "group", "persian"),
    [
        ("VAE on mnist", VAE, "", "VAE روی mnist"),
        ("CGAN on folder: Non-saturating", FOLDER, "", "CGAN روی تصویرهای خودتان: اشباع‌نشونده"),
        ("VAE on mnist, one more epoch", VAE, "", "VAE روی mnist\u200f، یک دورهٔ دیگر"),
        ("seed 3: VAE on mnist", VAE, "g", "بذر ۳: VAE روی mnist"),
        ("VAE: Pair 1", VAE, "g", "VAE: جفت ۱"),
        ("minimax, seed 2: Comparison 3", GAN, "g", "کمینه‌بیشینه (اشباعی)، بذر ۲: مقایسه ۳"),
        ("minimax: Comparison 3", GAN, "", "minimax: Comparison 3"),
        ("CGAN on folder: Hinge", FOLDER, "", "CGAN on folder: Hinge"),
        ("Loss", VAE, "", "Loss"),
        ("VAE on mnist", {"family": "of tomorrow"}, "", "VAE on mnist"),
        ("DCGAN on mnist: Minimax", GAN | {"objective": ["no", "text"]}, "", "DCGAN on mnist: Minimax"),
    ],
)
def test_a_name_that_nobody_typed_is_told_in_the_readers_language(
    name: str, config: dict[str, Any], group: str, persian: str
):
    run = Run("vae-1", name, config, group=group)
    assert (run.called, run.name) == (name, name)
    with speaking("fa"):
        assert run.called == persian
        assert comparison.labels([run]) == {"vae-1": persian}
        assert run.name == copy.deepcopy(run.name) == name, "as it is stored"


def test_the_store_keeps_the_english_and_gives_what_can_be_told():
    store = Store()
    made = store.create(FOLDER)
    kept = store.get(made.id)
    assert kept is not None
    assert json.loads((store.folder(made.id) / "run.json").read_text())["name"] == "CGAN on folder: Non-saturating"
    for run in (made, kept, replace(kept, step=1), Run(**asdict(kept))):
        with speaking("fa"):
            assert run.called == "CGAN روی تصویرهای خودتان: اشباع‌نشونده"
