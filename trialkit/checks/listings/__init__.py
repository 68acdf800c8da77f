"""Findings with the state of their queries, as a table and as a workbook."""
