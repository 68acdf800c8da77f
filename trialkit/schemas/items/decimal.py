"""A number that may have decimals."""

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.schemas.items.kind import Describes, ItemKind, Nature, TypedColumn, TypingCheck
from trialkit.schemas.items.numbers import draw_number, fit_number, number_said, read_number

DECIMAL = ItemKind(
    name="decimal",
    nature=Nature.NUMBER,
    read=read_number,
    said=number_said,
    to_enter="a number",
    has_range=True,
    has_decimals=True,
    typed_column=TypedColumn.NUMBER,
    outcome=Values.NUMBER,
    describes=Describes.BY_NUMBERS,
    typing=TypingCheck.NUMBER,
    draw=draw_number,
    fit=fit_number,
    redcap=("float", r"number(_[1-4]dp)?(_comma_decimal)?"),
    xlsform=("decimal", "range"),
)
