"""The mark by which a run is known to be a visitor's, which tells nobody who that is."""

import hashlib
import hmac
import secrets
from functools import cache
from pathlib import Path

from genmodels.storage.files import waiting_lock, write_text

KEY = "owners.key"  # beside the runs, in none of their folders


def mark(root: Path, identity: str) -> str:
    """Of an e-mail address or a browser's token: always the same in the store of ``root``, and of no use elsewhere.

    Keyed, since addresses could be guessed one after another from a plain hash.
    """
    return hmac.new(_key(root), identity.encode(), hashlib.sha256).hexdigest()[:32]


@cache
def _key(root: Path) -> bytes:
    """The store's own, made at the first use."""
    path = root / KEY
    with waiting_lock(root / "locks" / "owners.lock"):
        if not path.exists():
            write_text(path, secrets.token_hex(32), mode=0o600)
    return path.read_text(encoding="utf-8").encode()
