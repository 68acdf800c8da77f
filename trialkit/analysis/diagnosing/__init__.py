"""Whether a model fits: residuals, normality, variances, influence."""
