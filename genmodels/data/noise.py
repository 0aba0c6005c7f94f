"""Random numbers that do not depend on how many processes share the work."""

import torch
from torch import Tensor

from genmodels.storage.hashing import digest


class Noise:
    """Draws for the global batch on every process and keeps this process's rows.

    N processes with the same seed so see exactly the numbers that one process with the whole batch sees. The generator is
    its own, so that nothing else (a preview, an evaluation) can move it.
    """

    def __init__(self, seed: int, device: torch.device | str = "cpu", rank: int = 0, processes: int = 1) -> None:
        self.seed = seed
        self.generator = torch.Generator(device).manual_seed(seed)
        self.rank, self.processes = rank, processes

    def resume(self, state: Tensor, step: int) -> bool:
        """Go on from the ``state`` of a generator after ``step``, or, where it is of another kind of device, with numbers that
        depend on the seed and the step alone. Whether they are those that would have followed."""
        # A CUDA generator's state has 16 bytes, a CPU generator's 5,056.
        exact = state.shape == self.generator.get_state().shape
        if exact:
            self.generator.set_state(state)
        else:
            # A digest, since a generator of the CPU looks at 32 bits of its seed alone.
            self.generator.manual_seed(int(digest(f"{self.seed} {step}")[:15], 16))
        return exact

    def normal(self, n: int, *shape: int) -> Tensor:
        """Standard normal numbers, (n, *shape)."""
        drawn = torch.randn(n * self.processes, *shape, generator=self.generator, device=self.generator.device)
        return self._own(drawn, n)

    def uniform(self, n: int, *shape: int) -> Tensor:
        """Uniform numbers in [0, 1), (n, *shape)."""
        drawn = torch.rand(n * self.processes, *shape, generator=self.generator, device=self.generator.device)
        return self._own(drawn, n)

    def integers(self, n: int, below: int) -> Tensor:
        """Whole numbers from 0 to ``below`` - 1, each as likely as the others, (n,)."""
        drawn = torch.randint(below, (n * self.processes,), generator=self.generator, device=self.generator.device)
        return self._own(drawn, n)

    def bernoulli(self, probabilities: Tensor) -> Tensor:
        """1 with the given probabilities, else 0; shape and type of ``probabilities``."""
        return (self.uniform(*probabilities.shape) < probabilities).to(probabilities.dtype)

    def _own(self, drawn: Tensor, n: int) -> Tensor:
        return drawn[self.rank * n : (self.rank + 1) * n]
