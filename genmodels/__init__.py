"""Deep generative models that one can watch while they learn, and use:

import genmodels
images = genmodels.load("dcgan-mnist").sample(16)  # (16, 1, 28, 28) in [0, 1]
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genmodels.inference import Trained, Weights


def load(name: str, *, weights: "Weights" = "averaged") -> "Trained":
    """The trained model of a run, by its id or folder, or a shipped one, by its name in ``checkpoints/``.

    ``weights``, of a run: "averaged" (over the last steps, as samples and scores have them), "last", or "best" (of the best
    checkpoint). Raises ``genmodels.inference.LoadError`` when it cannot be brought back.
    """
    from genmodels import inference  # loads torch, which those who only look at runs do without

    return inference.load(name, weights=weights)
