"""Rows of forms judged: cells, conditions, calculations, rules, and what each hit says."""
