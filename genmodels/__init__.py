"""Deep generative models that one can watch while they learn, and use:

import genmodels
images = genmodels.load("dcgan-mnist").sample(16)  # (16, 1, 28, 28) in [0, 1]
"""

# Under other names, so that what one finds here is what there is to use.
import importlib as _importlib
import os as _os
import typing as _typing

from genmodels.machine import refuse_windows as _refuse_windows
from genmodels.storage.paths import ensure_scratch as _ensure_scratch

__version__ = "1.0.0.dev0"
__all__ = ["LoadError", "Store", "Trained", "UserError", "__version__", "evaluate", "load", "pretrained_models"]

_refuse_windows()

# How often a thread of GNU OpenMP, which torch uses on Linux, looks whether the others are done before it sleeps. By default
# 300,000 times: beside another busy process that takes the core from the very thread it waits for. Read when torch is loaded.
_os.environ.setdefault("GOMP_SPINCOUNT", "1000")
# Have the CPU compute what torch cannot on Apple's GPU, such as the gradient of some rarer function. Read then, too.
_os.environ.setdefault("PYTORCH_ENABLE_MPS_FALLBACK", "1")
_ensure_scratch()

if _typing.TYPE_CHECKING:
    from pathlib import Path

    from genmodels.checkpoints.pretrained import pretrained_models
    from genmodels.errors import UserError
    from genmodels.inference.restore import LoadError, Trained, Weights
    from genmodels.metrics.evaluate import evaluate
    from genmodels.runs.store import Store

# Where the other names are from. They are imported when they are asked for: some load torch.
_LAZY = {
    "LoadError": ("genmodels.inference.restore", "LoadError"),
    "Store": ("genmodels.runs.store", "Store"),
    "Trained": ("genmodels.inference.restore", "Trained"),
    "UserError": ("genmodels.errors", "UserError"),
    "evaluate": ("genmodels.metrics.evaluate", "evaluate"),
    "pretrained_models": ("genmodels.checkpoints.pretrained", "pretrained_models"),
}


def __getattr__(name: str) -> _typing.Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _LAZY[name]
    return getattr(_importlib.import_module(module), attribute)


def __dir__() -> list[str]:
    return __all__


def load(name: "str | Path", *, weights: "Weights" = "averaged") -> "Trained":
    """The trained model of a run or a pretrained one, on the CPU.

    name: of a run its id, its folder, or the path of its zip, which is checked before anything of it is read; or the name of
        a pretrained model, a folder in ``checkpoints/``. A path is relative to the working directory; ids are looked up where
        the app keeps its runs (``GENMODELS_HOME``).
    weights: of a run, "averaged" (over the last steps, as samples and scores have them), "last", or "best" (of its best
        checkpoint, averaged); a pretrained model has averaged ones alone.

    Of what it gives, ``sample(n, seed=None, labels=None, codes=None)`` draws n images, a float32 tensor (n, channels, height,
    width) in [0, 1], a flow's with ``num_steps``, ``sampler`` and ``guidance`` too; ``config`` is what it was trained with, ``step`` how many steps, ``classes`` what its labels are called.

    Raises ``LoadError``, with one sentence, when there is no such model, or it is damaged, unsafe, or of
    another version. No pickle is ever read.
    """
    from genmodels.inference.load import load_model  # loads torch, which those who only look at runs do without

    return load_model(name, weights=weights)
