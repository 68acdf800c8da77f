"""What was changed in the data after it had been entered."""
