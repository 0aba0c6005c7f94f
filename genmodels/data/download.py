"""Published files, each from the first of its mirrors that has it: whole, as their sums say, or not at all."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

import pooch
from requests import RequestException

TIMEOUT = 20.0  # seconds without a byte
CHUNK = 2**16  # bytes
TELL_SECONDS = 3.0
pooch.get_logger().setLevel(logging.WARNING)  # it speaks to the terminal; we tell whoever asked


class DownloadError(Exception):
    """No mirror has the file, or none can be reached."""


class Bar:
    """Stands where pooch draws a progress bar: calls ``tell`` now and then with the bytes of all files that have arrived."""

    total = 0  # bytes of the present file, set by pooch

    def __init__(self, tell: Callable[[int], None]) -> None:
        self._tell, self._told = tell, time.monotonic()
        self._before = self._arrived = 0  # bytes: of the files before this one, and with what has come of it

    def update(self, size: int) -> None:
        self._arrived += size
        if time.monotonic() - self._told > TELL_SECONDS:
            self._told = time.monotonic()
            self._tell(self._arrived)

    def reset(self) -> None:
        self._arrived = self._before

    def close(self) -> None:
        self._before = self._arrived


def download(urls: list[str], digest: str, file: Path, bar: Bar) -> None:
    """Have ``file`` there, from one of ``urls``, with its ``digest``, such as ``md5:...`` or ``sha256:...``; raises ``DownloadError``."""
    # Without the header a server may pack a file once more for the way, and what is unpacked on arrival is not what it was.
    headers = {"Accept-Encoding": "identity"}
    downloader = pooch.HTTPDownloader(bar, CHUNK, timeout=TIMEOUT, headers=headers)
    failures = []
    for url in urls:
        try:
            pooch.retrieve(url, digest, file.name, file.parent, downloader=downloader)
            return
        except (RequestException, ValueError) as error:  # the latter for another sum
            failures.append(f"{url}: {error}")
            bar.reset()
    raise DownloadError("\n".join(failures))
