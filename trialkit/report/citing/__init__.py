"""The works that the author cites: read from the trial's folder, numbered, printed in the style's form."""
