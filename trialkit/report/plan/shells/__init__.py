"""The tables of the report as the plan has them, with places for numbers: no data are needed or read."""
