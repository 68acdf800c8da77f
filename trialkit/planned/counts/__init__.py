"""What every trial states without a method: baseline, description, adherence, harms, participation."""
