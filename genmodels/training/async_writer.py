"""Files that are written while training goes on."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

MOST_PENDING = 4  # files that wait or are being written: an epoch's pictures and checkpoints, each a copy in memory


class Writer(ThreadPoolExecutor):
    """A thread that writes one file after another; what goes wrong is raised where training goes on.

    Where the disk is slower than training, training waits for it.
    """

    def __init__(self) -> None:
        super().__init__(1, thread_name_prefix="writer")
        self.pending: deque[Future] = deque()

    def write(self, write: Callable, *arguments: object) -> None:
        """Have the thread do it, as soon as few enough others are pending; raises what went wrong with those before."""
        self._wait(MOST_PENDING - 1)
        self.pending.append(self.submit(write, *arguments))

    def wait(self) -> None:
        """Until all is written; raises what went wrong."""
        self._wait(0)

    def _wait(self, most: int) -> None:
        """Until at most so many are pending."""
        while self.pending and (len(self.pending) > most or self.pending[0].done()):
            self.pending.popleft().result()
