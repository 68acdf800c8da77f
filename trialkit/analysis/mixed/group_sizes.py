"""How many levels each grouping has in each arm, and of what size."""

import numpy as np
import pandas as pd

from trialkit.analysis.linear.linear_model import FactorColumn
from trialkit.analysis.mixed.groupings import RowGrouping
from trialkit.results.vocabulary import Stat


def group_sizes(groupings: tuple[RowGrouping, ...], arm: FactorColumn) -> pd.DataFrame:
    """A row for each grouping and arm that has levels of it."""
    found = []
    for each in groupings:
        for code, level in enumerate(arm.levels):
            here = each.codes[(arm.codes == code) & (each.codes >= 0)]
            sizes = np.unique(here, return_counts=True)[1]
            if len(sizes):
                found.append(_sizes(each.name, level, sizes))
    return pd.DataFrame(found)


def _sizes(name: str, arm: object, sizes: np.ndarray) -> dict[str, object]:
    mean = float(sizes.mean())
    return {
        "grouping": name,
        "arm": arm,
        "levels": len(sizes),
        Stat.N.value: int(sizes.sum()),
        Stat.MEAN.value: mean,
        Stat.SD.value: float(sizes.std(ddof=1)) if len(sizes) > 1 else np.nan,
        Stat.MIN.value: int(sizes.min()),
        Stat.MAX.value: int(sizes.max()),
        "cv": float(sizes.std()) / mean,
    }
