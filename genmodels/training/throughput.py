"""How fast training goes."""

import time


class Clock:
    """Speed since the last tick."""

    def __init__(self, step: int) -> None:
        self.step, self.time = step, time.monotonic()

    def tick(self, step: int, batch_size: int) -> tuple[float, float]:
        """Images per second and seconds since the last tick."""
        now = time.monotonic()
        elapsed = max(now - self.time, 1e-9)
        speed = (step - self.step) * batch_size / elapsed
        self.step, self.time = step, now
        return speed, elapsed
