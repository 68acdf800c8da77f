"""The tables of a report: results and datasets in, tables of strings out."""
