"""Which treatment a subject had in the period before, for first-order carry-over."""

import numpy as np

from trialkit.analysis.linear.linear_model import FactorColumn
from trialkit.errors import AnalysisError

UNKNOWN = -1


def treatment_before(
    subject: np.ndarray, period: np.ndarray, treatment: np.ndarray, sequence: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """The treatment of the period before in each row, and whether it is needed and not known.

    All are codes by row, −1 where missing. It is that of the subject's own row, with or without an outcome,
    else what others of the sequence had in that period. In the first period it is −1 and not needed.
    """
    earlier = period > 0
    before = np.full(len(period), UNKNOWN, dtype=np.intp)
    before[earlier] = _table(subject, period, treatment)[subject[earlier], period[earlier] - 1]
    if sequence is not None:
        planned = _table(sequence, period, treatment)
        lost = earlier & (before == UNKNOWN) & (sequence >= 0)
        before[lost] = planned[sequence[lost], period[lost] - 1]
    return before, earlier & (before == UNKNOWN)


def _table(who: np.ndarray, period: np.ndarray, treatment: np.ndarray) -> np.ndarray:
    """The treatment by unit and period; not known where there is none, or more than one."""
    shape = (int(who.max(initial=0)) + 1, int(period.max(initial=0)) + 1)
    seen = (who >= 0) & (period >= 0) & (treatment >= 0)
    least = np.full(shape, np.iinfo(np.intp).max, dtype=np.intp)
    most = np.full(shape, UNKNOWN, dtype=np.intp)
    np.minimum.at(least, (who[seen], period[seen]), treatment[seen])
    np.maximum.at(most, (who[seen], period[seen]), treatment[seen])
    return np.asarray(np.where(least == most, most, UNKNOWN))


def carry_over_column(before: np.ndarray, treatment: FactorColumn) -> FactorColumn:
    """The factor of what is carried over in rows used: nothing or the reference's, or a treatment's.

    The first period has no treatment before it; its own effect is the period's, so that carry-over is
    measured against that of the reference. Raises ``AnalysisError`` where nothing is carried over.
    """
    others = [code for code in range(len(treatment.levels)) if code != treatment.base]
    present = [code for code in others if (before == code).any()]
    name = f"carry-over of {treatment.name}"
    if not present:
        raise AnalysisError(f"{name} cannot be estimated: no treatment precedes another")
    codes = np.zeros(len(before), dtype=np.intp)
    for number, code in enumerate(present, start=1):
        codes[before == code] = number
    levels = (treatment.levels[treatment.base], *(treatment.levels[code] for code in present))
    return FactorColumn(name=name, codes=codes, levels=levels)
