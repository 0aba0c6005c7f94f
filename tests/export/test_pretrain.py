"""What a pretrained GAN keeps: all that the pages show, without its data and without its run."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from genmodels.checkpoints import code_history, test_images
from genmodels.checkpoints.integrity import WEIGHTS
from genmodels.config.base import RunConfig
from genmodels.config.families import CGANConfig, DCGANConfig, InfoGANConfig, LatentFlowConfig
from genmodels.export import pretrain
from genmodels.export.pretrain import export
from genmodels.inference.load import load_model
from genmodels.inference.restore import LoadError
from genmodels.models.infogan import InfoGAN
from genmodels.storage.image_grid import save_grid
from genmodels.storage.paths import PRETRAINED
from tests.support.helpers import finished
from tests.support.pretrained import images

pytestmark = pytest.mark.slow
TINY: dict[str, Any] = {"epochs": 2, "width": 4, "latent_dim": 6, "batch_size": 500, "device": "cpu"}


@pytest.mark.parametrize("config", [DCGANConfig(**TINY), CGANConfig(**TINY), CGANConfig(**TINY, condition="picture")])
def test_a_pretrained_gan_makes_the_same_images_and_has_its_discriminator_its_test_images_and_its_film(
    config: RunConfig, tmp_path: Path
):
    run = finished(config).id
    target = tmp_path / "tiny"
    card = export(run, target, samples=100)
    assert card["title"] == config.default_name
    assert card["command"].startswith(f"python train.py {config.family} ")
    ours, theirs = load_model(str(target)).family, load_model(run).family
    z = torch.randn(10, 6)
    assert torch.allclose(ours.sample(10, z), theirs.sample(10, z), atol=0.02), "half precision is all that differs"
    trained, pretrained = theirs.networks["discriminator"].state_dict(), ours.networks["discriminator"].state_dict()
    assert all(torch.allclose(pretrained[name].float(), trained[name].float(), atol=0.01) for name in trained)
    images = test_images.load(target)
    assert images is not None
    assert len(images) == 1000
    assert images.labels is not None
    frames = sorted(path.name for path in (target / "pictures").iterdir())
    assert frames == ["samples-00000000.png", "samples-00000008.png", "samples-00000016.png"]
    for name in config.pictures:
        assert (target / f"{name}.png").exists() == (name == "samples" or getattr(config, "condition", "") == "picture")


def test_the_networks_of_another_pretrained_model_are_kept_once(tmp_path: Path):
    config = LatentFlowConfig(
        epochs=1, width=16, blocks=1, batch_size=500, device="cpu", check_every=0, preview_every=0
    )
    run = finished(config).id
    target = tmp_path / "tiny"
    card = export(run, target, samples=100)
    assert card["frozen"] == {"vae": "vae-mnist"}
    assert not [name for name in load_file(target / WEIGHTS) if name.startswith("vae.autoencoder.")]
    ours, theirs = load_model(str(target)).family.tensors(), load_model(run).family.tensors()
    frozen = [name for name in theirs if name.startswith("vae.")]
    assert frozen
    assert all(torch.equal(ours[name], theirs[name].half().float()) for name in frozen)


def test_where_another_model_with_its_networks_is_missing_one_sentence_says_so(tmp_path: Path):
    folder = tmp_path / "latent-flow"
    shutil.copytree(PRETRAINED / "latent-flow-mnist", folder)
    card = json.loads((folder / "card.json").read_text())
    for frozen in ({"vae": "no-such-vae"}, {"vae": "../vae-mnist"}, {"vae": ["vae-mnist"]}, ["vae-mnist"]):
        (folder / "card.json").write_text(json.dumps(card | {"frozen": frozen}))
        with pytest.raises(LoadError, match="latent-flow is damaged"):
            load_model(folder)


def test_the_card_of_an_infogan_tells_every_seed_that_was_tried(tmp_path: Path):
    runs = [
        finished(InfoGANConfig.model_validate(TINY | {"epochs": 1, "check_every": 0, "seed": seed})).id
        for seed in (3, 4)
    ]
    target = tmp_path / "tiny"
    card = export(runs[0], target, samples=100, tried=runs[1:])
    assert json.loads((target / "card.json").read_text()) == card
    assert set(card["seeds_tried"]) == {"3", "4"}
    assert card["seeds_tried"]["3"] == card["scores"]["code_accuracy"]
    over = card["over_seeds"]["code_accuracy"]
    assert over["seeds"] == 2
    assert over["mean"] == pytest.approx(sum(card["seeds_tried"].values()) / 2)
    assert not {"samples", "fid_floor", "fid_noise"} & {*card["over_seeds"]}
    ours, theirs = load_model(str(target)).family, load_model(runs[0]).family
    assert isinstance(ours, InfoGAN)
    assert isinstance(theirs, InfoGAN)
    images = torch.randint(0, 256, (20, 1, 28, 28), dtype=torch.uint8)
    assert torch.allclose(ours.read(images)[0], theirs.read(images)[0], atol=0.02)


@pytest.mark.exhaustive
def test_no_more_frames_are_pretrained_than_a_film_needs(tmp_path: Path):
    config = DCGANConfig.model_validate(TINY | {"epochs": 5, "preview_every": 0.125, "check_every": 0})
    export(finished(config).id, tmp_path / "tiny", samples=100)
    frames = sorted((tmp_path / "tiny" / "pictures").iterdir())
    assert len(frames) == 9
    assert (frames[0].name, frames[-1].name) == ("samples-00000000.png", "samples-00000040.png")


def test_a_pretrained_vae_has_the_codes_of_the_steps_that_its_film_shows(tmp_path: Path):
    source, target = tmp_path / "run", tmp_path / "tiny"
    target.mkdir()
    for step in range(100):
        save_grid(source / "pictures" / f"samples-{step:08d}.png", images(step))
        if step % 3 == 0:
            code_history.save(source, step, np.zeros((5, 2)))
    pretrain._copy_pictures(source, target)
    shown = [int(path.stem.rpartition("-")[2]) for path in sorted((target / "pictures").iterdir())]
    assert list(code_history.files(target)) == shown
    assert (len(shown), shown[0], shown[-1]) == (9, 0, 99)
