"""The only modules that speak to another estimator's library, one question a function."""
