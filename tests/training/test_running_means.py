"""The means between two rows."""

import torch
from accelerate import Accelerator

from genmodels.training.running_means import RunningMeans


def test_the_mean_of_a_curve_is_over_the_steps_that_have_a_value_of_it():
    means, accelerator = RunningMeans(), Accelerator(cpu=True)
    for value in (1.0, 3.0):
        means.add({"every": torch.tensor(value)})
    means.add({"every": torch.tensor(8.0), "some": torch.tensor(5.0)})
    assert means.take(accelerator) == {"every": 4.0, "some": 5.0}
    means.add({"every": torch.tensor(7.0)})
    assert means.take(accelerator) == {"every": 7.0}, "they begin anew"
