"""What a run tells the person at the terminal, or the log file, that its output goes to.

Printing never ends a training: a character that the terminal does not know is written as its number, and what is printed to a
terminal or a pipe that has gone is lost.
"""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from genmodels.config.splits import HELD_OUT


class Console:
    """Sentences, and a progress bar with the curves' last values; in a file, a line an epoch instead of the bar."""

    def __init__(self) -> None:
        self.bar: tqdm | None = None
        self.epoch = 0
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")

    def say(self, text: str) -> None:
        """One sentence, above the bar if there is one."""
        with _printing():
            tqdm.write(text)
            sys.stdout.flush()

    def progress(self, step: int, total_steps: int, epoch: float, values: dict[str, float]) -> None:
        """How far it is; ``values`` are those of the curves, named ``train/…``, ``validation/…`` or ``test/…``."""
        if sys.stderr.isatty():
            with _printing():
                if self.bar is None:
                    self.bar = tqdm(total=total_steps, initial=step, unit="step", dynamic_ncols=True)
                self.bar.set_postfix_str(_summary(values), refresh=False)
                self.bar.update(step - self.bar.n)
        elif int(epoch) > self.epoch:
            self.epoch = int(epoch)
            self.say(f"epoch {epoch:.0f}: {_summary(values)}")

    def close(self) -> None:
        """Leave the bar as it is and go on below it."""
        if self.bar is not None:
            with _printing():
                self.bar.close()


@contextmanager
def _printing() -> Iterator[None]:
    """Where a stream fails in the block, all that goes to it from now on is lost, and nothing fails again."""
    try:
        yield
    except OSError:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)


def _summary(values: dict[str, float]) -> str:
    """``neg_elbo 92.4 (test 90.1), kl …``"""
    parts = []
    for name in (key.removeprefix("train/") for key in values if key.startswith("train/")):
        judged = (f" ({split} {values[found]:.4g})" for split in HELD_OUT if (found := f"{split}/{name}") in values)
        parts.append(f"{name} {values[f'train/{name}']:.4g}" + next(judged, ""))
    return ", ".join(parts)
