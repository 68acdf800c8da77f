"""The fourth phase: the rules that the forms state, across items, forms and visits."""

import numpy as np
import pandas as pd

from trialkit.checks.judging import wording
from trialkit.checks.judging.cells import CheckedCells
from trialkit.checks.judging.hits import Hits, as_entered, hits_at_rows
from trialkit.checks.judging.others import Others, verdicts
from trialkit.schemas.forms.forms import Rule
from trialkit.schemas.forms.placeholders import pieces


def check_rules(cells: CheckedCells, others: Others) -> tuple[Hits, ...]:
    """Every row for which a rule of the form is known not to hold."""
    broken = (_broken(rule, cells, others) for rule in cells.form.rules)
    return tuple(hits for each in broken for hits in each)


def _broken(rule: Rule, cells: CheckedCells, others: Others) -> tuple[Hits, ...]:
    rows = verdicts(cells.form.conditions[rule.expression], cells, others).false
    return hits_at_rows(
        cells.form,
        cells.data,
        rows,
        lambda _: _filled(rule.message, cells, rows),
        item=rule.items[0],
        rule_id=rule.id,
        severity=rule.severity,
    )


def _filled(message: str, cells: CheckedCells, rows: np.ndarray) -> pd.Series:
    """The message with its places filled by what was entered, a blank cell as ``(blank)``."""
    text = pd.Series("", index=range(len(rows)), dtype="str")
    for number, piece in enumerate(pieces(message)):
        if number % 2 == 0:
            text = text + piece
        else:
            name = piece.strip()
            said = wording.shown(as_entered(cells.form, cells.data.take(rows, [name]), name))
            text = text + said.mask(said == "", "(blank)")
    return text
