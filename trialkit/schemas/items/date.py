"""A date, known to the day."""

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.schemas.items.days import day_said, draw_day, read_day
from trialkit.schemas.items.kind import ItemKind, Nature, PaperSpace, TypedColumn, TypingCheck

DATE = ItemKind(
    name="date",
    nature=Nature.DAY,
    read=read_day,
    said=day_said,
    to_enter="a date as 2025-03-31",
    has_range=True,
    typed_column=TypedColumn.DATE,
    typing=TypingCheck.DATE,
    space=PaperSpace.DATE,
    draw=draw_day,
    outcome=Values.DATE,
    redcap=("date_(ymd|mdy|dmy)",),
    xlsform=("date", "today"),
)
