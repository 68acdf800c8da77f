"""Generalised linear models: families, likelihoods, profile limits, and data that push to infinity."""
