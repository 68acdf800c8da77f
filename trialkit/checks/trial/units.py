"""Numbers in another unit or with the point at another place: ten times, in inches, in pounds.

A number of a form at several visits is held against the other visits of the participant, any other
against all participants. It is asked about where it is far off, and multiplied by one of the usual
factors is not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl

from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, hits_at_rows
from trialkit.checks.judging.wording import shown
from trialkit.checks.trial.right_values import ROW, right_values
from trialkit.decimals import significant
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Item, Severity

_PEOPLE = 15
_DIFFERENT = 15
_FAR, _NEAR = 5.0, 2.5
"""Standard deviations of the logarithm: beyond the first a number is far off, within the second not."""
_ALSO_FAR = 2.0
"""Standard deviations of the number itself: near the end of a scale a small number is far off by its
logarithm alone, and nothing odd."""
_USUAL = 0.02
_FEW = 2
"""From which share of the numbers on, and not of so few, it is usual to be far off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Slip:
    """What a number must be multiplied by, and how it comes about."""

    factor: float
    says: str
    units: frozenset[str] = frozenset()
    """Of items in these units; empty for all."""


_LENGTHS = frozenset({"cm", "in", "inch", "inches"})
_WEIGHTS = frozenset({"kg", "lb", "lbs"})
_SLIPS = (
    _Slip(factor=10, says="ten times as much"),
    _Slip(factor=0.1, says="a tenth of it"),
    _Slip(factor=100, says="a hundred times as much"),
    _Slip(factor=0.01, says="a hundredth of it"),
    _Slip(factor=1000, says="a thousand times as much"),
    _Slip(factor=0.001, says="a thousandth of it"),
    _Slip(factor=2.54, says="inches as centimetres", units=_LENGTHS),
    _Slip(factor=1 / 2.54, says="centimetres as inches", units=_LENGTHS),
    _Slip(factor=0.45359237, says="pounds as kilograms", units=_WEIGHTS),
    _Slip(factor=1 / 0.45359237, says="kilograms as pounds", units=_WEIGHTS),
)


def check_units(cells: CheckedCells) -> tuple[Hits, ...]:
    """Numbers that fit only after a change of their unit."""
    numbers = [
        item
        for item in cells.form.asked
        if item.kind.is_number and not item.identifier and item.purpose is None
    ]
    if len(cells.rows) < _PEOPLE or not numbers:
        return ()
    rows = right_values(cells, numbers)
    hits: list[Hits] = []
    for item in numbers:
        hits += _slipped(item, rows, cells)
    return tuple(hits)


def _slipped(item: Item, rows: pl.DataFrame, cells: CheckedCells) -> tuple[Hits, ...]:
    value = rows[item.id].cast(pl.Float64).to_numpy()
    usable = value > 0
    if (
        pl.Series(value[usable]).n_unique() < _DIFFERENT
        or usable.sum() < 0.9 * (~np.isnan(value)).sum()
    ):
        return ()
    logs = np.full(len(value), np.nan)
    logs[usable] = np.log(value[usable])
    against_all = logs - np.nanmedian(logs)
    slips = [slip for slip in _SLIPS if not slip.units or item.unit.casefold() in slip.units]
    numbers = np.where(usable, value, np.nan)
    found = _by_factor(against_all, numbers - np.nanmedian(numbers), slips)
    if cells.form.visits and not cells.form.repeating:
        own = _against_own(rows, logs)
        apart = numbers - np.exp(logs - own)
        found = np.where(np.isnan(own), found, _by_factor(own, apart, slips))
    if (found >= 0).sum() > max(_FEW, _USUAL * usable.sum()):
        return ()
    unusual = np.isin(rows[ROW].to_numpy(), cells.unusual[item.id])
    at = np.flatnonzero((found >= 0) & ~unusual)
    return _said(item, rows[ROW].to_numpy()[at], [slips[n] for n in found[at]], value[at], cells)


def _against_own(rows: pl.DataFrame, logs: np.ndarray) -> np.ndarray:
    """The logarithms less those of the person's other visits, where there are any."""
    own = pl.Series("log", logs).fill_nan(None)
    # of two visits nobody knows which has slipped: the one that is farther from all is
    frame = rows.select("subject_id").with_columns(own, centre=(own - own.median()).abs())
    nearest = (
        frame.drop_nulls("log")
        .sort("centre")
        .group_by("subject_id", maintain_order=True)
        .agg(pl.col("log").median().alias("middle"), pl.col("log").first(), pl.len().alias("n"))
        .with_columns(base=pl.when(pl.col("n") > 2).then("middle").otherwise("log"))
    )
    base = frame.select("subject_id").join(
        nearest.select("subject_id", "base", "n"),
        on="subject_id",
        how="left",
        maintain_order="left",
    )
    several = (base["n"].fill_null(0) > 1).to_numpy()
    off: np.ndarray = logs - base["base"].cast(pl.Float64).to_numpy()
    return np.where(several, off, np.nan)


def _by_factor(off: np.ndarray, apart: np.ndarray, slips: Sequence[_Slip]) -> np.ndarray:
    """For each number which slip explains it; −1 for what is not far off, or stays so.

    ``off`` is how far its logarithm is off, ``apart`` how far it is itself.
    """
    known = off[~np.isnan(off) & (off != 0)]
    none = np.full(len(off), -1)
    if len(known) < _PEOPLE:
        return none
    centre = float(np.median(known))
    spread = 1.4826 * float(np.median(np.abs(known - centre)))
    if spread <= 0:
        return none
    middle = float(np.nanmedian(apart))
    width = 1.4826 * float(np.nanmedian(np.abs(apart - middle)))
    far = np.abs(off - centre) > _FAR * spread
    far &= np.abs(apart - middle) > _ALSO_FAR * width
    at = np.flatnonzero(far)
    shifts = np.log([slip.factor for slip in slips])
    left = np.abs(off[at, None] + shifts[None, :] - centre) / spread
    best = np.argmin(np.nan_to_num(left, nan=np.inf), axis=1)
    none[at] = np.where(left[np.arange(len(at)), best] < _NEAR, best, -1)
    return none


def _said(
    item: Item, rows: np.ndarray, slips: Sequence[_Slip], values: np.ndarray, cells: CheckedCells
) -> tuple[Hits, ...]:
    unit = f" {item.unit}" if item.unit else ""
    point = cells.written.decimal
    fits = pd.Series(
        [
            f"{significant(value * slip.factor, 3).replace('.', point)}{unit} ({slip.says})"
            for value, slip in zip(values, slips, strict=True)
        ],
        dtype="str",
    )
    return hits_at_rows(
        cells.form,
        cells.data,
        rows.astype(np.intp),
        lambda entered: (
            f"{item.label}: "
            + shown(entered)
            + f"{unit} is far from what is usual, and "
            + fits
            + " would not be: check the unit and the decimal mark. Correct it, or confirm it."
        ),
        item=item.id,
        rule_id=BuiltIn.UNIT_SLIP.value,
        severity=Severity.SOFT,
    )
