"""The sections of a report, in the guideline's order."""
