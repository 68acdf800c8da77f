"""What people are given to read of a listing: the first findings of each site and severity."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

OF_EACH = 1_000
"""The findings of a site and a severity that are written out for people at most."""
IN_ALL = 5_000
"""The findings that are written out for people at most; ``findings.csv`` holds all of them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Excerpt:
    """The findings that are written out, and by what they were chosen."""

    rows: pd.DataFrame
    """Those that are written out, in the order of the listing."""
    of_each: int
    """How many of a site and a severity are written out at most."""


def excerpt(findings: pd.DataFrame) -> Excerpt:
    """The first findings of each site and severity.

    Where so many sites have findings that their thousands would come to too many, each has fewer.
    """
    place = findings.groupby(["site", "severity"], sort=False).cumcount().to_numpy()
    as_many = np.bincount(place, minlength=OF_EACH)[:OF_EACH].cumsum()
    of_each = max(1, int(np.searchsorted(as_many, IN_ALL, side="right")))
    return Excerpt(rows=findings[place < of_each].head(IN_ALL), of_each=of_each)
