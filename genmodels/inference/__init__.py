"""Trained networks brought back: from a folder, an id, a name or a zip."""
