"""The record: what a run is, the store that all of them are in, and zips that carry them elsewhere."""
