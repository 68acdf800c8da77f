"""Rules: SQL boolean expressions, parsed, checked against an allow-list, and run by polars."""
