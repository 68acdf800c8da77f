"""Data that come from elsewhere: read, compared with what is there, and written to ``data/``."""
