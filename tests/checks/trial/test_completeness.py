"""Which forms are due by now and not there, of whom, at which visit."""

from datetime import date

import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.checks.examination import Examined
from tests.conftest import few_at_once
from tests.miniature import Miniature
from trialkit.checks.trial.completeness import check_completeness

# S1 and S2 were randomised on 2025-01-15, S3 on 2025-01-16, S4 never.
# W6 closes 49 days later: on 2025-03-05, for S3 on 2025-03-06; it opens 39 days later.


def checked(trial, folder, cut=None):
    hand = at_hand(trial, folder, cut=cut and date.fromisoformat(cut))
    return check_completeness(
        hand.snapshot, hand.schemas, trial.protocol, people=hand.people, shapes=hand.shape.forms
    )


def places(found):
    """The form, subject and visit of each finding; the rest is the same for all."""
    for form, item, rule, severity, *_, value in said(found.hits):
        assert (item, rule, severity, value) == ("", "missing_form", "hard", ""), form
    return [(hit[0], hit[4], hit[5]) for hit in said(found.hits)]


def absent(found, form):
    return list(found.absent[form][["subject_id", "visit"]].itertuples(index=False, name=None))


def emptied(*forms, trial=None):
    trial = trial or Miniature()
    for form in forms:
        trial.data[form] = trial.data[form].splitlines()[0] + "\n"
    return trial


def without(form, *rows, trial=None):
    trial = trial or Miniature()
    lines = trial.data[form].splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(rows)]
    assert len(kept) == len(lines) - len(rows)
    trial.data[form] = "".join(kept)
    return trial


def test_a_whole_trial_lacks_nothing(tmp_path):
    found = checked(Miniature(), tmp_path, "2025-12-31")

    assert (found.hits, sorted(found.absent)) == ((), ["end_of_study", "pain", "randomisation"])
    assert all(frame.empty for frame in found.absent.values())


@pytest.mark.parametrize(
    ("cut", "due"),
    few_at_once(
        [
            ("2025-01-14", []),
            ("2025-01-15", [("S1", "BL"), ("S2", "BL")]),
            ("2025-01-16", [("S1", "BL"), ("S2", "BL"), ("S3", "BL")]),
            ("2025-03-04", [("S1", "BL"), ("S2", "BL"), ("S3", "BL")]),
            (
                "2025-03-05",
                [("S1", "BL"), ("S2", "BL"), ("S3", "BL"), ("S1", "W6"), ("S2", "W6")],
            ),
            (
                "2025-03-06",
                [(subject, visit) for visit in ("BL", "W6") for subject in ("S1", "S2", "S3")],
            ),
        ],
        3,
    ),
)
def test_a_visit_is_due_when_its_window_has_closed_and_the_end_with_the_last_visit(
    cut, due, tmp_path
):
    found = checked(emptied("pain", "end_of_study"), tmp_path, cut)

    at_the_end = [("end_of_study", subject, "") for subject, visit in due if visit == "W6"]
    assert places(found) == [("pain", *place) for place in due] + at_the_end


@pytest.mark.parametrize(
    ("end", "due"), few_at_once([("2025-01-07", []), ("2025-01-08", ["BL"]), ("2025-02-22", ["BL"]),
     ("2025-02-23", ["BL", "W6"]), ("2025-02-24", ["BL", "W6"])], 2),
)  # fmt: skip
def test_who_has_ended_has_all_visits_that_had_opened_by_then(end, due, tmp_path):
    trial = without("pain", "S2,BL", "S2,W6")
    trial.data["end_of_study"] = trial.data["end_of_study"].replace("S2,2025-02-26", f"S2,{end}")

    found = checked(trial, tmp_path, "2025-03-04")

    assert places(found) == [("pain", "S2", visit) for visit in due]


def test_a_finding_says_the_visit_and_of_whom_the_form_is_expected(tmp_path):
    found = checked(without("pain", "S2,W6"), tmp_path / "a")
    ended = checked(emptied("end_of_study"), tmp_path / "b", "2025-03-05")

    assert messages(found.hits) == [
        ("There is no 'Pain' row at W6 (Week 6), which is expected of everyone randomised; enter "
        "it, with missing codes if it was not done.")
    ]  # fmt: skip
    assert messages(ended.hits)[0] == (
        "There is no 'End of study' row, which is expected of everyone randomised; enter it, with "
        "missing codes if it was not done."
    )


def test_a_form_of_some_arms_is_expected_there_alone(tmp_path):
    # S1 and S3 have an examination; S2, of the placebo arm, needs none
    found = checked(without("examination", "S3,", trial=Examined()), tmp_path)

    assert places(found) == [("examination", "S3", "")]
    assert "expected of this participant; enter it" in messages(found.hits)[0]


def test_a_form_for_everyone_is_due_of_the_others_up_to_day_0(tmp_path):
    trial = emptied("pain")
    trial.forms["pain"] = trial.forms["pain"].replace(
        'expected = "randomised"', 'expected = "everyone"'
    )

    found = checked(trial, tmp_path, "2025-03-05")

    assert places(found) == [
        *(("pain", subject, "BL") for subject in ("S1", "S2", "S3", "S4")),
        # S3's window is still open, but the last day of S3 is in the data
        *(("pain", subject, "W6") for subject in ("S1", "S2", "S3")),
    ]
    assert "which is expected of everyone who was screened; enter" in messages(found.hits)[0]


def test_a_randomisation_that_nobody_entered_is_not_missing_here(tmp_path):
    trial = without("randomisation", "S2,")
    found = checked(trial, tmp_path, "2025-03-06")

    # nobody is known to be randomised without that form, so that nothing is due of S2
    assert places(found) == []
    assert absent(found, "randomisation") == []


def test_a_row_after_the_cut_is_absent_but_late_and_not_missing(tmp_path):
    trial = Miniature()
    trial.data["pain"] = trial.data["pain"].replace("S1,W6,2025-02-26", "S1,W6,2025-04-01")
    found = checked(trial, tmp_path, "2025-03-31")

    assert (places(found), absent(found, "pain")) == ([], [("S1", "W6")])


def test_what_was_marked_as_not_done_is_not_missing(tmp_path):
    trial = without("pain", "S1,W6", "S2,W6")
    trial.data["not_done"] = "subject_id,visit,form,reason\nS2,W6,pain,REF\n"

    assert places(checked(trial, tmp_path)) == [("pain", "S1", "W6")]


@pytest.mark.parametrize(
    ("stray", "missing"),
    few_at_once(
        [
            # a row of the subject at an unknown visit may be any of its own
            (["S1,W9"], [("S2", "W6")]),
            (["S3,W9"], [("S1", "W6"), ("S2", "W6")]),
            # rows of nobody are taken for the missing ones of their visit when there are as many
            ([",W6"], [("S1", "W6"), ("S2", "W6")]),
            ([",W6", "S9,W6"], []),
            ([",W6", "S8,W6", "S9,W6"], []),
            ([",BL", "S9,BL"], [("S1", "W6"), ("S2", "W6")]),
            (["S1,W9", ",W6"], []),
        ],
        3,
    ),
)
def test_rows_with_a_wrong_key_may_be_the_missing_ones(stray, missing, tmp_path):
    trial = without("pain", "S1,W6", "S2,W6")
    trial.data["pain"] += "".join(f"{key},2025-02-26,1,l,no,\n" for key in stray)

    found = checked(trial, tmp_path)

    assert [place[1:] for place in places(found)] == missing
    # rules still must not read what is not there
    assert absent(found, "pain") == [("S1", "W6"), ("S2", "W6")]


def test_stray_rows_of_a_form_without_visits_are_counted_together(tmp_path):
    one = without("end_of_study", "S1,", "S2,")
    one.data["end_of_study"] += ",2025-02-26,yes\n"
    two = without("end_of_study", "S1,", "S2,")
    two.data["end_of_study"] += ",2025-02-26,yes\nS9,2025-02-26,yes\n"

    assert places(checked(one, tmp_path / "one", "2025-03-06")) == [
        ("end_of_study", "S1", ""),
        ("end_of_study", "S2", ""),
    ]
    assert places(checked(two, tmp_path / "two", "2025-03-06")) == []


def test_without_a_date_of_randomisation_no_visit_is_due(tmp_path):
    trial = without("pain", "S2,BL", "S2,W6")
    trial.data["randomisation"] = trial.data["randomisation"].replace("S2,2025-01-15", "S2,ND")

    assert places(checked(trial, tmp_path, "2025-12-31")) == []
