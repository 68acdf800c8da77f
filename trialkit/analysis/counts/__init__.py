"""Counts of events and their rates."""
