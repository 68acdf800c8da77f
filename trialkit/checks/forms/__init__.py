"""Forms tried on the rows that they bring along."""
