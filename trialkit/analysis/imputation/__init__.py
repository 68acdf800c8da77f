"""Imputation of missing values: a model, draws of it, imputations, their analyses, one estimate."""
