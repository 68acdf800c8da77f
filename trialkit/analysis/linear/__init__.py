"""The linear model: fit, marginal means, contrasts, adjustments, ANCOVA, subgroups."""
