"""The results by what they state, so that a table of hundreds of cells looks each up at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from trialkit.errors import ReportError
from trialkit.results.results import Result, Results
from trialkit.results.series import Series, SeriesKind
from trialkit.results.unanswered import unanswered
from trialkit.results.vocabulary import Stat


class Shelf(StrEnum):
    """The analyses of the results that no plan names, by their ``analysis_id``."""

    DESCRIPTIVE = "descriptive"
    BASELINE = "baseline"
    HARMS = "harms"
    ADHERENCE = "adherence"
    FLOW = "flow"
    POPULATIONS = "populations"
    MISSING = "missing"
    CONCOMITANT = "concomitant"
    DEVIATIONS = "deviations"
    INTERCURRENT = "intercurrent"


class Term(StrEnum):
    """The terms of the results that are no effect and no contrast."""

    VALUE = ""
    CHANGE = "change"
    ADJUSTED_MEAN = "adjusted mean"
    MARGINAL_MEAN = "marginal mean"
    STANDARDISED_RISK = "standardised risk"
    """Of an arm, were all analysed in it."""
    DISPERSION = "dispersion"
    """Of a model of counts, how much more they vary than its mean lets them."""
    FIRST_STAGE = "first stage"
    """How far an arm moves what is received; the contrast follows it."""
    DECIDED = "pairs decided"
    """Of a contrast of pairs: which share each outcome decides, and is won; the contrast and the
    outcome's label follow it."""
    RESPONDERS = "responders"
    COMBINATION = "combination"
    """Of the levels of the factors of a factorial trial: what those analysed in an arm had."""
    INTERACTIONS = "interactions"
    """Of the factors of a factorial trial, all tested together."""
    IMPUTED = "imputed"
    """Of the missing values that an analysis imputed: how many, and by which strategy."""
    CLUSTERS = "clusters"
    """Of the clusters in an analysis: how many, how large, how alike within."""
    RESIDUALS = "residuals"
    """Of a mixed model with several groupings: what its intercepts leave."""
    PERIOD = "period"
    """Of a crossover trial: the difference between periods, whatever the treatment."""
    SEQUENCE = "sequence"
    CARRY_OVER = "carry-over"
    """Of a crossover trial: what a treatment leaves behind in the next period."""
    FOLLOW_UP = "follow-up"
    """The median time at risk, by the reverse Kaplan-Meier method."""
    MEDIAN_TIME = "median time"
    """The time by which half had the event."""
    WITHOUT_EVENT = "without the event"
    """The share that is still without the event at the time point."""
    WITH_EVENT = "with the event"
    """The share that had the event by the time point, where other events compete with it."""
    RESTRICTED_MEAN = "restricted mean"
    """The mean time without the event up to the time that the plan states."""
    MEAN_NUMBER = "mean number of events"
    """How many events a participant has had on average by the time point, or by a time of the plan."""
    WHOLE = "analysis"
    """Of an analysis that compares no two arms, as a whole."""
    ANY_EVENT = "any"
    OTHER_TERMS = "other terms"
    """Events whose terms are each rarer than the protocol prints, all together."""
    NO_CLASS = "any: class not recorded"
    """Events of which the form asks the class and nobody recorded it."""
    PARTICIPANTS = "participants"
    """Before a level: how many of it are analysed."""
    OTHER_DEVIATIONS = "any: other deviations"
    """Those that the data do not show, and somebody would have to record."""


class Before(StrEnum):
    """What stands before the words in a term that counts something named in words."""

    REASON = "reason: "
    CARE = "care: "
    DEVIATION = "deviation: "
    EVENT = "event: "
    RARE = "rare event: "
    """An event that is rarer than the protocol prints; it is in ``other terms``."""
    SERIOUS = "serious event: "
    """A serious event that is called so."""
    CLASS = "class: "
    """A class of events, such as a system organ class, or after `` | `` an event within it."""
    WORST = "worst severity: "
    """Participants by the worst of their events."""
    LEVEL = "level: "
    """Participants at a level of an ordinal outcome, by its label."""
    INTERCEPTS = "intercepts: "
    """Of the levels of a grouping in a mixed model that has several, by its label."""
    SEVERITY = "severity: "
    """Participants with an event that is called so, where nothing says which is worse."""


IN_LEVEL = " | "
"""Between a contrast and the level of the characteristic within which it is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a group of statistics stands in the results."""

    analysis_id: str
    outcome: str = ""
    method: str = ""
    visit: str = ""
    term: str = ""
    arm: str = ""


Statistics: TypeAlias = Mapping[Stat, Result]

NOTHING: Statistics = MappingProxyType({})


class ResultIndex:
    """Every statistic of the results, found by its address or by a part of it."""

    def __init__(self, results: Results) -> None:
        exact: dict[Address, dict[Stat, Result]] = {}
        for row in results.rows:
            address = Address(
                analysis_id=row.analysis_id,
                outcome=row.outcome,
                method=row.method,
                visit=row.visit,
                term=row.term,
                arm=row.arm,
            )
            place = exact.setdefault(address, {})
            if row.stat_name in place:
                raise ReportError(
                    f"results state {row.stat_name.value!r} twice for {address}: "
                    f"{place[row.stat_name].result_id!r} and {row.result_id!r}"
                )
            place[row.stat_name] = row
        by_analysis: dict[str, list[Address]] = {}
        for address in exact:
            by_analysis.setdefault(address.analysis_id, []).append(address)
        self._series = {
            (each.kind, each.analysis_id, each.outcome): each for each in results.series
        }
        self._series_by_id = {each.result_id: each for each in results.series}
        self._rows = {row.result_id: row for row in results.rows}
        self._exact = exact
        self._unanswered = {(row.analysis_id, row.outcome): row for row in unanswered(results.rows)}
        self._by_analysis = {name: tuple(found) for name, found in by_analysis.items()}

    @property
    def rows(self) -> tuple[Result, ...]:
        """Every row, in the order of the results."""
        return tuple(self._rows.values())

    def lacking(self, analysis_id: str, outcome: str) -> Result | None:
        """The row that says why an analysis of the plan has no number; None where it has one."""
        return self._unanswered.get((analysis_id, outcome))

    def row(self, result_id: str) -> Result:
        """The row of the results with this id."""
        return self._rows[result_id]

    def series(self, kind: SeriesKind, analysis_id: str, *, outcome: str = "") -> Series | None:
        """The series of a kind; None where the plan's report draws none."""
        return self._series.get((kind, analysis_id, outcome))

    def series_named(self, result_id: str) -> Series | None:
        """The series with this id."""
        return self._series_by_id.get(result_id)

    def addresses(self, analysis_id: str, *, outcome: str | None = None) -> tuple[Address, ...]:
        """The addresses of an analysis, and of one of its outcomes, in the order of the results."""
        return tuple(
            address
            for address in self._by_analysis.get(analysis_id, ())
            if outcome is None or address.outcome == outcome
        )

    def at(self, address: Address) -> Statistics:
        """The statistics at exactly this address; nothing when there are none."""
        return self._exact.get(address, NOTHING)

    def find(
        self,
        analysis_id: str,
        *,
        outcome: str = "",
        visit: str | None = None,
        term: str | None = None,
        arm: str | None = None,
        method: str | None = None,
        having: Stat | None = None,
    ) -> Statistics:
        """The first statistics of an analysis and outcome that match all that is given."""
        for address in self._by_analysis.get(analysis_id, ()):
            matches = (
                address.outcome == outcome
                and (visit is None or address.visit == visit)
                and (term is None or address.term == term)
                and (arm is None or address.arm == arm)
                and (method is None or address.method == method)
            )
            if matches and (having is None or having in self._exact[address]):
                return self._exact[address]
        return NOTHING

    def __contains__(self, analysis_id: str) -> bool:
        return analysis_id in self._by_analysis


def value(statistics: Statistics, stat: Stat) -> float | int | None:
    """The value of a statistic, None when it is not stated."""
    row = statistics.get(stat)
    return None if row is None else row.stat


def ids(statistics: Statistics, *stats: Stat) -> tuple[str, ...]:
    """The ``result_id`` of each of these statistics that is stated."""
    return tuple(statistics[stat].result_id for stat in stats if stat in statistics)
