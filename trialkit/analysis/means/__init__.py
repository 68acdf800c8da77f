"""Comparisons of means and ranks."""
