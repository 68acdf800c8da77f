"""The report as what a journal takes: an article in its heads and order, and a supplement."""
