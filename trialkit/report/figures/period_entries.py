"""What the boxes of the flow say of the periods of a crossover trial, between allocation and follow-up."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from trialkit.errors import ReportError
from trialkit.protocol.trial.crossover import TreatmentPeriod
from trialkit.report.figures.flow_entries import FlowEntries
from trialkit.report.figures.flow_entry import FlowEntry
from trialkit.results.flow import ArmFlow, Disposition
from trialkit.results.period_flow import PeriodCounts, PeriodStage, faults_of_periods

DEFINITION = (
    "The first period counts as begun by everybody allocated but those known to have received "
    "nothing, a later one by those who have a value of any outcome at one of its visits. A period "
    "counts as completed by those who have such a value at its end, or began it and completed the "
    "study by the end-of-study form. Who completed a period and did not begin the next left between "
    "the two."
)
"""What the counts of a period mean; printed wherever they stand."""


def with_periods(
    entries: FlowEntries, flow: Disposition, periods: Sequence[TreatmentPeriod]
) -> FlowEntries:
    """The lines of every box, with a box a period; the sums are asserted again."""
    own = {arm.arm: arm for arm in flow.arms}
    _assert_sums(flow)
    again = [any(arm.periods[place].again for arm in flow.arms) for place in range(len(periods))]
    return replace(
        entries,
        periods=tuple(each.label for each in periods),
        arms=tuple(
            replace(
                arm,
                periods=tuple(
                    _lines(own[arm.arm].periods[place], periods, place, again=again[place])
                    for place in range(len(periods))
                ),
            )
            for arm in entries.arms
        ),
    )


def _assert_sums(flow: Disposition) -> None:
    for arm in flow.arms:
        faults = faults_of_periods(arm.periods, arm.allocated)
        if faults:
            raise ReportError(f"the flow does not add up: arm {arm.arm}: {'; '.join(faults)}")


def _lines(
    counts: PeriodCounts, periods: Sequence[TreatmentPeriod], place: int, *, again: bool
) -> tuple[FlowEntry, ...]:
    """The lines of one period of one sequence, in the order of time."""
    begun = FlowEntry(
        text="Began it", count=counts.begun, depth=0, term=PeriodStage.BEGUN.of(counts.period)
    )
    lines = [begun]
    if counts.begun is not None:
        text = _not_begun(periods, place)
        reasons = counts.not_begun
        lines = [*_with_reasons(text, reasons, PeriodStage.NOT_BEGUN, counts.period), begun]
    if again:
        term = PeriodStage.AGAIN.of(counts.period)
        text = "of these without having completed the period before"
        lines.append(FlowEntry(text=text, count=counts.again, depth=1, term=term))
    text = "Did not complete it" if counts.begun is not None else "Did not begin or complete it"
    return (
        *lines,
        *_with_reasons(text, counts.not_completed, PeriodStage.NOT_COMPLETED, counts.period),
        FlowEntry(
            text="Completed it",
            count=counts.completed,
            depth=0,
            term=PeriodStage.COMPLETED.of(counts.period),
        ),
    )


def _not_begun(periods: Sequence[TreatmentPeriod], place: int) -> str:
    """Where those left who did not begin a period."""
    if place == 0:
        return "Did not begin it"
    if periods[place].washout_days is not None:
        return "Left in the washout before it"
    return "Left before it"


def _with_reasons(
    text: str, reasons: Mapping[str, int], stage: PeriodStage, period: str
) -> tuple[FlowEntry, ...]:
    head = FlowEntry(text=text, count=sum(reasons.values()), depth=0, term=stage.of(period))
    return head, *(
        FlowEntry(text=reason, count=count, depth=1, under=text, term=stage.because(period, reason))
        for reason, count in reasons.items()
    )


def nobody_in(arm: ArmFlow, periods: Sequence[TreatmentPeriod]) -> ArmFlow:
    """The arm before anybody is in it, with its periods."""
    counts = tuple(
        PeriodCounts(
            period=each.code, begun=0, not_begun={}, again=0, completed=0, not_completed={}
        )
        for each in periods
    )
    return replace(arm, periods=counts)
