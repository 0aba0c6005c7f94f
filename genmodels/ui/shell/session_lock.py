"""One lock for all that a visitor's session does.

A press while a script is under way begins the next one beside it (``runner.fastReruns``), and Streamlit gives either a lock of its own over
the state that both have. Where the first adds a key while the second goes over all of them, the second ends in an error before it has come
to any page that could say what to do.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from streamlit.runtime.state.safe_session_state import SafeSessionState

LOCK = "lock of the session"


@cache
def share_locks() -> None:
    """From now on the scripts of a session share a lock; more than one call changes nothing."""
    SafeSessionState.__init__ = _sharing(SafeSessionState.__init__)  # type: ignore[method-assign]


def _sharing(begin: Callable[..., None]) -> Callable[..., None]:
    def begin_with_the_lock_of_the_session(
        self: SafeSessionState, state: Any, yield_callback: Callable[[], None]
    ) -> None:
        begin(self, state, yield_callback)
        # Kept with the address, which is the only part of the state that takes an attribute more, and lives as long.
        object.__setattr__(self, "_lock", vars(state.query_params).setdefault(LOCK, self._lock))

    return begin_with_the_lock_of_the_session
