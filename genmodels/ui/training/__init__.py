"""The form, Start, and a run while it trains."""
