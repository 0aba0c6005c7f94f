"""The disk: files written whole or not at all, arrays, hashes, caches, and what a training tells while it runs."""
