"""How many values were expected of each outcome, visit and arm, and how many lack and why."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from trialkit.datasets.due import without_times_to_come
from trialkit.datasets.model import Datasets
from trialkit.planned.counts.cells import ArmValues, cells_of
from trialkit.planned.task.stating import Statement
from trialkit.protocol.methods.method import Method
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.lookup import Before, Shelf
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_missing_values(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Of each outcome, visit and allocated arm: how many values were expected, and how many lack.

    ``n`` counts the values that were expected: those that cannot exist, those that the form
    does not ask for and those still to come at the data cut, times that the cut ended before the
    time point among them, are counted apart. ``reason: <words>`` counts one reason of those missing.
    """
    expected = without_times_to_come(datasets.measurements, protocol, datasets.at_risk)
    cells = cells_of(expected, protocol, planned=datasets.planned_visits)
    for outcome in protocol.outcomes:
        for (visit, arm), cell in cells[outcome.code].items():
            yield from _missing_of(cell, outcome, visit=visit, arm=arm)


def _missing_of(cell: ArmValues, outcome: Outcome, *, visit: str, arm: str) -> Iterator[Result]:
    statement = Statement(
        analysis_id=Shelf.MISSING, method=Method.DESCRIPTIVE.value, outcome=outcome.code
    )
    n_expected = int(cell.expected.sum())
    reasons = Counter(map(str, cell.missing_reason[cell.expected & np.isnan(cell.value)]))
    n_missing = reasons.total()
    about = statement.about(visit=visit, arm=arm)
    yield from about.state_all(
        {
            Stat.N: n_expected,
            Stat.N_MISSING: n_missing,
            Stat.PERCENT: 100 * n_missing / n_expected if n_expected else None,
            Stat.N_NOT_DUE: int(cell.to_come.sum()),
            Stat.N_NOT_APPLICABLE: int(cell.not_applicable.sum()),
            Stat.N_NOT_ASKED: int(cell.not_asked.sum()) or None,
        }
    )
    for reason, count in reasons.items():
        about = statement.about(visit=visit, term=f"{Before.REASON}{reason}", arm=arm)
        yield about.state(Stat.N_MISSING, count)
