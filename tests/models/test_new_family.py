"""What the README says of adding a family: a config and a model, and everything else is there."""

import sys
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, Literal

import pandas as pd
import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from genmodels.cli.train import parse
from genmodels.config import families
from genmodels.config.base import Curve, RunConfig, option
from genmodels.data.noise import Noise
from genmodels.data.pixels import to_unit
from genmodels.models.base import Batch, Family, evaluating
from genmodels.training import diagnosis
from tests.support.training import assert_equal, quicken, train, weights


class AutoencoderConfig(RunConfig):
    """An autoencoder whose code has no prior."""

    title: ClassVar[str] = "Autoencoder"
    acronym: ClassVar[str] = "AE"
    curves: ClassVar[tuple[Curve, ...]] = (
        Curve("loss", "loss", "Loss", "mean square", "How far the images are from the originals."),
    )
    pictures: ClassVar[dict[str, str]] = {"samples": "Images of random codes."}

    family: Literal["autoencoder"] = "autoencoder"
    latent_dim: int = option(16, "Length of the code.", "Model", ge=1, le=512)


class Autoencoder(Family):
    def __init__(self, config: AutoencoderConfig) -> None:
        pixels = config.channels * config.image_size**2
        shape = (config.channels, config.image_size, config.image_size)
        decoder = nn.Sequential(nn.Linear(config.latent_dim, pixels), nn.Sigmoid(), nn.Unflatten(1, shape))
        network = nn.Sequential(nn.Flatten(), nn.Linear(pixels, config.latent_dim), decoder)
        super().__init__(config, {"autoencoder": network}, averaged=("autoencoder",))
        self.config = config

    def make_optimizers(self) -> dict[str, Optimizer]:
        return {"autoencoder": Adam(self.networks["autoencoder"].parameters(), lr=self.config.learning_rate)}

    def step(self, batch: Batch, noise: Noise) -> dict[str, Tensor]:
        x = to_unit(batch.images)
        loss = F.mse_loss(self.networks["autoencoder"](x), x)
        self.descend("autoencoder", loss)
        return {"loss": loss.detach()}

    def evaluate(self, batches: Iterable[Batch], noise: Noise) -> dict[str, float]:
        network = self.averaged["autoencoder"]
        with evaluating(network):
            losses = [F.mse_loss(network(x), x) for x in (to_unit(batch.images) for batch in batches)]
        return {"loss": torch.stack(losses).mean().item()}

    def sample(
        self, n: int, z: Tensor | None = None, labels: Tensor | None = None, codes: Tensor | None = None
    ) -> Tensor:
        decoder: Any = self.averaged["autoencoder"][-1]  # type: ignore[index]
        with evaluating(decoder):
            return decoder(torch.randn(n, self.config.latent_dim) if z is None else z)

    def random_samples(self, real: Tensor, noise: Noise) -> Tensor:
        return self.sample(len(real), noise.normal(len(real), self.config.latent_dim))

    def previews(self, images: Tensor) -> dict[str, Tensor]:
        return {"samples": self.random_samples(images, Noise(1))}


@pytest.fixture(autouse=True)
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = ModuleType("genmodels.models.autoencoder")
    module.build = lambda config, num_classes: Autoencoder(config)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(families.FAMILIES, "autoencoder", AutoencoderConfig)


def test_the_command_line_knows_its_options_and_their_bounds(capsys: pytest.CaptureFixture[str]):
    assert parse(["autoencoder", "--latent-dim", "4"]).config == AutoencoderConfig(latent_dim=4)
    with pytest.raises(SystemExit, match="latent_dim must be 1 to 512"):
        parse(["autoencoder", "--latent-dim", "0"])


def test_it_trains_stops_resumes_and_is_looked_after_like_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    quicken(monkeypatch)
    config = AutoencoderConfig(epochs=2, batch_size=100, device="cpu", compile="off")
    whole = train(config, tmp_path / "straight")
    train(config, tmp_path / "stopped", stop_at=5)
    train(config, tmp_path / "stopped")
    assert_equal(weights(tmp_path / "stopped"), weights(tmp_path / "straight"))
    assert whole.rows[16]["test/loss"] < whole.rows[8]["test/loss"]
    assert "score/roughness" in whole.rows[16]
    assert sorted(path.name for path in (tmp_path / "straight" / "pictures").iterdir())[-1] == "samples-00000016.png"
    rows = [
        {"name": name, "step": step, "epoch": step / 8, "value": value}
        for step, values in whole.rows.items()
        for name, value in values.items()
    ]
    assert {finding.kind for finding in diagnosis.findings(config.model_dump(), pd.DataFrame(rows))} <= {
        diagnosis.NOISE,
        diagnosis.COLLAPSE,
    }
