"""What the points of a check are given here: the CPU, and the smallest networks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from genmodels.gpu_check.session import Session
from genmodels.training.devices import forget_accelerator


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    yield Session(torch.device("cpu"), quick=True, folder=tmp_path)
    forget_accelerator()
    torch.use_deterministic_algorithms(False)
