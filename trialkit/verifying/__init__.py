"""Whether a report still says what the trial's folder says."""
