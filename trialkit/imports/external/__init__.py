"""Results that other programs made, taken in beside the trial's own."""
