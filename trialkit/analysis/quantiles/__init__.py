"""Medians and other quantiles compared between arms."""
