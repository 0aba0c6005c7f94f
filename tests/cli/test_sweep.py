"""`genmodels sweep`: what it starts, follows and tells."""

import re
from typing import Any

import pytest

from genmodels.cli.main import main
from genmodels.jobs import groups
from genmodels.runs.store import Run, Store
from tests.support.pages import started

__all__ = ["started"]  # a fixture


@pytest.fixture
def at_once(started: list[Any], monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Runs are finished as soon as they are started."""
    start = groups.start

    def finish(store: Store, *arguments: Any) -> list[Run]:
        runs = start(store, *arguments)
        for place, run in enumerate(runs):
            store.update(run.id, state="finished")
            store.add_metrics(run.id, 1, 1.0, {"test/neg_elbo": 100.0 + place})
        return runs

    monkeypatch.setattr(groups, "start", finish)
    return started


@pytest.mark.usefixtures("own_signals")
def test_seeds_and_values_are_started_as_one_group_and_told_with_their_spread(
    at_once: list[Any], capsys: pytest.CaptureFixture[str]
):
    assert main(["sweep", "vae", "--epochs", "1", "--vary", "latent-dim=2,4", "--seeds", "2", "--seed", "3"]) == 0
    assert [(config.latent_dim, config.seed, config.epochs) for config in at_once] == [
        (2, 3, 1),
        (2, 4, 1),
        (4, 3, 1),
        (4, 4, 1),
    ]
    runs = Store().runs()
    assert len({run.group for run in runs}) == 1
    told = capsys.readouterr().out
    assert re.search(rf"^Group {runs[0].group}, 4 runs$", told, re.MULTILINE)
    assert "negative ELBO, test: 100.5 ± 0.71 (2 seeds)" in told
    assert "Chosen without labels: latent dim 2, seed 3: VAE on mnist-sample" in told
    assert main(["sweep", "--show", runs[0].group]) == 0
    assert "100.5 ± 0.71 (2 seeds)" in capsys.readouterr().out
    assert main(["sweep", "--delete", runs[0].group]) == 0
    assert Store().runs() == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("sweep", "choose a family (vae, "),
        ("sweep vae", "This is a single run: give --seeds 3"),
        ("sweep vae --seeds 0", "Give a number of seeds above 0"),
        ("sweep vae --vary beta", "Give a number of seeds above 0, and values as in --vary beta=1,2,4."),
        ("sweep vae --vary beta=1,x", "beta must be 0 to 100, not 'x'."),
        ("sweep vae --vary device=cpu,mps", "device cannot be varied"),
        ("sweep vae --epochs 0 --seeds 2", "epochs must be 1 to 2,000 epochs, not '0'."),
        ("sweep --resume no-such-group", "There is no group no-such-group in "),
    ],
)
def test_a_mistake_gets_one_line(arguments: str, told: str, started: list[Any]):
    with pytest.raises(SystemExit) as left:
        main(arguments.split())
    assert str(left.value.code).startswith(f"genmodels sweep: {told}")
    assert started == []
