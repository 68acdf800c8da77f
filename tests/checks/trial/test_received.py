"""An arm that was received and is not the one somebody was randomised to, without a reason."""

from tests.monitored.looking import looked_at, said, setting
from tests.monitored.trial import CROSSED_OVER
from trialkit.checks.trial.received import check_received


def found(hand):
    return said(check_received(hand.schemas, people=hand.people, cells=hand.cells))


def test_another_arm_is_asked_about_and_the_allocated_one_is_not_told():
    frame = found(looked_at(setting("end_of_study", {"subject_id": "N-001"}, received="CTL")))

    assert frame["subject_id"].tolist() == ["N-001"]
    assert "CTL is not the arm that the participant was randomised to" in frame["message"].iloc[0]
    assert "MOT" not in frame["message"].iloc[0]


def test_whoever_gives_the_reason_has_said_so():
    assert found(looked_at()).empty
    without = setting("end_of_study", {"subject_id": CROSSED_OVER}, why_other="")
    assert found(looked_at(without))["subject_id"].tolist() == [CROSSED_OVER]


def test_an_arm_that_is_not_known_is_no_other_arm():
    for arm in ("", "NK", "Q"):
        spoil = setting("end_of_study", {"subject_id": "N-001"}, received=arm)
        assert found(looked_at(spoil)).empty
