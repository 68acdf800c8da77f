"""A date whose day, or day and month, may be unknown: an interval of days."""

import polars as pl

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.items.days import SHAPE, day_said, draw_day
from trialkit.schemas.items.kind import ItemKind, Nature, PaperSpace, Reading, TypingCheck

_SAID = {
    DateOrder.YMD: "; write 2025-03-UN or 2025-UN-UN where the rest is unknown",
    DateOrder.DMY: "; write UN.03.2025 or UN.UN.2025 where the rest is unknown",
    DateOrder.MDY: "; write 03/UN/2025 or UN/UN/2025 where the rest is unknown",
}

_YEAR, _MONTH = "^[0-9]{4}$", "^[0-9]{4}-([0-9]{2}|UN)$"
"""Texts of ISO 8601 with the day, or the day and the month, left out."""


def _read(text: pl.Expr, how: Reading) -> pl.Expr:
    """A date with ``UN`` for a day, or for a day and a month, that nobody knows.

    Where years come first, these may also be left out, as ISO 8601 and so SDTM do: ``2025-03``.
    """
    text = text.str.to_uppercase()
    if how.data.dates is DateOrder.YMD:
        text = text.str.replace(_YEAR, "$0-UN").str.replace(_MONTH, "$0-UN")
    pattern, (year, month, day) = SHAPE[how.data.dates]
    pattern = pattern.replace("[0-9]{1,2}", "[0-9]{1,2}|UN")
    groups = text.str.extract_groups(pattern).struct
    written = pl.concat_str(
        groups.field(year),
        groups.field(month).str.zfill(2),
        groups.field(day).str.zfill(2),
        separator="-",
    )
    same = groups.field("2") == groups.field("4")
    skips = (groups.field(month) == "UN") & (groups.field(day) != "UN")
    first = written.str.replace("-UN", "-01").str.replace("-UN", "-01")
    exists = first.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    return pl.when(same & ~skips & exists & (groups.field(year) != "0000")).then(written)


def _said(data: DataFormat) -> str:
    return day_said(data) + _SAID[data.dates]


PARTIAL_DATE = ItemKind(
    name="partial_date",
    nature=Nature.DAYS,
    read=_read,
    said=_said,
    to_enter="a date as 2025-03-31, with UN for what is unknown, as 2025-03-UN",
    has_range=True,
    typing=TypingCheck.PARTIAL_DATE,
    space=PaperSpace.DATE,
    draw=draw_day,
    outcome=Values.DATE,
)
