"""What comes back from a trial's authors: a Word file, read as one reads what a stranger sends."""
