"""Answers become scores, for a notebook; in a trial the same formulas are calculated items.

See ``docs/instruments.md`` for every instrument with its sources.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from trialkit.errors import DatasetError
from trialkit.protocol.tables.choices import suggestion
from trialkit.schemas.instruments.instrument import AskedVisits, Instrument, Score
from trialkit.schemas.items.kind import Nature

_WHOLE = frozenset({Nature.WHOLE, Nature.CODE, Nature.TRUTH})


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scored:
    """The scores of an instrument, a row for each row of answers, in their order.

    ``scores`` has a column (Float64, missing where there is no score) for each score; ``answered``
    (integers) says from how many of the items that it reads each was reckoned.
    """

    instrument: Instrument
    scores: pd.DataFrame
    answered: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        """The scores, then the numbers of answers as ``<score>_answered``."""
        return self.scores.join(self.answered.add_suffix("_answered"))


def score(
    instrument: Instrument, frame: pd.DataFrame, *, columns: Mapping[str, str] | None = None
) -> Scored:
    """Score the answers in ``frame``, one row a questionnaire or measurement.

    ``columns`` names the column of an item where it is not called by the item's id. Answers are
    numbers, choices their codes as numbers, yes/no items booleans or 1 and 0; missing is missing.

    Raises ``DatasetError`` for a column that is not there or not of numbers, and for answers that the
    instrument cannot have: nothing is scored from a coding that was read wrongly.
    """
    named = dict(columns or {})
    _refuse_unknown(instrument, named)
    answers: dict[str, np.ndarray] = {}
    for item in _read(instrument):
        answers[item.id] = _answers(frame, item, named.get(item.id, item.id))
    known = {item: ~np.isnan(values) for item, values in answers.items()}
    return Scored(
        instrument=instrument,
        scores=pd.DataFrame(
            {each.id: _missing_is_missing(each, answers) for each in instrument.scores},
            index=frame.index,
        ),
        answered=pd.DataFrame(
            {
                each.id: np.sum([known[item] for item in each.formula.items], axis=0, dtype=int)
                for each in instrument.scores
            },
            index=frame.index,
        ),
    )


def _read(instrument: Instrument) -> list[AskedVisits]:
    """The items that some score reads, in their order."""
    used = {item for each in instrument.scores for item in each.formula.items}
    return [item for item in instrument.items if item.id in used]


def _missing_is_missing(score: Score, answers: Mapping[str, np.ndarray]) -> pd.arrays.FloatingArray:
    values = score.formula.values(answers)
    return pd.arrays.FloatingArray(values, np.isnan(values))


def _refuse_unknown(instrument: Instrument, named: Mapping[str, str]) -> None:
    ids = [item.id for item in instrument.items]
    for item in named:
        if item not in ids:
            raise DatasetError(
                f"columns: {item!r} is no item of {instrument.id}; its items are {', '.join(ids)}"
                + suggestion(item, ids)
            )


def _answers(frame: pd.DataFrame, item: AskedVisits, name: str) -> np.ndarray:
    """The answers to an item as numbers (n,), checked against what it can have."""
    if name not in frame.columns:
        known = [str(each) for each in frame.columns]
        raise DatasetError(
            f"the item {item.id!r} needs a column {name!r}; columns are {', '.join(known)}"
            + suggestion(name, known)
        )
    found = frame[name]
    if isinstance(found, pd.DataFrame):
        raise DatasetError(f"there are {found.shape[1]} columns {name!r}; give the item one")
    if not pd.api.types.is_numeric_dtype(found.dtype) and not found.isna().all():
        raise DatasetError(
            f"the answers in {name!r} must be numbers, got a column of type {found.dtype}; turn "
            "codes into numbers first, so that what could not be read is seen"
        )
    values = found.to_numpy(dtype=float, na_value=np.nan)
    _refuse_impossible(frame, item, name, values)
    return values


def _refuse_impossible(
    frame: pd.DataFrame, item: AskedVisits, name: str, values: np.ndarray
) -> None:
    low, high = _ends(item)
    with np.errstate(invalid="ignore"):
        wrong = (values < low) | (values > high) | np.isinf(values)
        if item.type.kind.nature in _WHOLE:
            wrong |= np.isfinite(values) & (values != np.floor(values))
    if not wrong.any():
        return
    first = int(np.argmax(wrong))
    whole = "whole numbers" if item.type.kind.nature in _WHOLE else "numbers"
    raise DatasetError(
        f"{name!r} holds {int(wrong.sum())} answer(s) that {item.label!r} cannot have, the first "
        f"{float(values[first])!r} in row {frame.index[first]!r}; it takes {whole} from {low:g} to "
        f"{high:g}"
    )


def _ends(item: AskedVisits) -> tuple[float, float]:
    if item.type.kind.nature is Nature.TRUTH:
        return 0.0, 1.0
    if item.choices:
        codes = [float(choice.code) for choice in item.choices]
        return min(codes), max(codes)
    low = -np.inf if item.low is None else item.low
    return float(low), float(np.inf if item.high is None else item.high)
