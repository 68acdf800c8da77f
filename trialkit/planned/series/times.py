"""The curves of the time to an event, as figures draw them: steps, limits, and who is still at risk."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from trialkit.analysis.survival.cumulative_incidence import cumulative_incidence
from trialkit.analysis.survival.kaplan_meier import KaplanMeier, kaplan_meier
from trialkit.datasets.model import Datasets
from trialkit.planned.counts.times import CENSORED
from trialkit.planned.series.needed import draws
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.at_risk import TimeAtRisk
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.protocol import Protocol
from trialkit.protocol.trial.report_contents import FigureKind
from trialkit.results.at_risk import AtRiskStatus
from trialkit.results.series import Mark, Point, Series, SeriesKind

_TICKS = 6
_STEPS = (1, 2, 2.5, 5, 10)


def time_series(protocol: Protocol, datasets: Datasets) -> Iterator[Series]:
    """The curves of each primary and secondary analysis of times to an event, once an outcome."""
    if not draws(protocol, FigureKind.TIMES):
        return
    shown: set[str] = set()
    for analysis in protocol.plan.analyses:
        for outcome in map(protocol.outcome, analysis.outcomes):
            is_main = analysis.role in {AnalysisRole.PRIMARY, AnalysisRole.SECONDARY}
            if outcome.kind.summary is Summary.TIME and is_main and outcome.code not in shown:
                points = tuple(_points(analysis, outcome, protocol, datasets))
                if points:
                    shown.add(outcome.code)
                    yield Series(
                        kind=SeriesKind.TIMES,
                        analysis_id=analysis.id,
                        outcome=outcome.code,
                        points=points,
                    )


def _points(
    analysis: Analysis, outcome: Outcome, protocol: Protocol, datasets: Datasets
) -> Iterator[Point]:
    members = datasets.population(analysis.population).members
    at_risk = datasets.at_risk
    known = at_risk[(at_risk["outcome"] == outcome.code) & at_risk["time"].notna()]
    known = known.drop(columns="arm").merge(members, on="subject_id", how="inner")
    known = known.assign(event=known["status"] == AtRiskStatus.EVENT)
    risk, level = outcome.risk or TimeAtRisk(), protocol.plan.confidence_level
    ticks = np.array(ticks_to(float(known["time"].max()))) if len(known) else np.array([])
    for arm in protocol.arm_codes:
        own = known[known["arm"] == arm]
        if not len(own):
            continue
        found = kaplan_meier(own, time="time", event="event", conf_level=level)
        yield from _of_ticks(found, ticks, arm)
        if risk.competing:
            yield from _incidence(own, arm, level)
        else:
            yield from _survival(found, arm)


def _survival(found: KaplanMeier, arm: str) -> Iterator[Point]:
    yield Point(arm=arm, x=0.0, y=1.0, low=1.0, high=1.0)
    curve = found.curve()
    names = ("time", "survival", "conf_low", "conf_high", "censored")
    for time, share, low, high, censored in zip(*(curve[n].tolist() for n in names), strict=True):
        yield Point(arm=arm, x=time, y=share, low=_known(low), high=_known(high))
        if censored:
            yield Point(arm=arm, x=time, y=share, n=int(censored), label=Mark.CENSORED.value)


def _incidence(own: pd.DataFrame, arm: str, level: float) -> Iterator[Point]:
    """The curve of each cause; its label is the cause."""
    causes = own["cause"].astype("object").fillna(CENSORED)
    if (causes == CENSORED).all():
        return
    curve = cumulative_incidence(
        own.assign(ended=causes),
        time="time", event="ended", conf_level=level,
        censored=CENSORED if (causes == CENSORED).any() else None,
    ).curve()  # fmt: skip
    for cause in curve["cause"].unique():
        yield Point(arm=arm, x=0.0, y=0.0, low=0.0, high=0.0, label=str(cause))
        one = curve[curve["cause"] == cause]
        names = ("time", "incidence", "conf_low", "conf_high")
        for time, share, low, high in zip(*(one[n].tolist() for n in names), strict=True):
            yield Point(
                arm=arm, x=time, y=share, low=_known(low), high=_known(high), label=str(cause)
            )


def _of_ticks(found: KaplanMeier, ticks: np.ndarray, arm: str) -> Iterator[Point]:
    left = found.curves[0].number_at_risk(ticks)
    for tick, number in zip(ticks.tolist(), left.tolist(), strict=True):
        yield Point(arm=arm, x=tick, n=int(number), label=Mark.AT_RISK.value)


def _known(limit: float) -> float | None:
    return None if np.isnan(limit) else limit


def ticks_to(last: float) -> list[float]:
    """Round times from 0 to the last, about so many that their numbers at risk have room."""
    if last <= 0:
        return [0.0]
    least = last / _TICKS
    size = 10.0 ** np.floor(np.log10(least))
    step = next(size * each for each in _STEPS if size * each >= least)
    return [float(step * place) for place in range(int(np.floor(last / step)) + 1)]
