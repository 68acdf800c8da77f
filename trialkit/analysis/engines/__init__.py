"""The only modules that speak to pingouin and statsmodels, one question a function."""
