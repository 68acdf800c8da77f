"""What forests of analyses share: an effect as it is drawn and printed, its rows arm by arm, and its axis."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from trialkit.drawing.looks import look
from trialkit.protocol.trial.interventions import Arm
from trialkit.report.figures.forest_columns import favoured_sides
from trialkit.report.figures.sheet_layout import SheetAxis, SheetRow, Upright
from trialkit.report.numbers.numbers import with_interval
from trialkit.report.tables.cells import INTERVAL
from trialkit.report.tables.headlines import Headline
from trialkit.results.lookup import Statistics, value

NOT_ESTIMABLE = "not estimable"
Numbers: TypeAlias = tuple[float, float, float]
"""An effect and its limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmEffect:
    """What stands in the row of an arm that is compared with the reference."""

    arm: Arm
    before: tuple[str, ...]
    after: tuple[str, ...]
    numbers: Numbers | None


def rows_by_arm(
    headline: Headline, label: str, effects: Iterable[ArmEffect], *, parted: bool
) -> Iterator[SheetRow]:
    """A row for each arm; where there are several, with the label over them."""
    several = len(headline.protocol.experimental) > 1
    bold = headline.is_primary
    if several:
        yield SheetRow(label=label, bold=bold, parted=parted)
    for each in effects:
        effect, low, high = each.numbers or (None, 0.0, 0.0)
        yield SheetRow(
            label=each.arm.label if several else label,
            before=each.before,
            after=each.after,
            effect=effect,
            low=low,
            high=high,
            look=look(headline.protocol.arm_codes.index(each.arm.code)),
            bold=bold and not several,
            indented=several,
            parted=parted and not several,
        )


def factor_of(headline: Headline) -> float:
    """Differences of shares are drawn and printed in percentage points."""
    return 100.0 if headline.scale.in_points else 1.0


def effect_numbers(headline: Headline, found: Statistics) -> Numbers | None:
    """An effect and its limits as they are drawn; None where one of them is not stated."""
    numbers = [value(found, stat) for stat in INTERVAL]
    if any(each is None for each in numbers):
        return None
    effect, low, high = (factor_of(headline) * each for each in numbers if each is not None)
    return effect, low, high


def effect_in_words(headline: Headline, numbers: Numbers | None) -> str:
    """The effect with its limits, or that there is none."""
    if numbers is None:
        return NOT_ESTIMABLE
    return with_interval(*numbers, digits=1 if headline.scale.in_points else headline.digits)


def effect_unit(headline: Headline) -> str:
    """In what an effect is printed; blank of a ratio."""
    if headline.is_ratio:
        return ""
    return "percentage points" if headline.scale.in_points else headline.unit


def effect_axis(headline: Headline, what: str, lines: tuple[Upright, ...]) -> SheetAxis:
    """The axis of ``what`` is measured from the reference arm, with lines across the rows."""
    below, above = favoured_sides(headline.protocol, lower_is_better=headline.lower_is_better)
    unit = effect_unit(headline)
    words = "to" if headline.is_ratio else "from"
    return SheetAxis(
        words=f"{what} {words} the reference arm{f', {unit}' if unit else ''}",
        null=headline.scale.null_value,
        logarithmic=headline.is_ratio,
        below=below,
        above=above,
        lines=lines,
    )
