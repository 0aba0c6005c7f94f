"""Whether training should go on."""

import time
from collections.abc import Callable

import torch
from accelerate import Accelerator

from genmodels.data.transfer import HostCopy

STOP_CHECK_SECONDS = 0.5
ANSWERED_AFTER = 4  # steps: a device has so many to compute before the host waits for it


class StopCheck:
    """Asks ``should_stop`` now and then; with several processes the main one decides, so that all stop at one step.

    Those ask each other every few steps, and read the answer only when they ask again: nobody waits for a step to end.
    """

    def __init__(self, should_stop: Callable[[], bool], accelerator: Accelerator) -> None:
        self.should_stop, self.accelerator = should_stop, accelerator
        self.asked = time.monotonic()
        self.steps = 0
        self.answer: HostCopy | None = None

    def __call__(self) -> bool:
        """To be called once a step, by all processes."""
        if self.accelerator.num_processes == 1:
            return self._ask()
        self.steps += 1
        if self.steps % ANSWERED_AFTER:
            return False
        stop = self.answer is not None and bool(self.answer.wait()["stop"])
        decision = torch.full((), float(self._ask()), device=self.accelerator.device)
        self.answer = HostCopy({"stop": self.accelerator.reduce(decision, "sum")})
        return stop

    def _ask(self) -> bool:
        now = time.monotonic()
        if not self.accelerator.is_main_process or now - self.asked < STOP_CHECK_SECONDS:
            return False
        self.asked = now
        return self.should_stop()
