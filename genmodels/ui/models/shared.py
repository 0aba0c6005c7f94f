"""What is loaded once for all visitors, and kept while there is room for it in bytes: those of a class look at many runs."""

from collections.abc import Callable, Hashable
from threading import Condition
from typing import Any, ParamSpec, TypeVar

from cachetools import LRUCache, cached
from cachetools.keys import hashkey

Asked = ParamSpec("Asked")
Given = TypeVar("Given")


def shared(
    most: int, size: Callable[[Any], int], key: Callable[..., Hashable] = hashkey
) -> Callable[[Callable[Asked, Given]], Callable[Asked, Given]]:
    """Keep what a function gives as long as all of it, each of so many bytes as ``size`` says, fits into ``most`` bytes.

    What was not asked for the longest goes first. Of those who ask for the same at once, by its ``key``, one has it made and
    the others wait.
    """
    return cached(LRUCache(most, size), key=key, condition=Condition())
