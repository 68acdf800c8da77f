"""How a planned analysis states its numbers: rows of the results that share their context."""

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from trialkit.analysis.describing.descriptive import ValueSummary
from trialkit.errors import AnalysisError
from trialkit.planned.task.task import Task
from trialkit.protocol.methods.linear_models import ContrastAdjustment
from trialkit.results.effect import (
    MEASURES,
    ONE_SIDED,
    POINTWISE,
    Effect,
    Interval,
    Scale,
    StandardisedBy,
    Status,
)
from trialkit.results.notes import NOT_COLLECTED, standardised_note
from trialkit.results.result_ids import result_id
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat

COUNTS = frozenset({
    Stat.N, Stat.N_MISSING, Stat.N_EXCLUDED, Stat.N_NOT_DUE, Stat.N_NOT_APPLICABLE,
    Stat.N_NOT_ASKED, Stat.N_COMPETING, Stat.N_CENSORED, Stat.EVENTS, Stat.N_EVENTS, Stat.N_UNKNOWN,
    Stat.N_CLUSTERS, Stat.N_IMPUTED, Stat.N_IMPUTATIONS,
})  # fmt: skip
SESSIONS = frozenset({Stat.PLANNED, Stat.PRESCRIBED, Stat.ATTENDED, Stat.UNKNOWN})
"""Counted in sessions, of which somebody may have attended half of one."""
UNITLESS = frozenset(Stat) - {
    Stat.MEAN, Stat.SD, Stat.MEDIAN, Stat.Q1, Stat.Q3, Stat.MIN, Stat.MAX,
    Stat.GEOMETRIC_MEAN, Stat.ESTIMATE, Stat.SE, Stat.CONF_LOW, Stat.CONF_HIGH,
    Stat.EXPOSURE, Stat.RATE,
}  # fmt: skip

CONTRAST_STATS = (
    Stat.ESTIMATE, Stat.SE, Stat.DF, Stat.STATISTIC, Stat.P_VALUE,
    Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL,
)  # fmt: skip
EFFECT_STATS = (Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL)
LIMITS = (Stat.CONF_LOW, Stat.CONF_HIGH)
NO_VARIANCE = "not estimable: nothing varies within the arms, so that there is no standard error"
NO_LIMITS = "so few values have no limits at this confidence level"
HEDGES_STATS = (Stat.HEDGES_G, Stat.HEDGES_G_CONF_LOW, Stat.HEDGES_G_CONF_HIGH)
_WITH_LIMITS = frozenset({Stat.ESTIMATE, Stat.CONF_LOW, Stat.CONF_HIGH, Stat.CONF_LEVEL})
_ANY_LIMITS = frozenset({
    Stat.CONF_LOW, Stat.CONF_HIGH,
    Stat.PARTIAL_ETA_SQUARED_CONF_LOW, Stat.PARTIAL_ETA_SQUARED_CONF_HIGH,
    Stat.HEDGES_G_CONF_LOW, Stat.HEDGES_G_CONF_HIGH,
})  # fmt: skip
_OF_AN_EFFECT = _WITH_LIMITS | {Stat.SE, Stat.P_VALUE, Stat.P_ADJUSTED, *HEDGES_STATS}
_SCALES = {measure: scale for scale, measure in MEASURES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What a result row says besides its statistic."""

    analysis_id: str
    method: str
    role: str = ""
    family: str = ""
    outcome: str = ""
    population: str = ""
    estimand: str = ""
    visit: str = ""
    term: str = ""
    arm: str = ""
    unit: str = ""
    note: str = ""
    effect: Effect | None = None
    """What the statistics are of, where they are of an effect."""
    status: Status = Status.ESTIMATED
    limits: Interval = POINTWISE
    """What limits hold for that are of no effect: of one mean, one risk, one arm's change."""

    def about(
        self, *, visit: str = "", term: str = "", arm: str = "", note: str = ""
    ) -> "Statement":
        """The same analysis, about another visit, term or arm."""
        return replace(self, visit=visit, term=term, arm=arm, note=note)

    def by(self, method: str, *, unit: str | None = None) -> "Statement":
        """The same analysis, by another method."""
        return replace(self, method=method, unit=self.unit if unit is None else unit)

    def of(self, effect: Effect | None) -> "Statement":
        """The same statement, of this effect."""
        return replace(self, effect=effect)

    def measure(self, stat_name: Stat) -> "Statement":
        """The same comparison of risks by one of its measures: risk difference or a ratio."""
        effect = None if self.effect is None else replace(self.effect, scale=_SCALES[stat_name])
        return self.by(stat_name.value, unit="").of(effect)

    def state(self, stat_name: Stat, value: float | None, *, note: str = "") -> Result:
        """One row of the results; a number that is none is refused."""
        number = None if value is None else _plain(stat_name, value, where=self)
        parts = (
            self.analysis_id, self.outcome, self.method, self.visit, self.term, self.arm,
            stat_name.value,
        )  # fmt: skip
        row = Result(
            result_id=result_id(parts),
            analysis_id=self.analysis_id,
            role=self.role,
            family=self.family,
            outcome=self.outcome,
            population=self.population,
            estimand=self.estimand,
            method=self.method,
            visit=self.visit,
            term=self.term,
            arm=self.arm,
            stat_name=stat_name,
            stat=number,
            unit="" if stat_name in UNITLESS else self.unit,
            note=note or self.note,
        )
        if self.effect is not None:
            return _with_effect(row, self.effect, self.status)
        return replace(row, interval_kind=self.limits) if stat_name in _ANY_LIMITS else row

    def not_collected(self, *stat_names: Stat) -> Iterator[Result]:
        """Counts that have no source: rows without a number, which are not the rows of none."""
        for stat_name in stat_names:
            row = self.state(stat_name, None, note=NOT_COLLECTED)
            yield replace(row, status=Status.NOT_COLLECTED)

    def state_all(self, statistics: Mapping[Stat, float | None]) -> Iterator[Result]:
        """A row for each statistic that has a value."""
        for stat_name, value in statistics.items():
            if value is not None:
                yield self.state(stat_name, value)

    def state_row(self, row: Mapping[str, object], stats: Iterable[Stat]) -> Iterator[Result]:
        """Rows for the columns of an estimator's frame that are among ``stats`` and present."""
        for stat_name in stats:
            value = row.get(stat_name.value)
            if value is not None and not pd.isna(value):  # type: ignore[call-overload]
                yield self.state(stat_name, float(value))  # type: ignore[arg-type]


def _with_effect(row: Result, effect: Effect, status: Status) -> Result:
    """The row with what its effect says of it; a row of another statistic as it is."""
    stat = row.stat_name
    if stat not in _OF_AN_EFFECT:
        return row
    interval: Interval | None = None
    standardiser: StandardisedBy | None = None
    if stat in HEDGES_STATS:
        effect = effect.standardised()
    if stat in _WITH_LIMITS or stat in HEDGES_STATS:
        interval, standardiser = effect.interval, effect.standardised_by
    elif stat is Stat.P_VALUE:
        interval = ONE_SIDED if effect.one_sided else POINTWISE
    elif stat is Stat.P_ADJUSTED and effect.agrees:
        interval = effect.interval
    standardised = effect.scale is Scale.STANDARDISED_DIFFERENCE
    if row.stat is None and status is Status.ESTIMATED:
        status = Status.NOT_ESTIMABLE
    return replace(
        row,
        scale=effect.scale,
        interval_kind=interval,
        standardised_by=standardiser if standardised else None,
        status=status,
    )


def state_contrast(
    about: Statement, row: Mapping[str, object], stats: tuple[Stat, ...] = CONTRAST_STATS
) -> Iterator[Result]:
    """A contrast of two arms or visits; where it has no test or no limits, that is said.

    Without variance there is no standard error. And a rank test of few rejects no shift on a side
    where the most extreme order is not rare enough.
    """
    if pd.isna(row[Stat.P_VALUE.value]):  # type: ignore[call-overload]
        nothing = replace(about, note=NO_VARIANCE, status=Status.NOT_ESTIMABLE)
        yield nothing.state(Stat.ESTIMATE, None)
        yield nothing.state(Stat.P_VALUE, None)
        return
    one_sided = about.effect is not None and about.effect.one_sided
    limits = [row.get(stat.value) for stat in LIMITS]
    endless = sum(isinstance(limit, float) and math.isinf(limit) for limit in limits)
    if endless <= int(one_sided):
        yield from about.state_row(row, stats)
        return
    note = "; ".join(filter(None, (NO_LIMITS, about.note)))
    for each in about.state_row(row, stats):
        is_limit = each.stat_name in LIMITS
        yield replace(each, note=note, status=Status.NOT_ESTIMABLE) if is_limit else each


def state_hedges(about: Statement, row: Mapping[str, object]) -> Iterator[Result]:
    """Hedges' g and its limits; where these data have none, that is said and not left out."""
    if pd.isna(row.get(Stat.HEDGES_G.value)):  # type: ignore[call-overload]
        if row.get("note"):
            yield about.state(Stat.HEDGES_G, None, note=str(row["note"]))
        return
    by = None if about.effect is None else about.effect.standardised_by
    note = about.note or standardised_note(by)
    yield from replace(about, note=note).state_row(row, HEDGES_STATS)


def summary_statistics(summary: ValueSummary) -> dict[Stat, float | None]:
    """The description of a group of values; what so few values do not have is left out."""
    named = {
        Stat.N: summary.n,
        Stat.N_MISSING: summary.n_missing,
        Stat.MEAN: summary.mean,
        Stat.SD: summary.sd,
        Stat.MEDIAN: summary.median,
        Stat.Q1: summary.q1,
        Stat.Q3: summary.q3,
        Stat.MIN: summary.min,
        Stat.MAX: summary.max,
    }
    return {stat: None if math.isnan(value) else value for stat, value in named.items()}


def contrast_stats(adjustment: ContrastAdjustment) -> tuple[Stat, ...]:
    """What a contrast states; an adjusted p value where its method adjusts for several arms."""
    adjusted = adjustment is not ContrastAdjustment.NONE
    return (*CONTRAST_STATS, Stat.P_ADJUSTED) if adjusted else CONTRAST_STATS


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of an estimator's frame, by column name."""
    names = list(frame.columns)
    columns = (frame[name].tolist() for name in names)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def statement_of(task: Task) -> Statement:
    """The context that all rows of a task share."""
    analysis = task.analysis
    return Statement(
        analysis_id=analysis.id,
        role=analysis.role.value,
        family=analysis.family,
        outcome=task.outcome.code,
        population=analysis.population,
        estimand=analysis.estimand,
        method=analysis.specification.method.value,
        unit=task.outcome.unit,
    )


def contrast_statement(task: Task) -> Statement:
    """The context of the rows that state the effect of a task's method."""
    effect = task.analysis.specification.effect(task.outcome.type, len(task.arms))
    return statement_of(task).of(task.protocol.named_effect(effect))


def state_measures(about: Statement, rows: pd.DataFrame) -> Iterator[Result]:
    """Risk difference, risk ratio and odds ratio of each contrast, each on its own scale.

    ``rows`` are an estimator's, in its columns ``stat_name``, ``note`` and ``status`` among others.
    A measure that these counts do not have is stated without a number, with its note, which stands
    behind that of ``about``.
    """
    for row in records(rows):
        own = replace(
            about.measure(Stat(str(row["stat_name"]))),
            term=str(row["contrast"]),
            note="; ".join(filter(None, (about.note, str(row["note"] or "")))),
            status=Status(str(row["status"])),
        )
        if pd.isna(row[Stat.ESTIMATE.value]):  # type: ignore[call-overload]
            yield own.state(Stat.ESTIMATE, None)
        yield from own.state_row(row, EFFECT_STATS)


def state_numbers_analysed(task: Task, dropped: pd.DataFrame | None = None) -> Iterator[Result]:
    """How many of each arm are in the analysis, and how many are not and why.

    Of a crossover trial how many had each treatment.

    ``dropped`` are the participants (``subject``, ``reason``) whom the fit itself could not use
    beyond those who lack a value.
    """
    statement = statement_of(task)
    rows, excluded = task.included.measurements, task.included.excluded
    used = dict.fromkeys(zip(rows["subject_id"].tolist(), rows["arm"].tolist(), strict=True))
    left_out = Counter(zip(excluded["arm"].tolist(), excluded["reason"].tolist(), strict=True))
    if dropped is not None:
        reasons_of = dict(zip(dropped["subject"], dropped["reason"], strict=True))
        unused = sorted(each for each in used if each[0] in reasons_of)
        left_out.update((arm, reasons_of[who]) for who, arm in unused)
        used = {each: None for each in used if each[0] not in reasons_of}
    visit = task.outcome.time_point
    analysed = Counter(arm for _, arm in used)
    for arm in task.arms:
        about = statement.about(visit=visit, arm=arm)
        yield about.state(Stat.N, analysed[arm])
        reasons = {why: count for (where, why), count in left_out.items() if where == arm}
        note = "; ".join(f"{why}: {count}" for why, count in reasons.items())
        yield about.state(Stat.N_EXCLUDED, sum(reasons.values()), note=note)


def _plain(stat_name: Stat, value: float, *, where: Statement) -> float | int:
    number = float(value)
    if math.isnan(number):
        raise AnalysisError(
            f"analysis {where.analysis_id!r} of {where.outcome!r} has no {stat_name.value} "
            f"for {where.term or where.arm or 'this outcome'}: the data cannot give it"
        )
    whole = stat_name in COUNTS or (stat_name in SESSIONS and number.is_integer())
    return int(number) if whole else number
