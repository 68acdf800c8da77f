"""The end of an outcome's scale that is not the better one, as its form has it."""

from collections.abc import Sequence

from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.trial.outcomes import Combine, Outcome
from trialkit.schemas.forms.forms import Form


def worst_value(outcome: Outcome, forms: Sequence[Form]) -> float | None:
    """The worst value that the outcome can have; None where its item has no such end.

    Of levels it is the place of the first or the last, from 1 on; a sum of rows has no end.
    """
    form = next((each for each in forms if each.id == outcome.form), None)
    item = next((each for each in form.items if each.id == outcome.item), None) if form else None
    if item is None or outcome.combine is Combine.SUM:
        return None
    lower = outcome.direction is Direction.LOWER
    if outcome.kind.summary is Summary.LEVELS:
        return float(len(item.choices)) if lower else 1.0
    end = item.range.high if lower else item.range.low
    return float(end) if isinstance(end, int | float) else None
