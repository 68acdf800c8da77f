"""How many values were expected of each outcome, visit and arm, and how many lack and why."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from trialkit.analysis.frames.groups import contrast_label
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.risk_difference import risk_difference
from trialkit.datasets.due import without_times_to_come
from trialkit.datasets.model import Datasets
from trialkit.planned.counts.cells import ArmValues, Cells, cells_of
from trialkit.planned.task.stating import Statement
from trialkit.protocol.methods.comparisons import IntervalMethod
from trialkit.protocol.methods.effects import OF_RISKS
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
    At the time point of an outcome the share that lacks it in each arm less that in the reference is
    an estimate with limits, whose ``arm`` is the contrast: none in a crossover trial, whose arms are
    sequences, and no limits where clusters were allocated, whose participants leave together.
    """
    expected = without_times_to_come(datasets.measurements, protocol, datasets.at_risk)
    cells = cells_of(expected, protocol, planned=datasets.planned_visits)
    for outcome in protocol.outcomes:
        for (visit, arm), cell in cells[outcome.code].items():
            yield from _missing_of(cell, outcome, visit=visit, arm=arm)
        if not protocol.is_crossover:
            yield from _differences(cells[outcome.code], outcome, protocol)


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


def _differences(cells: Cells, outcome: Outcome, protocol: Protocol) -> Iterator[Result]:
    """How much larger the share without a value is in each arm than in the reference, by Newcombe."""
    counted = {arm: cells.get((outcome.time_point, arm)) for arm in protocol.arm_codes}
    shares = {arm: _share(arm, cell) for arm, cell in counted.items() if cell is not None}
    reference = shares.get(protocol.reference.code)
    about = Statement(
        analysis_id=Shelf.MISSING,
        method=Method.DESCRIPTIVE.value,
        outcome=outcome.code,
        visit=outcome.time_point,
    )
    measure = about.of(OF_RISKS).measure(Stat.RISK_DIFFERENCE)
    for arm in protocol.experimental:
        own = shares.get(arm.code)
        if own is None or reference is None:
            continue
        found = risk_difference(
            own,
            reference,
            interval=IntervalMethod.NEWCOMBE,
            conf_level=protocol.plan.confidence_level,
        )
        contrast = replace(measure, arm=contrast_label(arm.code, protocol.reference.code))
        yield contrast.state(Stat.ESTIMATE, found.estimate)
        if protocol.allocates_clusters:
            continue
        yield contrast.state(Stat.CONF_LOW, found.conf_low)
        yield contrast.state(Stat.CONF_HIGH, found.conf_high)
        yield contrast.state(Stat.CONF_LEVEL, found.conf_level)


def _share(arm: str, cell: ArmValues) -> ArmCount | None:
    """How many of those expected lack a value; None where nobody was expected."""
    n = int(cell.expected.sum())
    lacking = int((cell.expected & np.isnan(cell.value)).sum())
    return ArmCount(arm=arm, events=lacking, n=n) if n else None
