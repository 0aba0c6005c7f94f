"""Speed, measured side by side with a baseline: ``python -m benchmarks``."""
