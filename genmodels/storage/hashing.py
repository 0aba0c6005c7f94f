"""Digests of tensors, which tell others from these."""

import hashlib

import numpy as np
from torch import Tensor


def digest(*parts: str | Tensor) -> str:
    """SHA-256 of texts and of the values of tensors, in this order."""
    found = hashlib.sha256()
    for part in parts:
        found.update(part.encode() if isinstance(part, str) else np.ascontiguousarray(part.cpu().numpy()).data)
    return found.hexdigest()
