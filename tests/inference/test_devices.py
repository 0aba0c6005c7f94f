"""The device that a model is evaluated on: the best there is, or the one that is named."""

import pytest
import torch

from genmodels.inference.devices import DeviceError, named
from genmodels.metrics import evaluate


def pretend(monkeypatch: pytest.MonkeyPatch, cuda: int = 0, mps: bool = False) -> None:
    """So many CUDA devices, and mps or not."""
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


@pytest.mark.parametrize(
    ("cuda", "mps", "best"), [(2, True, "cuda"), (1, False, "cuda"), (0, True, "mps"), (0, False, "cpu")]
)
def test_the_best_device_is_cuda_then_mps_then_the_cpu(
    monkeypatch: pytest.MonkeyPatch, cuda: int, mps: bool, best: str
):
    pretend(monkeypatch, cuda, mps)
    assert named("auto") == torch.device(best)
    assert named("cpu") == torch.device("cpu")


def test_a_device_of_its_name_is_taken_where_it_is(monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, cuda=2, mps=True)
    for name in ("cuda", "cuda:0", "cuda:1", "mps"):
        assert named(name) == torch.device(name)


@pytest.mark.parametrize("name", ["cuda", "cuda:0", "mps"])
def test_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, name: str):
    pretend(monkeypatch)
    with pytest.raises(DeviceError, match=f"^There is no {name} here: choose the device 'auto' or 'cpu'.$"):
        named(name)


def test_a_number_beyond_the_last_device_is_refused(monkeypatch: pytest.MonkeyPatch):
    pretend(monkeypatch, cuda=2)
    with pytest.raises(DeviceError, match=r"^There is no cuda:2 here"):
        named("cuda:2")


@pytest.mark.parametrize("name", ["tpu", "meta", "cuda:x"])
def test_the_evaluation_refuses_other_names_in_one_sentence(name: str):
    with pytest.raises(SystemExit) as caught:
        evaluate.main(["vae-mnist", "--device", name])
    said = f"There is no device {name}: choose auto, cpu, cuda, cuda:N or mps."
    assert caught.value.code == f"python -m genmodels.metrics.evaluate: {said}"
