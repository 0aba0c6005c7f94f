"""What `make test` runs of many like cases."""

from collections.abc import Iterable
from typing import Any

import pytest


def some(cases: Iterable[Any], *always: Any) -> list[Any]:
    """Those named, and all others where nothing is left out (``make test-all``)."""
    return [case if case in always else pytest.param(case, marks=pytest.mark.exhaustive) for case in cases]
