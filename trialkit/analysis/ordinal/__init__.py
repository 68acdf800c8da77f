"""Ordered outcomes, and whoever has the better one."""
