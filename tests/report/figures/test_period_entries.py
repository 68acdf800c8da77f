"""Each period has a box of each sequence, with who left before it and in it, and they add up."""

from dataclasses import replace

import pytest

from tests.report.figures.test_flow_entries import disposition
from tests.report.figures.test_flow_layout import LONG, assert_sound
from trialkit.errors import ReportError
from trialkit.protocol.trial.crossover import TreatmentPeriod
from trialkit.report.figures.flow_entries import FlowEntries, describe_flow, flow_entries
from trialkit.report.figures.flow_layout import lay_out
from trialkit.report.figures.period_entries import nobody_in, with_periods
from trialkit.results.flow import ArmFlow, Disposition
from trialkit.results.period_flow import PeriodCounts

PERIODS = (
    TreatmentPeriod(code="P1", label="First period", visits=("V0", "V1"), time_point="V1"),
    TreatmentPeriod(
        code="P2", label="Second period", visits=("V2", "V3"), time_point="V3", washout_days=7
    ),
)


def flow(
    *, arms: int = 2, reason: str = "Moved", begun: bool = True, again: int = 1
) -> Disposition:
    one = disposition(arms=arms)
    return replace(
        one,
        arms=tuple(
            replace(
                arm,
                periods=(
                    PeriodCounts(
                        period="P1",
                        begun=arm.allocated - 1,
                        not_begun={reason: 1},
                        again=0,
                        completed=arm.allocated - 3,
                        not_completed={"Ill": 2},
                    ),
                    PeriodCounts(
                        period="P2",
                        begun=arm.allocated - 4 if begun else None,
                        not_begun={"Ill": 1 + again} if begun else {},
                        again=again,
                        completed=arm.allocated - 5,
                        not_completed={reason: 1} if begun else {reason: 2 + again},
                    ),
                ),
            )
            for arm in one.arms
        ),
    )


def entries(of: Disposition) -> FlowEntries:
    return with_periods(flow_entries(of), of, PERIODS)


def lines(of: Disposition, place: int) -> list[tuple[str, int | None, str]]:
    return [(each.text, each.count, each.under) for each in entries(of).arms[0].periods[place]]


def test_a_period_says_who_left_before_it_and_in_it() -> None:
    assert lines(flow(), 0) == [
        ("Did not begin it", 1, ""),
        ("Moved", 1, "Did not begin it"),
        ("Began it", 9, ""),
        ("Did not complete it", 2, ""),
        ("Ill", 2, "Did not complete it"),
        ("Completed it", 7, ""),
    ]
    assert lines(flow(), 1)[:4] == [
        ("Left in the washout before it", 2, ""),
        ("Ill", 2, "Left in the washout before it"),
        ("Began it", 6, ""),
        ("of these without having completed the period before", 1, ""),
    ]


def test_a_period_without_washout_has_none_to_leave_in() -> None:
    of = flow(again=0)
    periods = (PERIODS[0], replace(PERIODS[1], washout_days=None, no_washout="Short effects"))
    found = with_periods(flow_entries(of), of, periods).arms[0].periods[1]
    assert [each.text for each in found[:3]] == ["Left before it", "Ill", "Began it"]


def test_a_beginning_that_nothing_shows_is_not_collected() -> None:
    found = entries(flow(begun=False)).arms[0].periods[1]
    assert found[0].words == "Began it (not collected)"
    assert ("Did not begin or complete it", 3) in [(each.text, each.count) for each in found]


def test_periods_that_do_not_add_up_are_refused() -> None:
    of = flow()
    object.__setattr__(of.arms[0], "periods", (replace(of.arms[0].periods[0], completed=3),))
    with pytest.raises(ReportError, match="arm A0: period P1: 9 began, but 5 completed it or did"):
        with_periods(flow_entries(of), of, PERIODS[:1])


@pytest.mark.parametrize("arms", [1, 2, 6])
@pytest.mark.parametrize("label", ["First period", "The first period of four weeks " * 4])
def test_boxes_with_periods_neither_overlap_nor_crop(arms: int, label: str) -> None:
    found = entries(flow(arms=arms, reason=LONG))
    diagram = lay_out(replace(found, periods=(label, "Second")))
    assert_sound(diagram)
    names = [box.name for box in diagram.boxes]
    assert names.count("stage-period-0") == 1
    assert sum(name.startswith("period-") for name in names) == 2 * arms


def test_the_description_says_periods_in_order() -> None:
    text = describe_flow(entries(flow()))
    assert "First period: Did not begin it 1; Moved 1; Began it 9;" in text
    assert text.index("First period") < text.index("Second period") < text.index("Follow-up")


def test_nobody_is_in_any_period_before_the_trial() -> None:
    empty = ArmFlow(
        arm="AB",
        label="AB",
        allocated=0,
        received=0,
        not_received=(),
        lost=(),
        discontinued=(),
        analysed=0,
        excluded=(),
    )
    counts = nobody_in(empty, PERIODS).periods
    assert [(each.period, each.begun, each.completed) for each in counts] == [
        ("P1", 0, 0),
        ("P2", 0, 0),
    ]
