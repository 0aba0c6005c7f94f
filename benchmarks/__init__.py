"""Speed, measured side by side with the plain way of doing it: ``python -m benchmarks``."""
