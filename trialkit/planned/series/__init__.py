"""The series of a plan: what its figures draw, computed beside its statistics."""
