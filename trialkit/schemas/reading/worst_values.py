"""The scale of an outcome as its form has it, and the end of it that is not the better one."""

from collections.abc import Sequence

from trialkit.protocol.methods.cut_points import digits
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.outcomes import Combine, Outcome
from trialkit.schemas.forms.forms import Form, Item


def worst_value(outcome: Outcome, forms: Sequence[Form]) -> float | None:
    """The worst value that the outcome can have; None where its item has no such end.

    Of levels it is the place of the first or the last, from 1 on; a sum of rows has no end.
    """
    item = _item(outcome, forms)
    if item is None or outcome.combine is Combine.SUM:
        return None
    lower = outcome.direction is Direction.LOWER
    if outcome.kind.summary is Summary.LEVELS:
        return float(len(item.choices)) if lower else 1.0
    end = item.range.high if lower else item.range.low
    return float(end) if isinstance(end, int | float) else None


def beyond_the_scale(number: float, outcome: Outcome, forms: Sequence[Form]) -> str:
    """The range that the item of the outcome has, in words, where a number lies outside; else blank.

    A sum of rows has no range.
    """
    item = _item(outcome, forms)
    if item is None or outcome.combine is Combine.SUM or item.range.nearest(number) == number:
        return ""
    ends = (("from", item.range.low), ("to", item.range.high))
    said = (f"{word} {digits(end)}" for word, end in ends if isinstance(end, int | float))
    return " ".join(said)


def _item(outcome: Outcome, forms: Sequence[Form]) -> Item | None:
    form = next((each for each in forms if each.id == outcome.form), None)
    return next((each for each in form.items if each.id == outcome.item), None) if form else None
