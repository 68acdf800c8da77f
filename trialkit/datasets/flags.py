"""Yes/no columns in which an answer may be missing, asked as plain questions."""

import pandas as pd


def is_yes(flags: pd.Series) -> pd.Series:
    """Where the answer is known to be yes."""
    return flags.astype("boolean").fillna(value=False).astype(bool)


def is_no(flags: pd.Series) -> pd.Series:
    """Where the answer is known to be no."""
    return ~flags.astype("boolean").fillna(value=True).astype(bool)


def is_unknown(flags: pd.Series) -> pd.Series:
    """Where neither yes nor no is known."""
    return flags.isna()
