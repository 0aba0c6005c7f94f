"""Files that are written while training goes on."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor


class Writer(ThreadPoolExecutor):
    """A thread that writes one file after another; what goes wrong is raised where training goes on."""

    def __init__(self) -> None:
        super().__init__(1, thread_name_prefix="writer")
        self.pending: list[Future] = []

    def write(self, write: Callable, *arguments: object) -> None:
        """Have the thread do it; raises what went wrong with what it was given before."""
        still_open = []
        for future in self.pending:
            if future.done():
                future.result()
            else:
                still_open.append(future)
        self.pending = [*still_open, self.submit(write, *arguments)]

    def wait(self) -> None:
        """Until all is written; raises what went wrong."""
        for future in self.pending:
            future.result()
        self.pending = []
