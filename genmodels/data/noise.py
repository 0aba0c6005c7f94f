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
        self.generator = torch.Generator(device).manual_seed(seed)
        self.rank, self.processes = rank, processes

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

    def state(self) -> Tensor:
        """What ``restore`` takes: uint8, of a length that depends on the kind of device."""
        return self.generator.get_state()

    def restore(self, state: Tensor) -> bool:
        """Go on where ``state`` was taken; whether that is possible.

        It is not from one kind of device to another, such as from CUDA to the CPU, whose generators differ: then go on with
        other numbers, which depend on the state alone. Raises ``RuntimeError`` when it is no state.
        """
        if len(state) == len(self.state()):
            self.generator.set_state(state)
            return True
        self.generator.manual_seed(int(digest(state)[:15], 16))
        return False

    def _own(self, drawn: Tensor, n: int) -> Tensor:
        return drawn[self.rank * n : (self.rank + 1) * n]
