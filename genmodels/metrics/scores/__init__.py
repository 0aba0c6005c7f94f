"""What a trained model is worth: ``images`` for all that generate, and one module a family with scores of its own.

Such a module has the name of its family, and a function ``score(trained, request)`` that gives scores by name.
"""

from dataclasses import dataclass

from genmodels.language import N_

GENERATED = 10_000  # images that a generator is judged by
# Images of each kind that a distance or a share of them needs: with fewer, it would say more of their number than of the model.
# A FID goes on falling with more of them; only those of equally many can be compared.
LEAST = 50
LEAST_OF_A_CLASS = 5  # images, for the scores of a conditional GAN


def too_few(have: int, need: int = LEAST) -> str:
    """Why a score is None that needs more images than there are."""
    return N_("needs at least {need:,} images, and there are {have:,}", need=need, have=have)


@dataclass(frozen=True)
class Request:
    """How a model is scored.

    samples: so many generated images, and so many test images at most; None for 10,000, and all. iw_k: draws behind the
    importance-weighted bound of a VAE.
    """

    samples: int | None = None
    seed: int = 0
    iw_k: int = 1000

    @property
    def generated(self) -> int:
        return self.samples or GENERATED
