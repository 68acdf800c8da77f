"""Missing values: pooling over imputations."""
