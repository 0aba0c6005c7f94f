"""Fixtures of the tests of the report."""

from tests.support.documents import coarse as coarse
