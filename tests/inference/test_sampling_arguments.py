"""What is given to a loaded model from Python is refused in one sentence where it is of another kind."""

from typing import Any

import pytest
import torch

import genmodels
from genmodels.errors import UserError


@pytest.mark.parametrize("name", [None, 123, [], b"dcgan-mnist"])
def test_what_is_no_name_loads_nothing(name: Any):
    with pytest.raises(TypeError, match="A model is loaded by its name, id or path, not "):
        genmodels.load(name)


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"n": 1.5}, TypeError, "The number of images must be a whole number, not 1.5."),
        ({"n": "3"}, TypeError, "The number of images must be a whole number, not '3'."),
        ({"n": -1}, ValueError, "The number of images must be 0 to 1,000,000, not -1."),
        ({"n": 10**9}, ValueError, "The number of images must be 0 to 1,000,000, not 1,000,000,000."),
        ({"n": 10**9}, UserError, "The number of images must be 0 to 1,000,000, not 1,000,000,000."),
        ({"seed": "a"}, TypeError, "The seed must be a whole number, not 'a'."),
        ({"seed": 2**70}, ValueError, "The seed must be "),
        ({"num_steps": "3"}, TypeError, "num_steps must be a whole number, not '3'."),
        ({"num_steps": 1.5}, TypeError, "num_steps must be a whole number, not 1.5."),
        ({"num_steps": 0}, ValueError, "num_steps must be 1 to 100, not 0."),
        ({"guidance": "x"}, TypeError, "guidance must be a number, not 'x'."),
        ({"guidance": float("nan")}, ValueError, "guidance must be 0 to "),
        ({"steps": 3}, TypeError, "flow-mnist takes no steps: choose from seed, z, labels, codes, num_steps, "),
    ],
)
def test_what_a_flow_cannot_draw_by_is_refused(options: dict[str, Any], error: type[Exception], sentence: str):
    with pytest.raises(error) as caught:
        genmodels.load("flow-mnist").sample(**({"n": 1} | options))
    assert str(caught.value).startswith(sentence)
    assert "\n" not in str(caught.value)


def test_whole_numbers_of_any_type_are_taken():
    model = genmodels.load("dcgan-mnist")
    assert torch.equal(model.sample(torch.tensor(2), seed=torch.tensor(3)), model.sample(2, seed=3))  # type: ignore[arg-type]


def test_more_images_than_fit_into_memory_are_refused_in_one_sentence(monkeypatch: pytest.MonkeyPatch):
    model = genmodels.load("dcgan-mnist")
    monkeypatch.setattr(model.family, "sample", lambda n, **options: torch.empty(10**15))
    with pytest.raises(UserError, match=r"^The memory is too small for 3 images at once: draw fewer at a time\.$"):
        model.sample(3)


@pytest.mark.parametrize("numbers", [{"samples": 10**9}, {"samples": 0}, {"iw_k": 10**9}, {"iw_k": 0}])
def test_more_images_and_draws_than_can_be_scored_are_refused(numbers: dict[str, int]):
    (name,) = numbers
    with pytest.raises(UserError, match=f"^{name} must be 1 to 1,000,000, not "):
        genmodels.evaluate(genmodels.load("vae-mnist"), **numbers)  # type: ignore[arg-type]
