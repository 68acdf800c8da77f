"""Factorial trials: effects at the margins of the table, inside it, and their interaction."""
