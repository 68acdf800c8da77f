"""Drawings of the results, one module a figure."""
