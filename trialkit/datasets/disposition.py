"""How many people were at each stage of the trial, and why not more (CONSORT 22)."""

from dataclasses import replace

import pandas as pd

from trialkit.datasets.cluster_disposition import count_clusters
from trialkit.datasets.flags import is_no, is_yes
from trialkit.datasets.inclusion import OUTSIDE, Included, include, needs_of, visits_of
from trialkit.datasets.measurements import NOT_EXPECTED, STILL_TO_COME
from trialkit.datasets.model import Population
from trialkit.datasets.period_disposition import count_periods
from trialkit.datasets.strategies import Strategies
from trialkit.datasets.subjects import randomised
from trialkit.protocol.methods.plan import Analysis, AnalysisRole
from trialkit.protocol.trial.interventions import Arm
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.answers import Unanswered, Unknown
from trialkit.results.flow import ArmFlow, Disposition, Reason, Unsaid
from trialkit.schemas.forms.forms import Purpose
from trialkit.schemas.values.spelling import one_spelling


def count_disposition(
    protocol: Protocol,
    subjects: pd.DataFrame,
    measurements: pd.DataFrame,
    characteristics: pd.DataFrame,
    populations: tuple[Population, ...],
    *,
    asked: frozenset[Purpose],
    strategies: Strategies,
) -> Disposition:
    """The boxes of the flow diagram; the nouns refuse numbers that do not add up.

    ``asked`` is for what the forms have an item. Who is lost has no value; who is analysed has one as
    the ``strategies`` of the primary analysis' estimand make it.
    """
    people = randomised(subjects)
    people = people.assign(
        why_not_received=one_spelling(_why_not_received(people, asked, protocol)),
        why_discontinued=one_spelling(_why_discontinued(people, asked)),
    )
    primary = primary_analysis(protocol)
    population = next(each for each in populations if each.code == primary.population)
    included = include(
        needs_of(primary, protocol.primary, protocol, visits_of(protocol.primary, measurements)),
        population,
        measurements=_as_analysed(measurements, primary, strategies),
        characteristics=characteristics,
        subjects=subjects,
        protocol=protocol,
    )
    lost = _lost(protocol, measurements)
    excluded = _said_once(included.excluded, _to_come(protocol, measurements))
    included = replace(included, excluded=excluded)
    periods = count_periods(protocol, people, measurements)
    return Disposition(
        assessed=len(subjects),
        not_randomised=_reasons(_why_not_randomised(subjects, asked)),
        randomised=len(people),
        arms=tuple(
            replace(
                _arm_flow(arm, people, lost, included, asked), periods=periods.get(arm.code, ())
            )
            for arm in (protocol.reference, *protocol.experimental)
        ),
        clusters=count_clusters(
            protocol,
            people,
            lost=lost["subject_id"],
            analysed=included.measurements["subject_id"],
        ),
    )


def _as_analysed(
    measurements: pd.DataFrame, analysis: Analysis, strategies: Strategies
) -> pd.DataFrame:
    """The measurements of the primary outcome as the estimand of its analysis has them."""
    outcome = strategies.protocol.primary
    own = measurements[measurements["outcome"] == outcome.code]
    return strategies.carried_out(own, analysis.estimand, outcome).measurements


def primary_analysis(protocol: Protocol) -> Analysis:
    """The primary analysis of the first primary outcome."""
    return next(
        analysis
        for analysis in protocol.plan.analyses
        if analysis.role is AnalysisRole.PRIMARY and protocol.primary.code in analysis.outcomes
    )


def _why_not_randomised(subjects: pd.DataFrame, asked: frozenset[Purpose]) -> pd.Series:
    """A reason for everyone who was assessed and not randomised."""
    others = subjects[~subjects["randomised"]]
    nothing = _unsaid(Purpose.NOT_ENROLLED_REASON, asked)
    waiting = Unsaid.WAITING.value if Purpose.NOT_ENROLLED_REASON in asked else nothing
    unsaid = (
        pd.Series(nothing, index=others.index)
        .mask(is_no(others["eligible"]), Unsaid.INELIGIBLE.value)
        .mask(is_yes(others["eligible"]), waiting)
    )
    return one_spelling(others["not_enrolled_reason"].fillna(unsaid))


def _unsaid(purpose: Purpose, asked: frozenset[Purpose]) -> str:
    """What stands for a reason that nobody entered."""
    return Unsaid.NOT_RECORDED.value if purpose in asked else Unsaid.NOT_COLLECTED.value


def _lost(protocol: Protocol, measurements: pd.DataFrame) -> pd.DataFrame:
    """Participants who should have the primary outcome at its time point and have not."""
    missing = _without_primary(protocol, measurements)
    expected = ~missing["not_applicable"] & ~missing["missing_reason"].isin(NOT_EXPECTED)
    return missing.loc[expected, ["subject_id", "arm", "missing_reason"]]


def _to_come(protocol: Protocol, measurements: pd.DataFrame) -> pd.Series:
    """Why participants do not have it yet, by subject."""
    missing = _without_primary(protocol, measurements).set_index("subject_id")["missing_reason"]
    return missing[missing.isin(STILL_TO_COME)]


def _without_primary(protocol: Protocol, measurements: pd.DataFrame) -> pd.DataFrame:
    primary = protocol.primary
    return measurements[
        (measurements["outcome"] == primary.code)
        & (measurements["visit"] == primary.time_point)
        & measurements["value"].isna()
    ]


def _said_once(excluded: pd.DataFrame, to_come: pd.Series) -> pd.DataFrame:
    """Members of the population whose outcome is to come are left out for that, and nothing else."""
    outside = excluded["reason"].str.startswith(OUTSIDE)
    coming = to_come.reindex(excluded["subject_id"]).set_axis(excluded.index).astype("str")
    return excluded.assign(reason=excluded["reason"].mask(coming.notna() & ~outside, coming))


def _arm_flow(
    arm: Arm,
    people: pd.DataFrame,
    lost: pd.DataFrame,
    included: Included,
    asked: frozenset[Purpose],
) -> ArmFlow:
    own = people[people["arm"] == arm.code]
    own_lost = lost[lost["subject_id"].isin(own["subject_id"])]
    analysed = own["subject_id"].isin(included.measurements["subject_id"])
    excluded = included.excluded[
        included.excluded["subject_id"].isin(own["subject_id"])
        & ~included.excluded["subject_id"].isin(own_lost["subject_id"])
    ]
    still_analysed = own_lost["subject_id"].isin(own.loc[analysed, "subject_id"])
    receipt, stops = own["received_intervention_unknown"], own["discontinued_unknown"]
    receipt_asked = asked & {Purpose.ARM_RECEIVED, Purpose.NOT_RECEIVED_REASON}
    stops_asked = asked & {Purpose.DISCONTINUED, Purpose.DISCONTINUATION_REASON}
    if _is_asked_of_others_only(receipt):
        receipt_asked = frozenset()
    if _is_asked_of_others_only(stops):
        stops_asked = frozenset()
    return ArmFlow(
        arm=arm.code,
        label=arm.label,
        allocated=len(own),
        received=int(is_yes(own["received_intervention"]).sum()) if receipt_asked else None,
        not_received=_reasons(own["why_not_received"].dropna()),
        lost=_reasons(own_lost["missing_reason"]),
        discontinued=_reasons(own["why_discontinued"].dropna()) if stops_asked else None,
        analysed=int(analysed.sum()),
        excluded=_reasons(excluded["reason"]),
        lost_but_analysed=int(still_analysed.sum()),
        receipt=_unanswered(receipt),
        discontinuation=_unanswered(stops),
    )


def _is_asked_of_others_only(why: pd.Series) -> bool:
    """Whether an arm has people, and no form asks any of them."""
    return len(why) > 0 and bool((why == Unknown.NOT_COLLECTED).all())


def _unanswered(why: pd.Series) -> Unanswered:
    return Unanswered(
        not_recorded=int((why == Unknown.NOT_RECORDED).sum()),
        to_come=int((why == Unknown.TO_COME).sum()),
        not_asked=int((why == Unknown.NOT_ASKED).sum()),
    )


def _why_not_received(
    people: pd.DataFrame, asked: frozenset[Purpose], protocol: Protocol
) -> pd.Series:
    labels = {arm.code: arm.label for arm in protocol.arms}
    others = people[is_no(people["received_intervention"])]
    unsaid = pd.Series(_unsaid(Purpose.NOT_RECEIVED_REASON, asked), index=others.index).mask(
        others["arm_received"].notna(),
        "received " + others["arm_received"].astype("str").replace(labels) + " instead",
    )
    return others["not_received_reason"].fillna(unsaid)


def _why_discontinued(people: pd.DataFrame, asked: frozenset[Purpose]) -> pd.Series:
    stopped = people[is_yes(people["discontinued"])]
    unsaid = _unsaid(Purpose.DISCONTINUATION_REASON, asked)
    return stopped["discontinuation_reason"].fillna(unsaid)


def _reasons(texts: pd.Series) -> tuple[Reason, ...]:
    """Each reason once, the most frequent first, then by its words."""
    counts = texts.astype("str").value_counts()
    ordered = sorted(counts.items(), key=lambda pair: (-int(pair[1]), str(pair[0])))
    return tuple(Reason(text=str(text), count=int(count)) for text, count in ordered)
