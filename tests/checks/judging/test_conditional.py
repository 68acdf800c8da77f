"""What must be answered, what must not be, and what is unusual, where a condition decides."""

import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.conftest import few_at_once
from tests.miniature import Miniature, dedented
from trialkit.checks.judging.conditional import check_conditional

FORM = """
    [form]
    id = "drugs"
    title = "Drugs"
    kind = "other"
    expected = "as_needed"

    [[items]]
    id = "took"
    label = "Took"
    type = "yes_no"

    [[items]]
    id = "other"
    label = "Other"
    type = "yes_no"

    [[items]]
    id = "dose"
    label = "Dose"
    type = "integer"
    unit = "mg"
    range = { low = 1, high = 900 }
    expected_range = { low = 10, high = 600 }
    shown_when = "took = TRUE"
    required = true

    [[items]]
    id = "why"
    label = "Why"
    type = "text"
    required_when = "dose > 100"
    missing_codes = []

    [[items]]
    id = "name"
    label = "Name"
    type = "text"
    shown_when = "took = TRUE"
    required_when = "other = TRUE"
    missing_codes = []
"""


def found(folder, took="", dose="", *, other="", why="", name="", of="S1"):
    """What is found in one row, of which nothing else is known."""
    trial = Miniature()
    trial.forms["drugs"] = dedented(FORM)
    trial.data["drugs"] = (
        f"subject_id,took,other,dose,why,name\n{of},{took},{other},{dose},{why},{name}\n"
    )
    hand = at_hand(trial, folder)
    return check_conditional(hand.cells["drugs"], hand.others)


def of(hits):
    return [(item, rule, severity, value) for _, item, rule, severity, _, _, value in said(hits)]


@pytest.mark.parametrize(
    ("row", "expected"),
    few_at_once(
        [
            # a required item is required only where it is known to be shown
            ({"took": "yes"}, [("dose", "required", "hard", "")]),
            ({"took": "no"}, []),
            ({"took": ""}, []),
            ({"took": "ND"}, []),
            ({"took": "yes", "dose": "20"}, []),
            ({"took": "yes", "dose": "UNK"}, []),
            # an answer where it is known not to be shown; a code is no answer, nor is what is wrong
            ({"took": "no", "dose": "20"}, [("dose", "not_shown", "hard", "20")]),
            ({"took": "", "dose": "20"}, []),
            ({"took": "no", "dose": "NA"}, []),
            ({"took": "no", "dose": "901"}, []),
            ({"took": "no", "dose": "twenty"}, []),
            # the expected range, ends included; what should not be there is not unusual too
            ({"took": "yes", "dose": "9"}, [("dose", "unusual", "soft", "9")]),
            ({"took": "yes", "dose": "10"}, []),
            ({"took": "yes", "dose": "600", "why": "x"}, []),
            ({"took": "yes", "dose": "601", "why": "x"}, [("dose", "unusual", "soft", "601")]),
            ({"took": "yes", "dose": "901", "why": "x"}, []),
            ({"took": "no", "dose": "9"}, [("dose", "not_shown", "hard", "9")]),
            # required only where the condition is known to hold
            ({"took": "yes", "dose": "100"}, []),
            ({"took": "yes", "dose": "101"}, [("why", "required_when", "hard", "")]),
            ({"took": "yes", "dose": "UNK", "why": ""}, []),
            ({"took": "yes", "dose": "101", "why": " "}, [("why", "required_when", "hard", " ")]),
            # shown and required by different conditions: both must hold
            (
                {"took": "yes", "dose": "20", "other": "yes"},
                [("name", "required_when", "hard", "")],
            ),
            ({"took": "yes", "dose": "20", "other": "no"}, []),
            ({"took": "no", "other": "yes"}, []),
            ({"took": "no", "other": "yes", "name": "x"}, [("name", "not_shown", "hard", "x")]),
        ],
        8,
    ),
)
def test_each_row_has_the_findings_of_its_conditions(row, expected, tmp_path):
    assert of(found(tmp_path, **row)) == expected


def test_the_findings_stand_at_their_row_and_say_the_condition_and_the_limits(tmp_path):
    lacking = found(tmp_path / "a", took="yes", dose="101", of="S2")
    odd = found(tmp_path / "b", took="yes", dose="9", of="S3")
    unasked = found(tmp_path / "c", took="no", dose="20")

    assert said(lacking) == [("drugs", "why", "required_when", "hard", "S2", "", "")]
    assert messages(lacking) == [
        "Why is blank, but must be answered where “Dose” is more than 100; enter it."
    ]
    assert [hit[4] for hit in said(odd)] == ["S3"]
    assert messages(odd) == [
        "Dose: 9 mg is unusual; expected is from 10 to 600 mg. Correct it, or confirm it."
    ]
    assert messages(unasked) == [
        (
            "Dose: 20 mg was entered, but this is asked only where “Took” is “Yes”; clear it, or correct "
            "what it depends on."
        )
    ]
    assert messages(found(tmp_path / "d", took="yes")) == [
        ("Dose is blank, but must be answered; enter it, or a missing code such as ND (not done).")
    ]
