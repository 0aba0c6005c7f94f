"""Fragments of a page in tests, rerun as a browser reruns them."""

from dataclasses import replace
from typing import Any
from unittest.mock import patch

from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner


def fragments(page: AppTest) -> list[str]:
    """What the page's fragments go by."""
    return list(page._fragment_storage._fragments)


def rerun_fragments(page: AppTest, queue: list[str] | None = None) -> AppTest:
    """As after the move of a slider: each of the page's fragments anew (or those asked for), and not the page around them, as ``AppTest``
    would."""
    queue = queue or fragments(page)
    assert queue, "this page has no fragment"

    def fragments_only(runner: LocalScriptRunner, asked: Any) -> bool:
        runner._requests = ScriptRequests()  # without the one for the whole page, which it begins with
        return runner._requests.request_rerun(replace(asked, fragment_id_queue=queue))

    with patch.object(LocalScriptRunner, "request_rerun", fragments_only):
        return page.run()
