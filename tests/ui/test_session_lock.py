"""Two scripts of a session, of which one begins before the other has ended."""

import threading
from typing import Any

import pytest
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import SessionState

from genmodels.ui.shell.session_lock import share_locks


def test_a_script_waits_until_the_one_before_has_written_what_it_is_writing(monkeypatch: pytest.MonkeyPatch):
    share_locks()
    state = SessionState()
    before, after = (SafeSessionState(state, lambda: None) for _ in range(2))
    writing, go_on = threading.Event(), threading.Event()
    write = SessionState.__setitem__

    def write_slowly(self: SessionState, key: str, value: Any) -> None:
        writing.set()
        assert go_on.wait(30)
        write(self, key, value)

    monkeypatch.setattr(SessionState, "__setitem__", write_slowly)
    writer = threading.Thread(target=before.__setitem__, args=("key", "value"))
    seen: list[bool] = []
    reader = threading.Thread(target=lambda: seen.append("key" in after.filtered_state))
    writer.start()
    assert writing.wait(30)
    reader.start()
    reader.join(0.2)
    assert reader.is_alive()
    go_on.set()
    writer.join(30)
    reader.join(30)
    assert seen == [True]


def test_sessions_do_not_wait_for_one_another():
    share_locks()
    one, other = (SafeSessionState(SessionState(), lambda: None) for _ in range(2))
    assert one._lock is not other._lock
