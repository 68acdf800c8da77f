"""An analysis of the plan with the data that it reads, and how its rows are stated."""
