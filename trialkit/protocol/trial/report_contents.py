"""What a report shows beyond what every report shows: figures, and how single rows are printed."""

from dataclasses import dataclass
from enum import StrEnum

from trialkit.errors import ProtocolError

MOST_DIGITS = 6


class FigureKind(StrEnum):
    """A figure that a report may have; the flow diagram is in every one."""

    COURSE = "course"
    """Every participant's course of a primary outcome, and each arm's mean."""
    LEVELS = "levels"
    """How many of each arm are at each level of an ordinal outcome."""
    MARGINS = "margins"
    """The interval of each population against the margin of non-inferiority or equivalence."""
    FOREST = "forest"
    """The effects on all outcomes: standardised, in percentage points, as ratios."""
    SENSITIVITY = "sensitivity"
    """The effect on a primary outcome by its primary and its sensitivity analyses."""
    TIPPING = "tipping"
    """The difference with so much added to imputed values of both arms, and where conclusions change."""
    SUBGROUPS = "subgroups"
    """The effect in each subgroup of a planned analysis, with the test of the interaction."""
    FACTORS = "factors"
    """Of a factorial trial, the means of its combinations, and main and simple effects."""
    MARGINAL_MEANS = "marginal_means"
    """The marginal means of a mixed model for repeated measures, by visit."""
    TIMES = "times"
    """The share of each arm without the event as time goes on, or with each of competing events; of events
    that happen again their mean number."""
    RESPONDER_CURVE = "responder_curve"
    """The share of each arm that improved by at least so much, for every amount."""
    WATERFALL = "waterfall"
    """Each participant's change as a bar."""
    MISSINGNESS = "missingness"
    """Who has a value at which visit, and why not."""
    ADVERSE_EVENTS = "adverse_events"
    """Each arm's percentage with an event, and the risk difference."""
    RESIDUALS = "residuals"
    """Whether the residuals of the primary analysis look as its model assumes."""


INDIVIDUAL = frozenset({FigureKind.RESPONDER_CURVE, FigureKind.WATERFALL, FigureKind.RESIDUALS})
"""Figures in which single participants can be told apart."""
MAIN_FIGURES = (
    FigureKind.COURSE,
    FigureKind.LEVELS,
    FigureKind.TIMES,
    FigureKind.FACTORS,
    FigureKind.MARGINAL_MEANS,
    FigureKind.MARGINS,
    FigureKind.FOREST,
    FigureKind.SUBGROUPS,
    FigureKind.SENSITIVITY,
    FigureKind.TIPPING,
)
SUPPLEMENTARY_FIGURES = (
    FigureKind.RESPONDER_CURVE,
    FigureKind.WATERFALL,
    FigureKind.MISSINGNESS,
    FigureKind.ADVERSE_EVENTS,
    FigureKind.RESIDUALS,
)


class RowTable(StrEnum):
    """A table of which single rows can be printed in another way."""

    BASELINE = "baseline"
    OUTCOMES = "outcomes"
    HARMS = "harms"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSetting:
    """How a row, or the rows of an outcome or characteristic, are printed in a table."""

    table: RowTable
    of: str
    """An outcome's code, a characteristic's ``form.item``, or an adverse event as it is named."""
    label: str = ""
    digits: int | None = None
    footnote: str = ""

    def __post_init__(self) -> None:
        if self.digits is not None and not 0 <= self.digits <= MOST_DIGITS:
            raise ProtocolError(f"digits must be from 0 to {MOST_DIGITS}, got {self.digits}")
        if not self.label and self.digits is None and not self.footnote:
            raise ProtocolError("a row needs a label, digits or a footnote, else nothing is set")
        if self.table is RowTable.HARMS and self.digits is not None:
            raise ProtocolError("the table of harms holds counts, which have no digits to set")
