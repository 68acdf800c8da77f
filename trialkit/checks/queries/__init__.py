"""What the sites are asked and what they answer, kept as a history."""
