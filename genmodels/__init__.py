"""Deep generative models that one can watch while they learn, and use:

import genmodels
images = genmodels.load("dcgan-mnist").sample(16)  # (16, 1, 28, 28) in [0, 1]
"""

import os
from typing import TYPE_CHECKING

from genmodels.machine import refuse_windows
from genmodels.storage.paths import ensure_scratch

refuse_windows()

# How often a thread of GNU OpenMP, which torch uses on Linux, looks whether the others are done before it sleeps. By default
# 300,000 times: beside another busy process that takes the core from the very thread it waits for. Read when torch is loaded.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
# Have the CPU compute what torch cannot on Apple's GPU, such as the gradient of some rarer function. Read then, too.
os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")
ensure_scratch()

if TYPE_CHECKING:
    from pathlib import Path

    from genmodels.inference.restore import Trained, Weights


def load(name: "str | Path", *, weights: "Weights" = "averaged") -> "Trained":
    """The trained model of a run or a shipped one, on the CPU.

    name: of a run its id, its folder, or the path of its zip, which is checked before anything of it is read; or the name of
        a shipped model, a folder in ``checkpoints/``. A path is relative to the working directory; ids are looked up where
        the app keeps its runs (``GENMODELS_HOME``).
    weights: of a run, "averaged" (over the last steps, as samples and scores have them), "last", or "best" (of its best
        checkpoint, averaged); a shipped model has averaged ones alone.

    Of what it gives, ``sample(n, seed=None, labels=None, codes=None)`` draws n images, a float32 tensor (n, channels, height,
    width) in [0, 1]; ``config`` is what it was trained with, ``step`` how many steps, ``classes`` what its labels are called.

    Raises ``genmodels.inference.restore.LoadError``, with one sentence, when there is no such model, or it is damaged, unsafe, or of
    another version. No pickle is ever read.
    """
    from genmodels.inference.load import load_model  # loads torch, which those who only look at runs do without

    return load_model(name, weights=weights)
