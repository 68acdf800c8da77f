"""What the arm of a participant allows: forms of the arm, and as many sessions as were planned."""

from dataclasses import replace

import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.checks.examination import Examined
from trialkit.checks.trial.arms import check_arms
from trialkit.protocol.trial.interventions import Intervention

# S1 and S3 were randomised to A, which plans two sessions; S2 to P, which plans none


def found(trial, folder):
    hand = at_hand(trial, folder)
    return check_arms(hand.schemas, trial.protocol, people=hand.people, cells=hand.cells)


def held(*sessions):
    trial = Examined()
    trial.data["sessions"] = "subject_id,repeat,held_on,attended\n" + "".join(
        f"{subject},{number},2025-01-20,{came}\n" for subject, number, came in sessions
    )
    return trial


def test_forms_of_the_own_arm_and_the_planned_sessions_are_right(tmp_path):
    assert found(Examined(), tmp_path) == ()


def test_a_form_of_another_arm_is_found_at_its_row(tmp_path):
    trial = Examined()
    trial.data["examination"] = trial.data["examination"].replace("S1,2025", "S2,2025")

    hits = found(trial, tmp_path)

    assert said(hits) == [("examination", "", "other_arm", "hard", "S2", "", "")]
    assert hits[0].rows.tolist() == [0]
    assert messages(hits) == [
        (
            "The form 'Examination' is not for the arm of this participant. Remove the row, or correct "
            "the subject or the arm."
        )
    ]


def test_a_form_of_two_arms_is_of_neither_third_and_of_nobody_without_an_arm(tmp_path):
    trial = Examined()
    trial.forms["examination"] = trial.forms["examination"].replace(
        'arms = ["A"]', 'arms = ["A", "P"]'
    )
    trial.data["examination"] = trial.data["examination"].replace("S1,2025", "S4,2025")
    trial.data["randomisation"] = trial.data["randomisation"].replace("16,A", "16,C")

    hits = found(trial, tmp_path)

    assert [hit[4] for hit in said(hits)] == ["S3"]
    assert "is not for the arm of this participant" in messages(hits)[0]


@pytest.mark.parametrize(
    ("answers", "more"), [("yes yes", ""), ("yes yes no", ""), ("yes yes ND", ""), ("yes yes yes", "3"),
                          ("yes no yes yes yes", "4")]
)  # fmt: skip
def test_sessions_attended_are_counted_against_those_planned(answers, more, tmp_path):
    sessions = [("S1", number, came) for number, came in enumerate(answers.split(), start=1)]

    hits = found(held(*sessions), tmp_path)

    assert said(hits) == (
        [("sessions", "attended", "too_many_sessions", "soft", "S1", "", more)] if more else []
    )
    assert messages(hits) == (
        [
            (
                f"{more} sessions were attended, which are more than are planned for this participant. "
                "Correct the session log, or confirm it."
            )
        ]
        if more
        else []
    )


def test_each_participant_has_the_sessions_of_the_own_arm(tmp_path):
    of_each = [
        (subject, number, "yes")
        for subject, times in (("S3", 3), ("S2", 4), ("S1", 2), ("S4", 9))
        for number in range(times)
    ]
    trial = held(*of_each)

    # the placebo arm plans no number of sessions, and S4 has no arm
    assert [(hit[4], hit[6]) for hit in said(found(trial, tmp_path / "a"))] == [("S3", "3")]

    arms = [
        replace(arm, intervention=Intervention(name="x", sessions={"A": 1, "P": 3}[arm.code]))
        for arm in trial.protocol.arms
    ]
    trial.protocol = replace(trial.protocol, arms=tuple(arms))
    hits = found(trial, tmp_path / "b")
    assert [(hit[4], hit[6]) for hit in said(hits)] == [("S3", "3"), ("S2", "4"), ("S1", "2")]
    # how many were planned would tell which arm it is
    assert all("which are more than are planned" in message for message in messages(hits))


def test_a_log_that_does_not_say_who_came_counts_nobody(tmp_path):
    trial = held(*(("S1", number, "yes") for number in range(5)))
    trial.forms["sessions"] = trial.forms["sessions"].replace('purpose = "attended"\n', "")

    assert found(trial, tmp_path) == ()
