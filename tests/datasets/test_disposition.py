"""The flow at a data cut: who is still followed up is not lost."""

from datetime import date
from pathlib import Path

from tests.datasets.edited import edited
from trialkit.results.flow import Disposition, Reason, Unsaid


def by_arm(flow: Disposition) -> dict[str, tuple[tuple[Reason, ...], tuple[Reason, ...]]]:
    return {arm.arm: (arm.lost, arm.excluded) for arm in flow.arms}


def test_who_is_not_yet_due_is_excluded_and_not_lost(tmp_path: Path) -> None:
    flow = edited(tmp_path, cut=date(2024, 3, 1)).disposition

    waiting = Reason(text="not yet due at the data cut", count=1)
    assert by_arm(flow)["CTRL"] == ((), (waiting,))
    assert flow.assessed == 7
    assert flow.randomised == 5


def test_who_has_left_stays_lost_at_an_early_cut(tmp_path: Path) -> None:
    flow = edited(tmp_path, cut=date(2024, 7, 26)).disposition

    assert by_arm(flow)["CTRL"][0] == (Reason(text="withdrawn", count=1),)


def test_who_waits_for_randomisation_is_said_to(tmp_path: Path) -> None:
    flow = edited(tmp_path, cut=date(2024, 1, 30)).disposition

    texts = {reason.text for reason in flow.not_randomised}
    assert texts == {"eligible, but not randomised by the data cut"}
    assert Unsaid.NOT_RECORDED not in texts


def test_a_value_that_could_not_exist_is_no_loss(tmp_path: Path) -> None:
    old = "0101;W12;09.04.2024;08:05;73,3;442;"
    flow = edited(
        tmp_path, ("data/assessment.csv", old, "0101;W12;09.04.2024;08:05;AID;442;")
    ).disposition

    lost, excluded = by_arm(flow)["HIGH"]
    assert "walks with an aid" not in {reason.text for reason in lost}
    assert Reason(text="no value at Week 12 (walks with an aid)", count=1) in excluded


def test_a_reason_is_one_in_all_arms_and_beside_our_own(tmp_path: Path) -> None:
    """0204 and 0137 stopped in one arm, 0103 in another: one without a reason, one who says so."""
    end = "data/end_of_study.csv"
    flow = edited(
        tmp_path,
        (end, "0204;HIGH;;yes;Adverse event;", "0204;HIGH;;yes;;"),
        (end, "0137;HIGH;;yes;No time;", "0137;HIGH;;yes;REASON  not recorded;"),
        (end, "0103;CTRL;;no;;", "0103;CTRL;;yes;reason not recorded;"),
    ).disposition

    stopped = {arm.arm: arm.discontinued for arm in flow.arms}
    assert stopped["HIGH"] == (Reason(text=Unsaid.NOT_RECORDED, count=2),)
    assert stopped["CTRL"] == (Reason(text=Unsaid.NOT_RECORDED, count=1),)
