"""Rows of one form judged with the other rows at hand: cells, conditions, calculations and rules.

The one chain of a trial's validation, of one file that streams by, and of the tests of the forms. A
form at hand is looked at only when something that is judged reads it.
"""

from dataclasses import dataclass

from trialkit.checks.judging.calculated import check_calculated
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.conditional import check_conditional
from trialkit.checks.judging.cross_rules import check_rules
from trialkit.checks.judging.declared import check_declared
from trialkit.checks.judging.hits import Hits
from trialkit.checks.judging.others import Others, Rows
from trialkit.checks.judging.told_apart import check_told_apart
from trialkit.schemas.forms.forms import Form


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """What is wrong with rows of one form."""

    cells: CheckedCells
    of_cells: tuple[Hits, ...]
    """What each cell holds, lacks or should not hold."""
    of_rules: tuple[Hits, ...]
    """The form's own rules, and what follows from what it says of its items."""

    @property
    def hits(self) -> tuple[Hits, ...]:
        """All of it, in the order of the phases."""
        return (*self.of_cells, *self.of_rules)


def judge(form: Form, rows: Rows, others: Others) -> Judged:
    """Everything that is wrong with these rows, whose keys are known to be in order.

    ``rows`` may be all rows of the form or some, such as one that is being entered: ``others`` holds
    the rows at hand of every form, of which one with the key of a judged row gives way to it.
    """
    cells = others.cells.of(form, rows)
    stated = check_rules(cells, others)
    return Judged(
        cells=cells,
        of_cells=(
            *cells.hits,
            *check_conditional(cells, others),
            *check_calculated(cells, others),
        ),
        of_rules=(
            *stated,
            *check_declared(cells, others, found=stated),
            *check_told_apart(cells),
        ),
    )
