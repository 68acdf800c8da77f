"""The data of a whole trial checked: visits, windows, arms, completeness, distributions."""
