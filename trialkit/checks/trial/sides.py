"""Left and right exchanged: the difference of the sides is that of the other visits, turned round.

How much the difference of a person varies from visit to visit is taken from all of them. A row is asked
about where its sides, exchanged, fit the other visits that much better that chance is out of question.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.trial.right_values import ROW, right_values
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Form, Item, Severity

_PEOPLE = 10
_BETTER = 12.0
"""By how much the log-likelihood of the exchanged sides must be larger: one in 160,000 by chance."""
_FITS = 3.0
"""How many standard deviations the exchanged sides may be away from the other visits."""


def check_sides(cells: CheckedCells) -> tuple[Hits, ...]:
    """Rows of which left and right look exchanged, one finding a row."""
    form = cells.form
    pairs = pairs_of_sides(form)
    if not pairs or len(form.visits) < 2:
        return ()
    rows = right_values(cells, [item for pair in pairs for item in pair])
    key = ["subject_id", *(["repeat"] if form.repeating else [])]
    better = np.zeros(rows.height)
    fits = np.ones(rows.height, dtype=bool)
    known = np.zeros(rows.height, dtype=bool)
    for left, right in pairs:
        gain, far = _gain(rows, left, right, key)
        better += np.nan_to_num(gain)
        fits &= ~(far > _FITS)
        known |= ~np.isnan(gain)
    visit = rows["visit"].cast(pl.Enum(list(form.visits))).to_physical()
    odd = rows.with_columns(better=pl.Series(better), at=visit).filter(
        pl.Series(known & fits & (better > _BETTER))
    )
    # of two visits nobody knows which is the wrong one: the better fit, or else the later one
    odd = odd.sort([*key, "better", "at"], descending=[*[False] * len(key), True, True])
    odd = odd.unique(key, keep="first", maintain_order=True).sort(ROW)
    return _said(odd, pairs, cells)


def pairs_of_sides(form: Form) -> tuple[tuple[Item, Item], ...]:
    """The numbers that were measured on both sides."""
    return tuple(
        (item, form.item(item.other_side))
        for item in form.asked
        if item.other_side and item.kind.is_number and form.item(item.other_side).kind.is_asked
    )


def _gain(
    rows: pl.DataFrame, left: Item, right: Item, key: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """For each row the gain in log-likelihood by exchanging, and how far the exchanged sides are off."""
    low, high = pl.col(left.id).cast(pl.Float64), pl.col(right.id).cast(pl.Float64)
    apart = rows.select(*key, ROW, own=(low - high) / (low.abs() + high.abs()) * 2)
    others = _other_visits(apart.filter(pl.col("own").is_finite()), key)
    beside = apart.join(others, on=ROW, how="left", maintain_order="left")
    own, mean, range_ = (
        beside[name].cast(pl.Float64).to_numpy() for name in ("own", "others", "range")
    )
    off = own - mean
    both = ~np.isnan(off)
    spread = 1.4826 * float(np.median(np.abs(off[both]))) if both.any() else 0.0
    if beside.filter(pl.Series(both)).select(key).n_unique() < _PEOPLE or spread <= 0:
        nothing = np.full(rows.height, np.nan)
        return nothing, nothing
    exchanged = np.abs(own + mean) / spread
    steady = range_ <= _FITS * spread
    gain = np.where(steady, ((off / spread) ** 2 - exchanged**2) / 2, np.nan)
    return gain, np.nan_to_num(exchanged)


def _other_visits(apart: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    """For each row the difference at the person's other visits: its middle, and how far it ranges."""
    pairs = apart.join(apart, on=key, suffix="__other").filter(
        pl.col(ROW) != pl.col(f"{ROW}__other")
    )
    other = pl.col("own__other")
    return pairs.group_by(ROW).agg(others=other.median(), range=other.max() - other.min())


def _said(
    odd: pl.DataFrame, pairs: Sequence[tuple[Item, Item]], cells: CheckedCells
) -> tuple[Hits, ...]:
    left, right = pairs[0]
    return hits_at_rows(
        cells.form,
        cells.data,
        odd[ROW].to_numpy().astype(np.intp),
        lambda entered: pd.Series(
            f"{left.label!r} and {right.label!r} look exchanged: the difference between the sides is that of "
            "the other visits, turned round. Correct the sides, or confirm them.",
            index=entered.index,
            dtype="str",
        ),
        item=left.id,
        rule_id=BuiltIn.SIDES_EXCHANGED.value,
        severity=Severity.SOFT,
    )
