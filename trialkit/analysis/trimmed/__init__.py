"""Trimmed means: arms compared among the same best share of each, whoever has no value ranking worst."""
