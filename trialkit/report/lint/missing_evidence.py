"""What the results say of missing values, and whether another analysis makes another assumption about them."""

from collections.abc import Iterator, Mapping

from trialkit.protocol.methods.missing_assumptions import MissingAssumption
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.outcomes import Outcome
from trialkit.report.lint.evidence import Evidence
from trialkit.results.lookup import Shelf, Statistics, value
from trialkit.results.vocabulary import Stat

Shares = Mapping[str, tuple[int, int]]
"""Each arm's missing values at the time point, of those expected."""

_OTHER_ASSUMPTIONS = {
    MissingAssumption.AS_OBSERVED: (
        MissingAssumption.AT_RANDOM,
        MissingAssumption.STATED,
        MissingAssumption.UNKNOWN,
    ),
    MissingAssumption.AT_RANDOM: (MissingAssumption.STATED, MissingAssumption.UNKNOWN),
}
"""Which assumptions are others than that of an analysis; of an analysis not named here none is asked for."""


def shares_of(outcome: Outcome, evidence: Evidence) -> Shares:
    """Of each arm in which values were expected; what is still to come is not missing."""
    found = {}
    for arm in evidence.protocol.arms:
        counts = _counted(Shelf.MISSING, outcome, arm.code, evidence)
        missing, expected = (int(value(counts, stat) or 0) for stat in (Stat.N_MISSING, Stat.N))
        if expected:
            found[arm.code] = (missing, expected)
    return found


def more_than_reference(outcome: Outcome, evidence: Evidence) -> Iterator[tuple[str, Statistics]]:
    """Each arm with the results on how much larger its share of missing values is than the reference's."""
    reference = evidence.protocol.reference.code
    for arm in evidence.protocol.experimental:
        found = _counted(Shelf.MISSING, outcome, f"{arm.code} - {reference}", evidence)
        if Stat.ESTIMATE in found:
            yield arm.code, found


def supposed(analysis: Analysis, outcome: Outcome, evidence: Evidence) -> MissingAssumption:
    """What an analysis supposes of the missing values, by what was done and not only by what was planned.

    The visits are those at which the outcome was expected. An analysis that by its method could use
    who lacks the value, and in whose arms there is nobody more than have it, used complete cases.
    """
    visits = {
        each.visit
        for each in evidence.index.addresses(Shelf.MISSING, outcome=outcome.code)
        if not each.term
    }
    measured = evidence.protocol.measured(outcome, visits | {outcome.time_point})
    planned = analysis.specification.supposes_of_missing(measured)
    if planned is MissingAssumption.STATED or not _is_of_everybody(analysis, evidence):
        return planned
    used, there = _used(analysis, outcome, evidence), shares_of(outcome, evidence)
    arms = used.keys() & there.keys()
    adds_nobody = all(used[arm] <= there[arm][1] - there[arm][0] for arm in arms)
    return MissingAssumption.AS_OBSERVED if arms and adds_nobody else planned


def _is_of_everybody(analysis: Analysis, evidence: Evidence) -> bool:
    """Whether its population leaves nobody out who was randomised, so that the counts are of the same people."""
    return all(
        not value(
            evidence.index.find(Shelf.POPULATIONS, term=analysis.population, arm=arm.code),
            Stat.N_EXCLUDED,
        )
        for arm in evidence.protocol.arms
    )


def has_answer(analysis: Analysis, outcome: Outcome, evidence: Evidence) -> bool:
    """Whether no other assumption is asked for, or a prespecified analysis makes one."""
    if supposed(analysis, outcome, evidence) not in _OTHER_ASSUMPTIONS:
        return True
    return any(
        not why_not_counted(each, analysis, outcome, evidence)
        for each in _others(analysis, outcome, evidence)
    )


def not_counted(analysis: Analysis, outcome: Outcome, evidence: Evidence) -> Iterator[str]:
    """Each sensitivity or post hoc analysis of the outcome, and why it is no answer."""
    for each in _others(analysis, outcome, evidence):
        if each.role in {AnalysisRole.SENSITIVITY, AnalysisRole.POST_HOC}:
            yield f"{each.id} {why_not_counted(each, analysis, outcome, evidence)}"


def _others(analysis: Analysis, outcome: Outcome, evidence: Evidence) -> Iterator[Analysis]:
    for each in evidence.protocol.plan.analyses:
        if each is not analysis and outcome.code in each.outcomes:
            yield each


def why_not_counted(
    other: Analysis, analysis: Analysis, outcome: Outcome, evidence: Evidence
) -> str:
    """Why another analysis of the outcome is no answer to what one supposes; blank where it is one."""
    own = evidence.protocol.analysed(other, outcome.code)
    if other.role is AnalysisRole.POST_HOC:
        return "is post hoc"
    if own.time_point != outcome.time_point:
        return "is of another time point"
    if other.population != analysis.population:
        return "is of another population"
    if evidence.lacking(other, own) is not None:
        return "has no result"
    if not _uses_enough(other, analysis, outcome, evidence):
        return "uses no more participants"
    there, here = (supposed(each, outcome, evidence) for each in (other, analysis))
    return "" if there in _OTHER_ASSUMPTIONS.get(here, ()) else "supposes the same"


def _uses_enough(other: Analysis, analysis: Analysis, outcome: Outcome, evidence: Evidence) -> bool:
    """Whether it uses who lacks the value: in some arm more people than complete cases, else no fewer."""
    more, own = (_used(each, outcome, evidence) for each in (other, analysis))
    arms = more.keys() & own.keys()
    if supposed(analysis, outcome, evidence) is MissingAssumption.AS_OBSERVED:
        return any(more[arm] > own[arm] for arm in arms)
    return bool(arms) and all(more[arm] >= own[arm] for arm in arms)


def _used(analysis: Analysis, outcome: Outcome, evidence: Evidence) -> dict[str, int]:
    """How many of each arm the results say that an analysis used."""
    found = {}
    for arm in evidence.protocol.arms:
        number = value(_counted(analysis.id, outcome, arm.code, evidence), Stat.N)
        if number is not None:
            found[arm.code] = int(number)
    return found


def _counted(analysis_id: str, outcome: Outcome, arm: str, evidence: Evidence) -> Statistics:
    return evidence.index.find(
        analysis_id, outcome=outcome.code, visit=outcome.time_point, term="", arm=arm
    )
