"""Under construction by the helper that was given this file."""
