"""Deep generative models that one can watch while they learn, and use:

import genmodels
images = genmodels.load("dcgan-mnist").sample(16)  # (16, 1, 28, 28) in [0, 1]
"""

import os
from typing import TYPE_CHECKING

# How often a thread of GNU OpenMP, which torch uses on Linux, looks whether the others are done before it sleeps. By default
# 300,000 times: beside another busy process that takes the core from the very thread it waits for. Read when torch is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

if TYPE_CHECKING:
    from genmodels.inference import Trained, Weights


def load(name: str, *, weights: "Weights" = "averaged") -> "Trained":
    """The trained model of a run, by its id or folder, or a shipped one, by its name in ``checkpoints/``.

    ``weights``, of a run: "averaged" (over the last steps, as samples and scores have them), "last", or "best" (of the best
    checkpoint). Raises ``genmodels.inference.LoadError`` when it cannot be brought back.
    """
    from genmodels import inference  # loads torch, which those who only look at runs do without

    return inference.load(name, weights=weights)
