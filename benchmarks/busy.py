"""What another busy process, such as a browser on the same machine, leaves of the speed of training on the CPU."""

import subprocess
import sys
from statistics import median

from benchmarks.training import bare, speed
from genmodels.config.families import VAEConfig

BATCH_SIZE = 64
TURN = 5.0  # seconds


def measure(turns: int) -> dict[str, float]:
    """The speed of a VAE's step beside a process that never rests, over its speed alone; both on all cores."""
    steps = bare(VAEConfig(batch_size=BATCH_SIZE, device="cpu"))
    speed(steps, BATCH_SIZE, 1.0)  # the first steps are slower
    shares = []
    for _ in range(turns):
        alone = speed(steps, BATCH_SIZE, TURN)
        # In a session of its own, as a browser is: Linux shares the cores out among sessions.
        with subprocess.Popen([sys.executable, "-c", "while True: pass"], start_new_session=True) as busy:
            shares.append(speed(steps, BATCH_SIZE, TURN) / alone)
            busy.kill()
    return {"speed beside a busy process, share": median(shares)}
