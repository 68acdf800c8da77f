"""Designing the trial: how many, in which sequence, and what the plan would find."""
