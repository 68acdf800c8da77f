"""The planned analyses: each reads the datasets, calls its statistic, and states the results."""
