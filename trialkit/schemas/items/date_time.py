"""A date and a time of day."""

from datetime import datetime, time

import polars as pl

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.protocol.trial.data_format import DataFormat, DateOrder
from trialkit.schemas.items.days import read_day
from trialkit.schemas.items.kind import (
    Chance,
    ItemKind,
    Nature,
    PaperSpace,
    Particulars,
    Reading,
    TypingCheck,
)
from trialkit.schemas.items.time import SHAPE

_SAID = {
    DateOrder.YMD: "a date and time such as 2025-03-31 08:30",
    DateOrder.DMY: "a date and time such as 31.03.2025 08:30",
    DateOrder.MDY: "a date and time such as 03/31/2025 08:30",
}


def _read(text: pl.Expr, how: Reading) -> pl.Expr:
    """With a space or ``T`` between, and seconds where there are any."""
    groups = text.str.extract_groups(rf"^([^ T]+)(?: +|T){SHAPE}(?::([0-5][0-9]))?$").struct
    seconds = (
        groups.field("2").cast(pl.Int64) * 3600
        + groups.field("3").cast(pl.Int64) * 60
        + groups.field("4").cast(pl.Int64).fill_null(0)
    )
    day = read_day(groups.field("1"), how).cast(pl.Datetime("us"))
    return day + pl.duration(seconds=seconds, time_unit="us")


def _said(data: DataFormat) -> str:
    return _SAID[data.dates]


def _draw(item: Particulars, chance: Chance) -> datetime:
    clock = time(int(chance.rng.integers(8, 18)), int(chance.rng.integers(0, 60)))
    return datetime.combine(item.range.nearest_day(chance.anchor), clock)


DATE_TIME = ItemKind(
    name="date_time",
    nature=Nature.MOMENT,
    read=_read,
    said=_said,
    to_enter="a date and a time as 2025-03-31 08:30",
    has_range=True,
    typing=TypingCheck.DATE_TIME,
    space=PaperSpace.DATE_TIME,
    draw=_draw,
    outcome=Values.DATE,
    redcap=("datetime(_seconds)?_(ymd|mdy|dmy)",),
    xlsform=("datetime", "start", "end"),
)
