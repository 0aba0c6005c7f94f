"""ONNX Runtime for browsers, of the npm package onnxruntime-web: its script, and its WebAssembly, which is too large for a repository.

They are taken from ``node_modules``, where ``npm ci`` puts them, or fetched once and kept. What is in them is pinned.
"""

import hashlib
from functools import cache
from pathlib import Path

from genmodels.data.download import Bar, DownloadError, download
from genmodels.errors import UserError
from genmodels.storage.files import waiting_lock
from genmodels.storage.paths import PROJECT, home

VERSION = "1.30.0"  # as in package.json
SCRIPT, WASM = "ort.wasm.bundle.min.mjs", "ort-wasm-simd-threaded.wasm"
SHA256 = {
    SCRIPT: "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90",
    WASM: "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
}
PACKAGE = f"onnxruntime-web@{VERSION}/dist"
MIRRORS = (f"https://cdn.jsdelivr.net/npm/{PACKAGE}/", f"https://unpkg.com/{PACKAGE}/")  # which serve what npm has
INSTALLED = PROJECT / "node_modules" / "onnxruntime-web" / "dist"


class NoRuntimeError(UserError):
    """ONNX Runtime for browsers cannot be had."""


@cache
def runtime() -> tuple[str, bytes]:
    """Its script, an ES module, and its WebAssembly; raises ``NoRuntimeError``."""
    return _file(SCRIPT).decode("utf-8"), _file(WASM)


def _file(name: str) -> bytes:
    kept = home() / "cache" / f"onnxruntime-web-{VERSION}" / name
    for path in (INSTALLED / name, kept):
        if (data := _whole(path)) is not None:
            return data
    with waiting_lock(home() / "locks" / "onnxruntime-web.lock"):
        if (data := _whole(kept)) is None:  # it may have come while this process waited
            data = _fetched(kept)
    return data


def _whole(path: Path) -> bytes | None:
    """What is in the file, if it is the one that is pinned."""
    try:
        data = path.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == SHA256[path.name] else None


def _fetched(path: Path) -> bytes:
    path.unlink(missing_ok=True)  # a damaged one
    try:
        download(
            [mirror + path.name for mirror in MIRRORS], f"sha256:{SHA256[path.name]}", path, Bar(lambda size: None)
        )
    except DownloadError as error:
        raise NoRuntimeError(
            f"A web page needs ONNX Runtime for browsers {VERSION}, which is not on this machine and could not be downloaded "
            "(14 MB): connect to the internet once, or run npm ci in the checkout."
        ) from error
    return path.read_bytes()
