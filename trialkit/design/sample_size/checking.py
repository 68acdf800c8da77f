"""The sample size of a protocol, recomputed from the assumptions that stand beside it."""

import inspect
from collections.abc import Iterator
from enum import StrEnum

from trialkit.design.sample_size.catalogue import situation_of
from trialkit.design.sample_size.situation import (
    RequiredSize,
    Situation,
    lowest_terms,
    names_of_arms,
)
from trialkit.design.sample_size.words import listed, shown
from trialkit.errors import DesignError
from trialkit.protocol.methods.plan import AnalysisRole
from trialkit.protocol.trial.conduct import SampleSize
from trialkit.protocol.trial.protocol import Protocol
from trialkit.results.effect import Scale
from trialkit.results.size_check import SizeCheck


def recomputed(size: SampleSize) -> RequiredSize | None:
    """What the assumptions of ``[sample_size]`` need; None where no method is named.

    Raises :class:`DesignError` when they cannot be computed.
    """
    if size.specification is None or size.power is None:
        return None
    return situation_of(size.specification).solve_n(size.power, dropout=size.dropout)


def check_sample_size(protocol: Protocol) -> str | None:
    """What is wrong with the protocol's sample size, in a sentence; None when nothing is.

    The planned number is held against the recomputed one, and the allocation against the arms.
    """
    size = protocol.sample_size
    if size is None:
        return None
    try:
        needed = recomputed(size)
    except DesignError as error:
        return f"[sample_size] cannot be recomputed: {error}."
    if needed is None:
        return None
    found = [*_question(protocol, needed), *_allocation(protocol, needed), *_number(size, needed)]
    return f"[sample_size] {'; '.join(found)}." if found else None


def size_check(protocol: Protocol) -> SizeCheck:
    """What a report says of the sample size."""
    needed = None
    if protocol.sample_size is not None:
        try:
            needed = recomputed(protocol.sample_size)
        except DesignError:
            needed = None
    return SizeCheck(
        recomputed=needed.sentence if needed else "",
        mismatch=check_sample_size(protocol) or "",
        assumptions=tuple(_shown(needed)) if needed else (),
        counts_losses=needed is not None and needed.situation.counts_losses,
        reference=reference_of(needed.situation) if needed else "",
    )


def reference_of(situation: Situation) -> str:
    """Where a situation's method comes from, as its documentation says; empty where Python keeps none."""
    text = inspect.getdoc(type(situation)) or ""
    _, _, after = text.partition("\nReference\n")
    return " ".join(after.partition("\n\n")[0].split())


def _shown(needed: RequiredSize) -> Iterator[tuple[str, str]]:
    """Every assumption that has a value, and the power and the dropout that were asked for."""
    asked = (("power", needed.target_power), ("dropout", needed.dropout))
    for name, value in (*needed.assumptions, *asked):
        if value is not None:
            yield name, shown(value.value if isinstance(value, StrEnum) else value)


def _number(size: SampleSize, needed: RequiredSize) -> list[str]:
    people = needed.n_randomised
    if people == size.planned:
        return []
    plans = f"plans {size.planned} participants"
    if people is None:
        unit = needed.situation.unit
        return [f"{plans}; its assumptions give {needed.n} {unit}, not how many will have them"]
    than = "fewer" if size.planned < people else "more"
    arms = _split(needed.randomised_by_arm or ())
    power = f"for a power of {needed.target_power:g}"
    return [f"{plans}, {than} than the {people} that its assumptions need{arms} {power}"]


def _split(arms: tuple[float, ...]) -> str:
    words = listed([round(each) for each in arms], names_of_arms(len(arms))) if arms else ""
    return f" ({words})" if words else ""


def _question(protocol: Protocol, needed: RequiredSize) -> list[str]:
    """Whether a trial whose primary analysis is of hazards is sized by their events, and no other so."""
    primary = [
        protocol.effect(analysis.id, protocol.outcome(code))
        for analysis in protocol.plan.analyses
        if analysis.role is AnalysisRole.PRIMARY
        for code in analysis.outcomes
    ]
    scales = {each.scale for each in primary if each is not None}
    of_hazards = Scale.HAZARD_RATIO in scales
    if not scales or of_hazards is needed.situation.of_hazards:
        return []
    method = needed.situation.method.value
    if of_hazards and len(scales) == 1:
        return [f"sizes the trial by {method}, and the primary analysis is of a hazard ratio"]
    if not of_hazards:
        return [f"sizes the trial by {method}, and no primary analysis is of a hazard ratio"]
    return []


def _allocation(protocol: Protocol, needed: RequiredSize) -> list[str]:
    """Whether the arms that were sized are those of the protocol, in its ratio."""
    assumed = tuple(getattr(needed.situation, "allocation", ()))
    if not assumed:
        return []
    ratios = tuple(protocol.arm(code).share for code in protocol.arm_codes)
    if len(assumed) != len(ratios) or lowest_terms(assumed) == lowest_terms(ratios):
        return []
    one, other = (":".join(map(str, each)) for each in (assumed, ratios))
    return [f"assumes an allocation of {one}, the arms have {other} (the reference first)"]
