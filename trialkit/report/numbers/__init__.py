"""Numbers as they are printed: rounding, and the styles of journals."""
