"""Crossover trials of two treatments in two periods, in closed form."""
