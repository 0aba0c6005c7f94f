"""Runs that must come out the same: one that does not is found."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from genmodels.config.base import RunConfig
from genmodels.gpu_check import repeating
from genmodels.gpu_check.child import train_in_child
from genmodels.gpu_check.session import Session, difference, trainer


@pytest.mark.parametrize(("seed", "state"), [(0, "passed"), (1, "failed")])
def test_a_run_that_comes_out_otherwise_in_another_process_is_found(
    session: Session, monkeypatch: pytest.MonkeyPatch, seed: int, state: str
):
    def there(runs: Sequence[tuple[RunConfig, Path]]) -> None:
        for config, folder in runs:
            trainer(config.model_copy(update={"seed": seed}), folder).run()

    monkeypatch.setattr(repeating, "train_in_child", there)
    monkeypatch.setattr(repeating, "FAMILIES", ["vae"])
    (row,) = repeating.repeat(session)
    assert (row.what, row.state) == ("vae, twice", state)


def test_what_a_process_failed_of_is_told(session: Session):
    config = session.config("vae", device="cuda")
    with pytest.raises(RuntimeError, match="There is no cuda here: choose the device 'auto' or 'cpu'"):
        train_in_child([(config, session.folder / "run")])


def test_a_difference_is_the_largest_and_nothing_hides_what_is_not_a_number():
    one = {"a": torch.zeros(2), "b": torch.zeros(2)}
    assert difference(one, one | {"a": torch.tensor([0.0, -3.0])}) == 3
    assert not difference(one, one | {"a": torch.tensor([0.0, torch.nan])}) <= 0
    with pytest.raises(LookupError, match="b is in one of both alone"):
        difference(one, {"a": one["a"]})
