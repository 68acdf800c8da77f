"""What the analyses of the made-up trial are told from, for the tests of words."""

from dataclasses import replace

from tests.report.factory import effect, made_up_protocol
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.method import Method
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.methods.specification import Specification
from trialkit.protocol.trial.at_risk import Censoring, CompetingEvent, TimeAtRisk, TimeUnit
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.report.words.language.method_words import Telling
from trialkit.report.words.languages import words_of
from trialkit.results.lookup import ResultIndex
from trialkit.results.results import Result, Results
from trialkit.results.vocabulary import Stat

_MADE_UP = made_up_protocol(arms=3, visits=3)
FALLS = Outcome(
    code="falls",
    label="Falls",
    type=OutcomeType.COUNT,
    role=OutcomeRole.SECONDARY,
    form="diary",
    item="falls",
    time_point="V2",
    metric="number of falls",
    aggregation="rate",
    direction=Direction.LOWER,
    exposure="diary.days",
    exposure_unit="days",
    per=1000,
)
RETURN = Outcome(
    code="return", label="Return to sport", type=OutcomeType.TIME_TO_EVENT,
    role=OutcomeRole.SECONDARY, form="sport", item="returned", time_point="V2",
    metric="time to event", aggregation="median", direction=Direction.LOWER,
    at_risk=TimeAtRisk(
        unit=TimeUnit.MONTHS, horizon=3,
        censored_at=(Censoring(date="sport.injured", reason="another injury"),),
        competing=(CompetingEvent(date="sport.operated", code="surgery", label="Surgery"),),
    ),
)  # fmt: skip
AGAIN = replace(
    RETURN, code="again", label="Recurrences", type=OutcomeType.RECURRENT_EVENTS,
    form="log", item="happened", metric="recurrences", aggregation="rate",
)  # fmt: skip
PROTOCOL = replace(_MADE_UP, outcomes=(*_MADE_UP.outcomes, FALLS, RETURN, AGAIN, effect("V2")))
"""The made-up trial, with an outcome of every kind."""


def told(outcome: str = "pain") -> Telling:
    """What an analysis of an outcome of the made-up trial is told from, before any data."""
    return Telling(outcomes=(PROTOCOL.outcome(outcome),), protocol=PROTOCOL, visits=3)


def described(specification: Specification) -> str:
    return words_of(specification, PROTOCOL).describe(specification, told())


def noted(method: Method, stat: Stat, note: str) -> Telling:
    """The telling of an analysis whose results note this beside a statistic."""
    row = Result(
        result_id="one", analysis_id="one", role="primary", family="", outcome="pain",
        population="itt", estimand="E1", method=method.value, visit="", term="", arm="",
        stat_name=stat, stat=0.5, unit="", note=note,
    )  # fmt: skip
    return replace(
        told(),
        analysis_id="one",
        index=ResultIndex(Results(rows=(row,))),
    )
