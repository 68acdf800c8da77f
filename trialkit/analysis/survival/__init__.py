"""Time to one event: curves, rank tests, restricted means, Cox regression and competing events."""
