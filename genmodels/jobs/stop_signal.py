"""How a worker is asked to stop from outside: by a signal, from this host's page or the terminal that it runs in."""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from genmodels.errors import UserError

LISTEN_SECONDS = 1.0  # between two looks whether a stop is asked for, where training has not begun


class StopSignal:
    """Remembers SIGTERM, the end of the terminal and the first Ctrl-C; a second Ctrl-C ends at once."""

    def __init__(self) -> None:
        self.received = self.at_once = False
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # as nohup asks
                signal.signal(number, self._receive)

    @contextmanager
    def interrupting(self, is_asked: Callable[[], bool]) -> Iterator[None]:
        """A stop ends this block at once, by ``KeyboardInterrupt``: there is no step to finish, but maybe a long download.

        ``is_asked`` is looked at too, since from another host comes no signal.
        """
        self.at_once, ended = True, threading.Event()

        def listen() -> None:
            while not ended.wait(LISTEN_SECONDS):
                with suppress(UserError):  # the store cannot be read for now
                    if is_asked():
                        os.kill(os.getpid(), signal.SIGTERM)
                        return

        listener = threading.Thread(target=listen, daemon=True)
        listener.start()
        try:
            if self.received:
                raise KeyboardInterrupt
            yield
        finally:
            self.at_once = False
            ended.set()
            listener.join()

    def _receive(self, number: int, frame: object) -> None:
        if self.at_once or (self.received and number == signal.SIGINT):
            raise KeyboardInterrupt
        self.received = True
