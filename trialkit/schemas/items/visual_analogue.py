"""A mark on a line, as its distance from the left end: 0 to 100 mm unless said otherwise."""

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.kind import (
    Describes,
    ItemKind,
    Nature,
    PaperSpace,
    TypedColumn,
    TypingCheck,
)
from trialkit.schemas.items.numbers import draw_number, fit_number, number_said, read_number

VISUAL_ANALOGUE = ItemKind(
    name="visual_analogue",
    nature=Nature.NUMBER,
    read=read_number,
    said=number_said,
    to_enter="the distance of the mark from the left end",
    keys=frozenset({"anchors"}),
    has_range=True,
    default_range=Range(low=0.0, high=100.0),
    default_unit="mm",
    has_decimals=True,
    typed_column=TypedColumn.NUMBER,
    outcome=Values.NUMBER,
    describes=Describes.BY_NUMBERS,
    typing=TypingCheck.NUMBER,
    space=PaperSpace.SCALE,
    draw=draw_number,
    fit=fit_number,
)
