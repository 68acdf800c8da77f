"""Validation: the phases over a snapshot, and the findings they make."""
