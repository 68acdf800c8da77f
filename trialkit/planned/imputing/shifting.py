"""What a plan adds to imputed values, by arm and visit."""

from collections.abc import Mapping

import pandas as pd

from trialkit.analysis.imputation.deltas import imputation_deltas
from trialkit.analysis.imputation.imputing import Imputations

EVERY_VISIT = ""


def planned_deltas(
    imputations: Imputations, by_arm: Mapping[str, Mapping[str, float]]
) -> pd.DataFrame | None:
    """What is added to each missing value at or after an event; None where nothing is.

    ``by_arm`` has the delta of each visit of an arm, or under a blank name that of all its visits.
    """
    if not any(number for deltas in by_arm.values() for number in deltas.values()):
        return None
    found = imputation_deltas(imputations)
    shifted = [
        delta_of(by_arm.get(str(arm), {}), str(visit)) if missing and after else 0.0
        for arm, visit, missing, after in zip(
            found["arm"], found["visit"], found["is_missing"], found["is_post_event"], strict=True
        )
    ]
    return found.assign(delta=shifted)


def delta_of(deltas: Mapping[str, float], visit: str) -> float:
    """What is added at a visit, by name or at all of them."""
    return deltas.get(visit, deltas.get(EVERY_VISIT, 0.0))
