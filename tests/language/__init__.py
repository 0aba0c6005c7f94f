"""Tests of ``genmodels.language``."""
