"""Incoming tables compared with what is there, and written to ``data/``."""
