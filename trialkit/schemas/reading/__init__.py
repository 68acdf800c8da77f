"""Forms read from their files and held against each other, the protocol and the plan."""
