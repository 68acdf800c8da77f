"""A number that follows from other items and is never asked."""

from trialkit.protocol.methods.outcome_kinds import Values
from trialkit.schemas.items.kind import Describes, ItemKind, Nature, PaperSpace
from trialkit.schemas.items.numbers import fit_number, number_said, read_number

CALCULATED = ItemKind(
    name="calculated",
    nature=Nature.NUMBER,
    read=read_number,
    said=number_said,
    to_enter="nothing; it is worked out",
    keys=frozenset({"calculation"}),
    has_range=True,
    is_asked=False,
    outcome=Values.NUMBER,
    describes=Describes.BY_NUMBERS,
    space=PaperSpace.NOTHING,
    fit=fit_number,
    xlsform=("calculate",),
)
