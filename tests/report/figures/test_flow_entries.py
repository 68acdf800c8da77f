"""The boxes of the flow: right sums, official labels, zeros shown."""

from dataclasses import replace

import pytest

from tests.line import Line
from tests.report.factory import arm_flow, made_up_protocol
from trialkit.errors import ReportError
from trialkit.report.figures.flow_entries import describe_flow, flow_entries
from trialkit.results.flow import ArmFlow, Disposition, Reason

LONG = "moved to another part of the country and could not be reached by letter or telephone " * 3


def disposition(*, arms: int, reason: str = "Moved away") -> Disposition:
    protocol = made_up_protocol(arms=arms)
    flows = tuple(
        arm_flow(
            arm,
            10 + n,
            reasons=(Reason(text=f"{reason} {n}", count=n), Reason(text="Ill", count=0)),
        )
        for n, arm in enumerate(protocol.arms)
    )
    total = sum(flow.allocated for flow in flows)
    return Disposition(
        assessed=total + 4,
        not_randomised=(Reason(text=reason, count=4), Reason(text="Declined", count=0)),
        randomised=total,
        arms=flows,
    )


def test_the_labels_are_those_of_consort_2025() -> None:
    entries = flow_entries(disposition(arms=2))
    texts = [entry.text for arm in entries.arms for entry in (*arm.follow_up, *arm.analysis)]
    assert "Lost to follow-up for primary outcome" in texts
    assert "Analysed for primary outcome" in texts


def test_zeros_are_shown() -> None:
    entries = flow_entries(disposition(arms=2))
    assert ("Declined", 0) in [(entry.text, entry.count) for entry in entries.not_randomised]
    assert ("Ill", 0) in [(entry.text, entry.count) for entry in entries.arms[0].follow_up]


def test_the_boxes_of_the_example_add_up(example: Line) -> None:
    entries = flow_entries(example.datasets.disposition)
    excluded, *reasons = entries.not_randomised
    assert excluded.count == sum(entry.count for entry in reasons)
    assert entries.assessed[0].count == excluded.count + entries.randomised[0].count
    allocated = [arm.allocation[0].count for arm in entries.arms]
    assert entries.randomised[0].count == sum(allocated)


def test_a_flow_that_does_not_add_up_is_refused() -> None:
    one = disposition(arms=2)
    broken = object.__new__(ArmFlow)
    for name in ArmFlow.__slots__:
        object.__setattr__(broken, name, getattr(one.arms[0], name))
    object.__setattr__(broken, "analysed", 3)
    with pytest.raises(ReportError, match="does not add up"):
        flow_entries(replace(one, arms=(broken, one.arms[1])))


@pytest.mark.parametrize(("field", "more"), [("assessed", 1), ("assessed", -1), ("randomised", 1)])
def test_one_more_or_less_than_the_boxes_hold_is_refused(field: str, more: int) -> None:
    one = disposition(arms=2)
    broken = object.__new__(Disposition)
    for name in Disposition.__slots__:
        object.__setattr__(broken, name, getattr(one, name))
    object.__setattr__(broken, field, getattr(one, field) + more)
    with pytest.raises(ReportError, match="does not add up"):
        flow_entries(broken)


def test_who_is_lost_but_analysed_stands_in_both_boxes() -> None:
    arm = replace(
        arm_flow(made_up_protocol().arms[0], 10, reasons=(Reason(text="Moved", count=2),)),
        analysed=10,
        lost_but_analysed=2,
    )
    one = disposition(arms=2)
    total = arm.allocated + one.arms[1].allocated
    entries = flow_entries(
        replace(one, assessed=total + 4, randomised=total, arms=(arm, one.arms[1]))
    )
    assert [entry.count for entry in entries.arms[0].analysis] == [10, 2, 0]


def test_the_description_says_every_number() -> None:
    text = describe_flow(flow_entries(disposition(arms=2)))
    assert "Assessed for eligibility 25" in text
    assert "Arm 1: Allocated to Arm 1 11" in text
