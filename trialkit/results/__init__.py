"""Results of a trial: one row a statistic, the words for them, and how they are found again."""
