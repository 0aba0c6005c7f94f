"""The training that is there before anybody has trained: that of the form's defaults, with a few of its moments. Free of torch.

`python -m genmodels.toys.prepared` trains it, and writes its film anew.
"""

from functools import cache

from genmodels.storage.paths import PRETRAINED
from genmodels.toys import film as films
from genmodels.toys.film import Film
from genmodels.toys.setup import Setup

PATH = PRETRAINED / "toy-moons.npz"
MOMENTS = 8


def prepared(setup: Setup) -> Film | None:
    """The film of ``setup``, if it is that one."""
    return _load() if setup == Setup() else None


@cache
def _load() -> Film | None:
    return films.load(PATH)


def main() -> None:
    import torch

    from genmodels.toys.train import train

    torch.set_num_threads(1)
    train(Setup()).thinned(MOMENTS).save(PATH)


if __name__ == "__main__":
    main()
