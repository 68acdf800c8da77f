"""Findings, and their listing as a table."""
