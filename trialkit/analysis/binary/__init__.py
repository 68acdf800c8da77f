"""Models of a binary outcome with covariates."""
