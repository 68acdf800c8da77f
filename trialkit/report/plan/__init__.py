"""The trial's description and statistical analysis plan, from the protocol alone, before any data."""
