"""The methods of a plan: each reads its task, calls its statistic and states its results."""
