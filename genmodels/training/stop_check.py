"""Whether training should go on."""

import time
from collections.abc import Callable

import torch
from accelerate import Accelerator

STOP_CHECK_SECONDS = 0.5


class StopCheck:
    """Asks ``should_stop`` now and then; with several processes the main one decides, so that all stop at one step."""

    def __init__(self, should_stop: Callable[[], bool], accelerator: Accelerator) -> None:
        self.should_stop, self.accelerator = should_stop, accelerator
        self.asked = time.monotonic()

    def __call__(self) -> bool:
        if self.accelerator.num_processes > 1:
            decision = torch.tensor(float(self._ask()), device=self.accelerator.device)
            return bool(self.accelerator.reduce(decision, "sum").item())
        return self._ask()

    def _ask(self) -> bool:
        now = time.monotonic()
        if not self.accelerator.is_main_process or now - self.asked < STOP_CHECK_SECONDS:
            return False
        self.asked = now
        return self.should_stop()
