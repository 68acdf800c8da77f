"""Imputation in a plan: which rows, which events, which model, and what of them the results state."""
