"""Whether each analysis of the plan can answer its estimand: event by event, strategy and summary."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from trialkit.errors import ProtocolError
from trialkit.protocol.methods.estimands import Estimand, IntercurrentEvent, Strategy
from trialkit.protocol.methods.measured_outcome import MeasuredOutcome
from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.outcome_kinds import Summary
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.methods.specifications import SPECIFICATIONS
from trialkit.protocol.tables.definitions import Complaints, shown
from trialkit.protocol.trial.composites import composite_value, is_rank_alone
from trialkit.protocol.trial.intercurrent import IntercurrentEventAsked
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.protocol.trial.visits import Visit
from trialkit.results.effect import Scale

_MAIN = (AnalysisRole.PRIMARY, AnalysisRole.SECONDARY)
_OF_MEANS = frozenset({Scale.DIFFERENCE, Scale.RATIO, Scale.STANDARDISED_DIFFERENCE})
_KEPT = frozenset({Strategy.TREATMENT_POLICY, Strategy.PRINCIPAL_STRATUM})
"""Strategies that change no value."""
_STATED = "an 'assumption' of the event in words, under which it answers all the same"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedQuestions:
    """The plan as far as it was read, with what its estimands name."""

    analyses: Sequence[Analysis]
    outcomes: Sequence[Outcome]
    estimands: Sequence[Estimand]
    recorded: Sequence[IntercurrentEventAsked]
    visits: Sequence[Visit]
    is_crossover: bool = False

    def records(self, event: IntercurrentEvent) -> bool:
        """Whether an event of an estimand is one that a form records."""
        return event.event in {each.code for each in self.recorded if each.recorded_by}

    def asked(self) -> Iterator[tuple[Analysis, Outcome, IntercurrentEvent]]:
        """Each analysis and outcome with each event of its estimand."""
        outcomes = {each.code: each for each in self.outcomes}
        estimands = {each.code: each for each in self.estimands}
        for analysis in self.analyses:
            events = (
                estimands[analysis.estimand].intercurrent_events
                if analysis.estimand in estimands
                else ()
            )
            for code in dict.fromkeys(analysis.outcomes):
                for event in events if code in outcomes else ():
                    yield analysis, outcomes[code], event

    def measured(self, outcome: Outcome) -> MeasuredOutcome | None:
        """The outcome as if every visit asked for it; None where there is no baseline visit."""
        codes = [each.code for each in self.visits]
        start = next((place for place, each in enumerate(self.visits) if each.baseline), None)
        if start is None or outcome.time_point not in codes:
            return None
        return MeasuredOutcome(
            kind=outcome.kind,
            baseline=codes[start],
            time_point=outcome.time_point,
            asked=tuple(codes[start:]),
            periods=(),
        )


class _Refused(NamedTuple):
    """Why an analysis does not answer its estimand, and what would."""

    why: str
    able: str


def complain_of_strategies(planned: PlannedQuestions, complaints: Complaints) -> None:
    """Add a complaint for each analysis that does not answer what its estimand asks of an event."""
    _events_are_named_once(planned, complaints)
    for analysis, outcome, event in planned.asked():
        found = (
            _why_not_recorded(analysis, outcome, event, planned)
            if planned.records(event)
            else _why_not_in_words(analysis, outcome, event)
        )
        if found:
            complaints.add(
                table=f"analyses {shown(analysis.id)}",
                key="estimand",
                found=f"{event.strategy.value} of {shown(event.event)} in estimand "
                f"{shown(analysis.estimand)}, {found.why}",
                expected=found.able,
            )


def _events_are_named_once(planned: PlannedQuestions, complaints: Complaints) -> None:
    for estimand in planned.estimands:
        named = Counter(each.event for each in estimand.intercurrent_events)
        table = f"estimands {shown(estimand.code)}"
        for event, count in named.items():
            if count > 1:
                complaints.add(
                    table=table,
                    key="intercurrent_events",
                    found=f"{shown(event)} {count} times",
                    expected="one strategy for each event",
                )
        for each in estimand.intercurrent_events:
            if each.value and not planned.records(each):
                complaints.add(
                    table=table,
                    key="intercurrent_events",
                    found=f"value = {shown(each.value)} of {shown(each.event)}, which no "
                    "[[intercurrent_events]] records",
                    expected="the code of an event that is recorded, so that the rule is carried out",
                )


def _why_not_recorded(
    analysis: Analysis, outcome: Outcome, event: IntercurrentEvent, planned: PlannedQuestions
) -> _Refused | None:
    """What is wrong with a strategy that is carried out, and what would do; None for nothing."""
    for judge in (_of_time, _of_periods, _of_a_rule, _of_rates, _of_a_stratum):
        found = judge(analysis, outcome, event, planned)
        if found:
            return found
    return _of_what_follows(analysis, outcome, event, planned)


def _of_time(
    _: Analysis, outcome: Outcome, event: IntercurrentEvent, __: PlannedQuestions
) -> _Refused | None:
    if not outcome.kind.is_of_time or event.strategy in _KEPT:
        return None
    return _Refused(
        f"for {shown(outcome.code)}, which is derived from days",
        "'treatment policy'; what an event does to a time at risk [outcomes.at_risk] says: censored_at "
        "ends it (hypothetical, while on treatment), and an outcome whose event is any of both is composite",
    )


def _of_periods(
    _: Analysis, outcome: Outcome, event: IntercurrentEvent, planned: PlannedQuestions
) -> _Refused | None:
    if not planned.is_crossover or event.strategy in _KEPT:
        return None
    return _Refused(
        f"for {shown(outcome.code)} in a crossover trial, whose later periods are of another treatment",
        "'treatment policy', or the event in words",
    )


def _of_a_rule(
    analysis: Analysis, outcome: Outcome, event: IntercurrentEvent, _: PlannedQuestions
) -> _Refused | None:
    if event.strategy is not Strategy.COMPOSITE:
        return None
    if is_rank_alone(event, outcome):
        method = analysis.specification.method.value
        if analysis.specification.reads.RANKS_EVENTS_WORST:
            return None
        ranks = [each.value for each, kind in SPECIFICATIONS.items() if kind.RANKS_EVENTS_WORST]
        return _Refused(
            f"without a value that the event is, for {method} of {shown(outcome.code)}",
            f"value = 'worst' or a number as text; {' or '.join(ranks)}, for which the event ranks below "
            "every value; or of an outcome of yes and no, in which the event is a "
            f"failure, one of {_listed(Summary.PROPORTION)}",
        )
    try:
        value = composite_value(event, outcome, worst=0.0)
    except ProtocolError as error:
        return _Refused(f"for {shown(outcome.code)}: {error}", "a value that the outcome can have")
    if outcome.kind.is_rate and (value < 0 or value % 1):
        return _Refused(f"for the count {shown(outcome.code)}", "a whole number from 0 on")
    return None


def _of_rates(
    _: Analysis, outcome: Outcome, event: IntercurrentEvent, __: PlannedQuestions
) -> _Refused | None:
    if event.strategy is not Strategy.WHILE_ON_TREATMENT or not outcome.kind.is_rate:
        return None
    return _Refused(
        f"for the count {shown(outcome.code)}, whose events are of the time until its visit",
        "an outcome of type recurrent_events, whose time at risk ends at the event (censored_at)",
    )


def _of_a_stratum(
    analysis: Analysis, _: Outcome, event: IntercurrentEvent, __: PlannedQuestions
) -> _Refused | None:
    specification = analysis.specification
    is_of_one = specification.reads.OF_PRINCIPAL_STRATUM
    if event.strategy is not Strategy.PRINCIPAL_STRATUM or is_of_one or event.assumption:
        return None
    methods = [each.value for each, kind in SPECIFICATIONS.items() if kind.OF_PRINCIPAL_STRATUM]
    return _Refused(
        f"which {specification.method.value} cannot estimate: nobody knows who is in the stratum",
        f"{' or '.join(methods)}, or {_STATED}",
    )


def _of_what_follows(
    analysis: Analysis, outcome: Outcome, event: IntercurrentEvent, planned: PlannedQuestions
) -> _Refused | None:
    """A model of several visits supposes that who has no value goes on as those who have one."""
    specification = analysis.specification.reads
    if event.strategy is not Strategy.TREATMENT_POLICY or event.assumption:
        return None
    measured = planned.measured(outcome)
    if analysis.role not in _MAIN or specification.IMPUTES or measured is None:
        return None
    if specification.supposes_of_missing(measured) is not MissingAssumption.AT_RANDOM:
        return None
    confirms = analysis.role is AnalysisRole.PRIMARY or bool(analysis.family)
    methods = [
        each.value
        for each, kind in SPECIFICATIONS.items()
        if kind.IMPUTES and not (confirms and each.value in kind.WITHOUT_HEADLINE)
    ]
    able = f"{' or '.join(methods)}, " if methods else ""
    return _Refused(
        f"by {specification.method.value}, for which whoever has no value after the event goes on as if "
        "it had not happened (that is the hypothetical strategy)",
        f"{able}'hypothetical', or {_STATED}",
    )


def _why_not_in_words(
    analysis: Analysis, outcome: Outcome, event: IntercurrentEvent
) -> _Refused | None:
    """A composite that nobody makes is none: the mean is of what was observed, whatever happened."""
    if event.strategy is not Strategy.COMPOSITE or event.assumption or not outcome.kind.is_mean:
        return None
    effect = analysis.specification.effect(outcome.type, 2)
    if effect is None or effect.scale not in _OF_MEANS:
        return None
    return _Refused(
        f"which nothing records, for {analysis.specification.method.value} of {shown(outcome.code)}: no "
        "value is what the event makes it",
        "the code of one of the [[intercurrent_events]], with a value; an outcome of yes and no "
        f"({_listed(Summary.PROPORTION)}); or, where the form already records the event as a value, "
        f"{_STATED}",
    )


def _listed(summary: Summary) -> str:
    """The methods that compare outcomes of a summary."""
    methods = (
        method.value
        for method, kind in SPECIFICATIONS.items()
        if summary in kind.SUMMARIES_OF.get(method, kind.SUMMARIES)
        and kind.COMPARES_ARMS
        and not (kind.READS_CLUSTERS or kind.READS_FACTORS or kind.READS_PERIODS or kind.IS_PAIRED)
    )
    return ", ".join(methods)
