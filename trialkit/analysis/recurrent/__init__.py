"""Events that can happen to a subject again: mean numbers of events, and models of their rate."""
