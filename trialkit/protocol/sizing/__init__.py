"""What the protocol assumes of the sample size and of looks at the data."""
