"""Comparisons of proportions."""
