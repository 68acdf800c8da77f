"""What stands beside every comparison: each arm's numbers at each visit."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trialkit.analysis.descriptive import summarise
from trialkit.analysis.planned.stating import Statement, summary_statistics
from trialkit.analysis.results import Result
from trialkit.analysis.vocabulary import Stat
from trialkit.datasets.disposition import primary_analysis
from trialkit.datasets.model import Datasets
from trialkit.protocol.model import Outcome, OutcomeType, Protocol
from trialkit.protocol.specifications import Method

DESCRIPTIVE = Method.DESCRIPTIVE.value
CHANGE = "change"


def state_description(protocol: Protocol, datasets: Datasets) -> Iterator[Result]:
    """Every outcome in every arm at every visit, in the population of the primary analysis."""
    code = described_population(protocol)
    members = datasets.population(code).members
    rows = datasets.measurements.drop(columns="arm").merge(
        members, on="subject_id", how="inner", validate="many_to_one"
    )
    for outcome in protocol.outcomes:
        statement = Statement(
            analysis_id=DESCRIPTIVE,
            method=DESCRIPTIVE,
            outcome=outcome.code,
            population=code,
            unit=outcome.unit,
        )
        own = rows[rows["outcome"] == outcome.code]
        for visit in protocol.visit_codes:
            at_visit = own[own["visit"] == visit]
            if at_visit.empty:
                continue
            for arm in protocol.arm_codes:
                cell = at_visit[at_visit["arm"] == arm]
                about = statement.about(visit=visit, arm=arm)
                yield from _state_cell(about, cell, outcome, protocol)


def described_population(protocol: Protocol) -> str:
    """The population of the primary outcome's primary analysis."""
    return primary_analysis(protocol).population


def _state_cell(
    about: Statement, cell: pd.DataFrame, outcome: Outcome, protocol: Protocol
) -> Iterator[Result]:
    values = cell["value"].to_numpy(dtype=float)
    if outcome.type is OutcomeType.BINARY:
        yield from about.state_all(_count(values))
        return
    yield from about.state_all(summary_statistics(summarise(values)))
    visits = protocol.visit_codes
    if visits.index(about.visit) > visits.index(protocol.baseline.code):
        change = about.about(visit=about.visit, term=CHANGE, arm=about.arm)
        changes = cell["change"].to_numpy(dtype=float)
        yield from change.state_all(summary_statistics(summarise(changes)))


def _count(values: np.ndarray) -> dict[Stat, float | None]:
    present = values[~np.isnan(values)]
    events = int(present.sum())
    return {
        Stat.N: len(present),
        Stat.N_MISSING: len(values) - len(present),
        Stat.EVENTS: events,
        Stat.PERCENT: 100 * events / len(present) if len(present) else None,
    }
