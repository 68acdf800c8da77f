"""Adjusted p values stand beside the raw ones, over all headline comparisons of a family."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from trialkit.analysis.linear.multiplicity import adjust_p_values
from trialkit.errors import AnalysisError
from trialkit.planned.task.stating import Statement
from trialkit.protocol.headline_tests import is_headline_p
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.plan import Family
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_adjusted(protocol: Protocol, rows: Sequence[Result]) -> Iterator[Result]:
    """A ``p_adjusted`` for each headline p value of each family of the plan, in the plan's order.

    A family that is tested ``after`` another has no smaller value than the largest of that one: a
    serial gatekeeper, which :func:`serial_gatekeeper` states for families of one method.
    """
    largest: dict[str, float] = {}
    for family in protocol.plan.families:
        members = _members(family, protocol, rows)
        if not members:
            continue
        own = adjust_p_values(
            [float(row.stat) for row in members if row.stat is not None],
            method=family.adjustment,
        )
        adjusted = np.maximum(own, _gate(family, largest))
        largest[family.code] = float(adjusted.max())
        if family.adjustment is Adjustment.NONE and not family.after:
            continue
        after = f", tested after {family.after}" if family.after else ""
        note = f"{family.adjustment.value} over {len(members)} comparisons{after}"
        for row, value in zip(members, adjusted, strict=True):
            beside = _beside(row).state(Stat.P_ADJUSTED, float(value), note=note)
            yield replace(beside, scale=row.scale, status=row.status)


def _members(family: Family, protocol: Protocol, rows: Sequence[Result]) -> list[Result]:
    """The headline p values of a family; an analysis without one would go unadjusted unseen."""
    members = [row for row in rows if row.family == family.code and is_headline_p(row, protocol)]
    found = {(row.analysis_id, row.outcome) for row in members}
    for analysis in protocol.plan.analyses:
        for outcome in analysis.outcomes:
            if analysis.family == family.code and (analysis.id, outcome) not in found:
                raise AnalysisError(
                    f"analysis {analysis.id!r} of {outcome!r} belongs to family {family.code!r} "
                    f"but gives no p value of a contrast to adjust; take it out of the family, or "
                    f"choose another method than {analysis.specification.method.value!r}"
                )
    return members


def _gate(family: Family, largest: Mapping[str, float]) -> float:
    """The largest adjusted p value of the family before; 0 where there is no gate."""
    if not family.after:
        return 0.0
    if family.after not in largest:
        raise AnalysisError(
            f"family {family.code!r} waits for {family.after!r}, which is not tested"
        )
    return largest[family.after]


def _beside(row: Result) -> Statement:
    return Statement(
        analysis_id=row.analysis_id,
        method=row.method,
        role=row.role,
        family=row.family,
        outcome=row.outcome,
        population=row.population,
        estimand=row.estimand,
        visit=row.visit,
        term=row.term,
        arm=row.arm,
    )
