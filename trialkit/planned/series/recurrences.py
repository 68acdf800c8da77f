"""The mean cumulative functions of events that happen again, as figures draw them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trialkit.analysis.recurrent.mean_cumulative import MeanCumulative, mean_cumulative
from trialkit.datasets.model import Datasets
from trialkit.planned.series.needed import draws
from trialkit.planned.series.times import ticks_to
from trialkit.planned.task.intervals import EVENT, START, STOP, SUBJECT, intervals_of
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import FigureKind
from trialkit.results.series import Mark, Point, Series, SeriesKind

_MAIN = frozenset({AnalysisRole.PRIMARY, AnalysisRole.SECONDARY})


def recurrence_series(protocol: Protocol, datasets: Datasets) -> Iterator[Series]:
    """The curves of each outcome of a primary or secondary analysis that can happen again, once."""
    if not draws(protocol, FigureKind.TIMES):
        return
    shown: set[str] = set()
    for analysis in protocol.plan.analyses:
        for outcome in map(protocol.outcome, analysis.outcomes):
            can_recur = outcome.kind.summary is Summary.RECURRENCE
            if not can_recur or analysis.role not in _MAIN or outcome.code in shown:
                continue
            points = tuple(_points(analysis, outcome, protocol, datasets))
            if points:
                shown.add(outcome.code)
                yield Series(
                    kind=SeriesKind.MEAN_NUMBERS,
                    analysis_id=analysis.id,
                    outcome=outcome.code,
                    points=points,
                )


def _points(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, datasets: Datasets
) -> Iterator[Point]:
    members = datasets.population(analysis.population).members
    at_risk, log = datasets.at_risk, datasets.event_log
    known = at_risk[(at_risk["outcome"] == outcome.code) & at_risk["time"].notna()]
    known = known.drop(columns="arm").merge(members, on=SUBJECT, how="inner")
    events = log[log["outcome"] == outcome.code]
    ticks = ticks_to(float(known["time"].max())) if len(known) else []
    for arm in protocol.arm_codes:
        own = known[known["arm"] == arm]
        if len(own):
            yield from _at_risk(own, ticks, arm)
            rows = intervals_of(own, events, outcome.risk or TimeAtRisk())
            found = mean_cumulative(
                rows, subject=SUBJECT, start=START, stop=STOP, event=EVENT,
                conf_level=protocol.plan.confidence_level,
            )  # fmt: skip
            yield from _curve(found, arm)


def _curve(found: MeanCumulative, arm: str) -> Iterator[Point]:
    """The steps, from none at the origin to the last day on which anybody was watched."""
    yield Point(arm=arm, x=0.0, y=0.0, low=0.0, high=0.0)
    last, steps = found.curves[0].last_time, found.curve()
    names = ("time", "mean", "conf_low", "conf_high")
    rows = [*zip(*(steps[name].tolist() for name in names), strict=True)]
    for time, mean, low, high in rows:
        yield Point(arm=arm, x=time, y=mean, low=low, high=high)
    if rows and rows[-1][0] < last:
        _, mean, low, high = rows[-1]
        yield Point(arm=arm, x=last, y=mean, low=low, high=high)
    if not rows:
        yield Point(arm=arm, x=last, y=0.0, low=0.0, high=0.0)


def _at_risk(own: pd.DataFrame, ticks: list[float], arm: str) -> Iterator[Point]:
    until = own["time"].to_numpy(dtype=float)
    for tick in ticks:
        left = int(np.sum(until >= tick * (1 - 1e-9)))
        yield Point(arm=arm, x=tick, n=left, label=Mark.AT_RISK.value)
