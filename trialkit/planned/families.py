"""Adjusted p values stand beside the raw ones, over all headline comparisons of a family."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from trialkit.analysis.linear.multiplicity import adjust_p_values
from trialkit.errors import AnalysisError
from trialkit.grammar import counted
from trialkit.planned.task.stating import Statement
from trialkit.protocol.headline_tests import is_headline_p
from trialkit.protocol.methods.comparisons import Adjustment
from trialkit.protocol.methods.plan import Family
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.effect import Status
from trialkit.results.results import Result
from trialkit.results.vocabulary import Stat


def state_adjusted(protocol: Protocol, rows: Sequence[Result]) -> Iterator[Result]:
    """A ``p_adjusted`` for each headline p value of each family of the plan, in the plan's order.

    A family that is tested ``after`` another has no smaller value than the largest of that one: a
    serial gatekeeper, which :func:`serial_gatekeeper` states for families of one method. A member
    that could not be carried out keeps its place, with a p value of 1: the family is as large as it
    was planned, and the gate behind it stays shut.
    """
    largest: dict[str, float] = {}
    left_out: set[str] = set()
    for family in protocol.plan.families:
        members = _members(family, protocol, rows)
        if not members:
            continue
        if family.after in left_out or any(row.status is Status.NOT_ASKED for row in members):
            left_out.add(family.code)
        own = adjust_p_values(counted_p_values(members), method=family.adjustment)
        adjusted = np.maximum(own, _gate(family, largest))
        largest[family.code] = float(adjusted.max())
        if family.adjustment is Adjustment.NONE and not family.after:
            continue
        for row, value in zip(members, adjusted, strict=True):
            note = _note(family, members, protocol)
            yield _adjusted(row, float(value), family, note, left_out)


def counted_p_values(tests: Sequence[Result]) -> list[float]:
    """Their p values; one that could not be found counts as 1, so that no other gains by it."""
    return [1.0 if row.stat is None else float(row.stat) for row in tests]


def _adjusted(
    row: Result, value: float, family: Family, note: str, left_out: Collection[str]
) -> Result:
    """The adjusted p value beside a raw one.

    It has no number where there is no raw one, nor where this run leaves out what it depends on.
    """
    about = _beside(row)
    if family.code in left_out:
        why = "not adjusted: not every analysis of its family was asked for in this run"
        beside = about.state(Stat.P_ADJUSTED, None, note=why)
        return replace(beside, scale=row.scale, status=Status.NOT_ASKED)
    if row.stat is None:
        beside = about.state(Stat.P_ADJUSTED, None, note=row.note)
    else:
        beside = about.state(Stat.P_ADJUSTED, value, note=note)
    return replace(beside, scale=row.scale, status=row.status)


def _note(family: Family, members: Sequence[Result], protocol: Protocol) -> str:
    """Over how many comparisons, and how many of them gave no p value."""
    without = sum(row.stat is None for row in members)
    uncounted = f", {without} without a p value counted as 1" if without else ""
    earlier = protocol.plan.family(family.after).label if family.after else ""
    after = f", tested after {earlier}" if earlier else ""
    comparisons = counted(len(members), "comparison")
    return f"{family.adjustment.value} over {comparisons}{uncounted}{after}"


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
