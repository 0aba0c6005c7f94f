"""The one training loop, and what looks after it."""
