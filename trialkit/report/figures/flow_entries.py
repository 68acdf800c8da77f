"""What the boxes of the participant flow say, before anything is placed.

Their words and counts come from the disposition alone, and the same lines make the table under the
diagram, so that the two cannot differ.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from trialkit.errors import ReportError
from trialkit.report.figures.flow_entry import FlowEntry
from trialkit.report.words.en.american import spelled
from trialkit.report.words.en.sentences.pooled import ALLOCATED, ANALYSED
from trialkit.results.flow import ArmFlow, Disposition, Reason, Stage

RECEIPT = {
    Stage.RECEIPT_NOT_RECORDED: "Receipt of the intervention not recorded",
    Stage.RECEIPT_TO_COME: "Receipt of the intervention still to be recorded at the data cut",
    Stage.RECEIPT_NOT_ASKED: "Receipt of the intervention not asked",
}
DISCONTINUATION = {
    Stage.DISCONTINUATION_NOT_RECORDED: "Discontinuation not recorded",
    Stage.DISCONTINUATION_TO_COME: "Discontinuation still to be recorded at the data cut",
    Stage.DISCONTINUATION_NOT_ASKED: "Discontinuation not asked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmEntries:
    """What an arm's three boxes say."""

    arm: str
    label: str
    allocation: tuple[FlowEntry, ...]
    follow_up: tuple[FlowEntry, ...]
    analysis: tuple[FlowEntry, ...]
    periods: tuple[tuple[FlowEntry, ...], ...] = ()
    """What a box says of each period, where the arm is a sequence of treatments."""
    annotation: str = ""
    """What is told beside the counts and flows nowhere, such as the sessions attended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowEntries:
    """What every box of the diagram says, before anything is placed."""

    assessed: tuple[FlowEntry, ...]
    not_randomised: tuple[FlowEntry, ...]
    randomised: tuple[FlowEntry, ...]
    arms: tuple[ArmEntries, ...]
    periods: tuple[str, ...] = ()
    """The labels of the periods of a crossover trial, in order."""


def flow_entries(
    disposition: Disposition, annotations: Mapping[str, str] = MappingProxyType({})
) -> FlowEntries:
    """The counted lines of every box, zeros included; the sums are asserted again.

    ``annotations`` are told by arm in its follow-up box, and no sum counts them.
    """
    _assert_sums(disposition)
    return FlowEntries(
        assessed=(
            FlowEntry(
                text="Assessed for eligibility",
                count=disposition.assessed,
                depth=0,
                term=Stage.ASSESSED,
            ),
        ),
        not_randomised=_with_reasons(
            "Excluded", disposition.not_randomised, depth=0, term=Stage.NOT_RANDOMISED
        ),
        randomised=(
            FlowEntry(
                text=spelled("Randomised"),
                count=disposition.randomised,
                depth=0,
                term=Stage.RANDOMISED,
            ),
        ),
        arms=tuple(
            _arm_entries(
                arm,
                annotations.get(arm.arm, ""),
                disposition.unanswered,
                alone=len(disposition.arms) == 1,
                is_analysed=disposition.is_analysed,
            )
            for arm in disposition.arms
        ),
    )


def describe_flow(entries: FlowEntries) -> str:
    """The flow in sentences, for somebody who cannot see the diagram."""
    parts = [
        _sentence(
            spelled("Enrolment"), (*entries.assessed, *entries.not_randomised, *entries.randomised)
        )
    ]
    for arm in entries.arms:
        end = (*arm.follow_up, *arm.analysis)
        if arm.periods:
            parts.append(_sentence(arm.label, arm.allocation))
            parts += map(_sentence, entries.periods, arm.periods)
            parts.append(_sentence("Follow-up and analysis", end))
        else:
            parts.append(_sentence(arm.label, (*arm.allocation, *end)))
        if arm.annotation:
            parts.append(f"{arm.annotation}.")
    return " ".join(parts)


def _sentence(subject: str, entries: Iterable[FlowEntry]) -> str:
    return f"{subject}: {'; '.join(each.told for each in entries)}."


def _assert_sums(disposition: Disposition) -> None:
    """The sums that a reader would check; a noun that was built around its own checks fails here."""
    excluded = _sum(disposition.not_randomised)
    problems = []
    if disposition.assessed != excluded + disposition.randomised:
        problems.append(
            f"{disposition.assessed} assessed, {excluded} excluded, {disposition.randomised} randomised"
        )
    if disposition.randomised != sum(arm.allocated for arm in disposition.arms):
        problems.append(f"{disposition.randomised} randomised, but the arms hold another number")
    for arm in disposition.arms:
        known = _sum(arm.not_received) + (arm.received or 0)
        if arm.received is not None and arm.allocated != known + arm.receipt.total:
            problems.append(f"arm {arm.arm}: {arm.allocated} allocated, {arm.received} received")
        left = _sum(arm.lost) + _sum(arm.excluded) - arm.lost_but_analysed
        if arm.allocated != arm.analysed + left:
            problems.append(f"arm {arm.arm}: {arm.allocated} allocated, {arm.analysed} analysed")
    if problems:
        raise ReportError(f"the flow does not add up: {'; '.join(problems)}")


def _sum(reasons: tuple[Reason, ...]) -> int:
    return sum(reason.count for reason in reasons)


def _with_reasons(
    text: str, reasons: tuple[Reason, ...], *, depth: int, term: Stage
) -> tuple[FlowEntry, ...]:
    head = FlowEntry(text=text, count=_sum(reasons), depth=depth, term=term)
    return head, *(
        FlowEntry(
            text=each.text,
            count=each.count,
            depth=depth + 1,
            under=text,
            term=term.because(each.text),
        )
        for each in reasons
    )


def _received(arm: ArmFlow) -> tuple[FlowEntry, ...]:
    received = FlowEntry(
        text="Received allocated intervention", count=arm.received, depth=1, term=Stage.RECEIVED
    )
    if arm.received is None:
        return (received,)
    not_received = _with_reasons(
        "Did not receive allocated intervention",
        arm.not_received,
        depth=1,
        term=Stage.NOT_RECEIVED,
    )
    return received, *not_received


def _discontinued(arm: ArmFlow) -> tuple[FlowEntry, ...]:
    text, term = "Discontinued intervention", Stage.DISCONTINUED
    if arm.discontinued is None:
        return (FlowEntry(text=text, count=None, depth=0, term=term),)
    return _with_reasons(text, arm.discontinued, depth=0, term=term)


def _unanswered(
    arm: ArmFlow, said: tuple[Stage, ...], words: Mapping[Stage, str], *, depth: int
) -> tuple[FlowEntry, ...]:
    """Of how many an answer is not known, where that is so of anybody in any arm."""
    return tuple(
        FlowEntry(text=text, count=arm.unanswered[stage], depth=depth, term=stage)
        for stage, text in words.items()
        if stage in said
    )


def _arm_entries(
    arm: ArmFlow,
    annotation: str,
    unanswered: tuple[Stage, ...],
    *,
    alone: bool,
    is_analysed: bool,
) -> ArmEntries:
    return ArmEntries(
        annotation=annotation,
        arm=arm.arm,
        label=arm.label,
        allocation=(
            FlowEntry(
                text=ALLOCATED if alone else f"Allocated to {arm.label}",
                count=arm.allocated,
                depth=0,
                row="Allocated",
                term=Stage.ALLOCATED,
            ),
            *_received(arm),
            *_unanswered(arm, unanswered, RECEIPT, depth=1),
        ),
        follow_up=(
            *_with_reasons(
                "Lost to follow-up for primary outcome", arm.lost, depth=0, term=Stage.LOST
            ),
            *_discontinued(arm),
            *_unanswered(arm, unanswered, DISCONTINUATION, depth=0),
        ),
        analysis=(
            FlowEntry(
                text=spelled("Analysed for primary outcome")
                if is_analysed and not alone
                else ANALYSED,
                count=arm.analysed,
                depth=0,
                term=Stage.ANALYSED,
            ),
            *_although_lost(arm),
            *_with_reasons("Excluded from analysis", arm.excluded, depth=1, term=Stage.EXCLUDED),
        ),
    )


def _although_lost(arm: ArmFlow) -> tuple[FlowEntry, ...]:
    """Those whom the analysis keeps although they are lost: they stand in both boxes."""
    if not arm.lost_but_analysed:
        return ()
    text = spelled("of these lost to follow-up, analysed from earlier visits")
    return (
        FlowEntry(text=text, count=arm.lost_but_analysed, depth=1, term=Stage.LOST_BUT_ANALYSED),
    )
