"""What a trained model is worth: ``images`` for all that generate, and one module a family with scores of its own.

Such a module has the name of its family, and a function ``score(trained, request)`` that gives scores by name.
"""

from dataclasses import dataclass

GENERATED = 10_000  # images that a generator is judged by


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
