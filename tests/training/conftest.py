"""What trainings of a moment in the process of the tests need."""

from collections.abc import Callable, Iterator

import pytest
import torch
from accelerate.state import AcceleratorState

from tests.support.training import quicken


@pytest.fixture
def fewer(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes the training set as small as a test asks, or small enough for all."""
    sizes = quicken(monkeypatch)
    return lambda n: sizes.update(train=n)


@pytest.fixture
def first_in_its_process() -> Iterator[None]:
    """Accelerate keeps one state a process, as it suits workers, which train one run each."""
    yield
    AcceleratorState._reset_state()
    torch.use_deterministic_algorithms(False)
