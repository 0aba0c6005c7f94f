"""A judge of images that no pretrained classifier knows: trained once, kept, and named in the scores."""

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image
from torch import Tensor

from genmodels.config.families import CGANConfig, ClassifierConfig, DCGANConfig
from genmodels.data import load
from genmodels.data.dataset import Dataset
from genmodels.errors import DataError
from genmodels.inference.restore import Trained
from genmodels.metrics import judge_training
from genmodels.metrics.evaluate import evaluate
from genmodels.metrics.judge import Judge
from genmodels.metrics.judge_training import JudgeTraining, judge_for
from genmodels.metrics.scores.images import Critic, uniform_noise
from genmodels.models import build
from tests.support.helpers import wait_until

CPU = torch.device("cpu")
COLOURFUL = DCGANConfig(dataset="cifar10", width=4, latent_dim=4, device="cpu")
CLASSES = ("broad", "narrow")


def pictures(split: str, n: int) -> Dataset:
    """A broad or a narrow band at the top, every other, in any colour on dark noise: uint8 (n, 3, 32, 32)."""
    random = torch.Generator().manual_seed(len(split))
    images = torch.randint(60, (n, 3, 32, 32), generator=random, dtype=torch.uint8)
    colours = torch.randint(150, 256, (n, 3, 1, 1), generator=random, dtype=torch.uint8)
    labels = torch.arange(n) % 2
    images[labels == 0, :, :16] = colours[labels == 0].expand(-1, -1, 16, 32)
    images[labels == 1, :, :6] = colours[labels == 1].expand(-1, -1, 6, 32)
    return Dataset(images, labels, CLASSES)


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A smaller network, fewer steps."""
    monkeypatch.setattr(
        judge_training, "RECIPE", judge_training.RECIPE | {"width": 4, "batch_size": 16, "learning_rate": 1e-2}
    )
    monkeypatch.setattr(judge_training, "SEEN", dict.fromkeys(judge_training.SEEN, 480))


@pytest.fixture
def sets(monkeypatch: pytest.MonkeyPatch) -> dict[str, Dataset]:
    """The images that any set has, by split, which a test may change."""
    found = {"train": pictures("train", 200), "test": pictures("test", 100)}
    monkeypatch.setattr(load, "load_dataset", lambda name, split, **options: found[split])
    return found


@pytest.fixture
def unlabelled(sets: dict[str, Dataset]) -> dict[str, Dataset]:
    sets.update({split: replace(images, labels=None, classes=()) for split, images in sets.items()})
    return sets


def judged(config: Any = COLOURFUL) -> Judge:
    found = judge_for(config, CPU)
    assert found is not None
    return found


def test_it_learns_the_labels_and_says_how_well(sets: dict[str, Dataset]):
    found = judged()
    assert found.name == "a network trained on these images' labels, 200 images"
    assert (found.task, found.images, found.classes) == ("labels", 200, CLASSES)
    seen, labels = found.labels(sets["test"].images), sets["test"].labels
    assert labels is not None
    assert found.accuracy == pytest.approx((seen == labels).float().mean().item()) == 1.0
    assert torch.equal(found.labels(sets["test"].images, CLASSES[::-1]), 1 - seen), (
        "in the order of a generator's classes"
    )
    assert not found.knows(("broad", "none"))


def test_without_labels_it_learns_quarter_turns_and_knows_no_classes(unlabelled: dict[str, Dataset]):
    found = judged()
    assert found.name == "a network trained to tell quarter turns of these images, 200 images"
    assert found.accuracy is not None
    assert found.accuracy > 0.9
    assert not found.knows(())
    upright = unlabelled["test"].images
    turns = torch.stack([found.classifier.logits(upright.rot90(turn, (2, 3))).argmax(1) for turn in range(4)])
    assert ((turns == torch.arange(4)[:, None]).float().mean(1) > 0.8).all()


def test_images_of_one_class_alone_have_no_labels_to_learn(sets: dict[str, Dataset]):
    sets["train"] = replace(sets["train"], labels=torch.zeros(200, dtype=torch.long), classes=("all",))
    assert judged().task == "turns"


@pytest.mark.parametrize("kind", ["sets", "unlabelled"])
def test_real_images_and_noise_are_the_ends_of_its_scale(kind: str, request: pytest.FixtureRequest):
    found: dict[str, Dataset] = request.getfixturevalue(kind)
    real, others = found["test"].images, found["train"].images[:100]
    critic = Critic.of(COLOURFUL, real)

    def fid(images: Tensor) -> float:
        value = critic.score(images, 0)["fid"]
        assert value is not None
        return value

    worse = real.float().mean(0, keepdim=True).lerp(real.float(), 0.3).byte()
    assert fid(others) < fid(worse) < fid(uniform_noise(real, 0))


def test_it_is_trained_once_for_all_runs_of_the_same_images(sets: dict[str, Dataset], monkeypatch: pytest.MonkeyPatch):
    first = judged()
    monkeypatch.setattr(JudgeTraining, "train", lambda *arguments: pytest.fail("it is there"))
    again = judged(CGANConfig(dataset="cifar10", train_images=50, seed=7, device="cpu"))
    assert torch.equal(first.classifier.features(sets["test"].images), again.classifier.features(sets["test"].images))
    assert (again.name, again.accuracy) == (first.name, first.accuracy)
    other = JudgeTraining.of(DCGANConfig(dataset="cifar10", image_size=28, channels=1))
    assert other.folder != JudgeTraining.of(COLOURFUL).folder


def test_the_same_images_give_the_same_judge_in_another_home(
    sets: dict[str, Dataset], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    found = []
    for seed, home in enumerate(("one", "two")):
        monkeypatch.setenv("GENMODELS_HOME", str(tmp_path / home))
        torch.manual_seed(seed)
        found.append(judged().classifier.features(sets["test"].images))
    assert torch.equal(*found)


def test_who_asks_while_it_is_trained_waits_for_that(sets: dict[str, Dataset], monkeypatch: pytest.MonkeyPatch):
    trained, train = [], JudgeTraining.train

    def slowly(self: JudgeTraining, device: torch.device) -> object:
        trained.append(device)
        if not waiting.is_alive():
            waiting.start()
        return train(self, device)

    monkeypatch.setattr(JudgeTraining, "train", slowly)
    second: list[Judge] = []
    waiting = threading.Thread(target=lambda: second.append(judged()))
    first = judged()
    waiting.join()
    assert len(trained) == 1
    assert (second[0].name, second[0].accuracy) == (first.name, first.accuracy)


def test_a_damaged_judge_is_trained_again(sets: dict[str, Dataset]):
    first, folder = judged(), JudgeTraining.of(COLOURFUL).folder
    (folder / judge_training.WEIGHTS).write_bytes(b"half")
    assert JudgeTraining.of(COLOURFUL).kept(CPU) is None
    assert judged().accuracy == first.accuracy
    (folder / judge_training.CARD).write_text("{}")
    assert JudgeTraining.of(COLOURFUL).look().state == "missing"


def test_other_images_in_a_folder_have_another_judge(tmp_path: Path):
    for split, n in (("train", 4), ("test", 2)):
        (tmp_path / split).mkdir()
        for index, image in enumerate(pictures(split, n).images):
            Image.fromarray(image.permute(1, 2, 0).numpy()).save(tmp_path / split / f"{index}.png")
    config = DCGANConfig(dataset="folder", folder=str(tmp_path), channels=3)
    before = JudgeTraining.of(config).folder
    assert JudgeTraining.of(config).folder == before
    Image.fromarray(pictures("train", 9).images[8].permute(1, 2, 0).numpy()).save(tmp_path / "train" / "0.png")
    assert JudgeTraining.of(config).folder != before
    with pytest.raises(DataError, match="There is no folder"):
        JudgeTraining.of(config.model_copy(update={"folder": str(tmp_path / "gone")}))


def test_in_the_background_it_tells_how_far_it_is_and_why_it_fails(monkeypatch: pytest.MonkeyPatch):
    """On the embedded digits, which the process has as well."""
    made = JudgeTraining.of(DCGANConfig(image_size=32))
    assert made.look().state == "missing"
    seen: list[tuple[float, float | None]] = []
    monkeypatch.setattr(judge_training, "SEEN", dict.fromkeys(judge_training.SEEN, 64))
    monkeypatch.setattr(judge_training, "TOLD_EVERY", 0.0)
    exercise = judge_training._exercise

    def looked_at(*arguments: Any) -> Any:
        if (partial := made.partial_result()) is not None:
            seen.append((partial[1], partial[0].seconds_left))
        return exercise(*arguments)

    monkeypatch.setattr(judge_training, "_exercise", looked_at)
    made._prepare()
    card = made.compute()
    assert made.look().found == card
    assert made.look().state == "done"
    assert seen[0] == (0.0, None)
    assert seen[1][1] is not None
    gone = JudgeTraining(
        ClassifierConfig(dataset="folder", folder=str(made.folder / "nowhere")), made.folder.with_name("gone")
    )
    assert gone.start("anna")
    assert gone.owner == "anna"
    wait_until(lambda: gone.look().state == "failed")
    assert gone.look().error.startswith("There is no folder")


@pytest.mark.parametrize("kind", ["sets", "unlabelled"])
def test_the_scores_of_a_model_name_it_and_tell_nothing_of_classes_without_labels(
    kind: str, request: pytest.FixtureRequest
):
    request.getfixturevalue(kind)
    labelled = kind == "sets"
    config = CGANConfig(dataset="cifar10", width=4, latent_dim=4, device="cpu") if labelled else COLOURFUL
    trained = Trained(build(config, 2 * labelled), config, Path(), 0, CLASSES if labelled else ())
    scores = evaluate(trained, samples=60)
    assert scores["feature_network"].endswith("200 images")
    assert 0 < scores["fid_floor"] < scores["fid"]
    assert scores["fid_noise"] > scores["fid_floor"]
    assert (scores["judge_images"], scores["judge_task"]) == (200, "labels" if labelled else "turns")
    of_classes = [scores[name] for name in ("judge", "confident_share", "classes_covered")]
    if labelled:
        assert None not in of_classes
        assert 0 <= scores["label_fidelity"] <= 1
    else:
        assert of_classes == [None] * 3
        assert scores["reasons"]["confident_share"] == "the images have no labels"


def test_too_few_images_for_any_score_have_none_trained(sets: dict[str, Dataset], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(JudgeTraining, "train", lambda *arguments: pytest.fail("nothing is to be scored"))
    trained = Trained(build(COLOURFUL), COLOURFUL, Path(), 0)
    assert evaluate(trained, samples=49)["fid"] is None
