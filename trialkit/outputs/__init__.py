"""The files that a run leaves: what is in them, how they are named, and which are taken away."""
