"""What is known of each subject: randomised or not, when, into which arm, and until when."""

from dataclasses import replace

import numpy as np
import pandas as pd

from tests.checks.at_hand import at_hand
from tests.miniature import Miniature
from trialkit.checks.judging.hits import hits_at_rows
from trialkit.checks.judging.people import people, without_doubted_dates
from trialkit.schemas.forms.forms import Severity

COLUMNS = ["subject_id", "randomised", "randomisation_date", "arm", "end_date"]
NEVER = ""


def trial():
    """S1 randomised, S4 not; S2's date and arm cannot be right; S3 has two rows, and no last day."""
    mini = Miniature()
    mini.data["randomisation"] = """\
subject_id,randomisation_date,arm
S3,2025-01-16,A
S2,1999-01-15,ND
S1,2025-01-15,P
S3,2025-01-19,P
S9,2025-01-20,A
"""
    mini.data["end_of_study"] = """\
subject_id,end_date,completed
S1,2025-02-26,yes
S3,2205-02-27,yes
S2,2025-02-28,no
"""
    return mini


def each_once():
    """The same without the second randomisation of S3."""
    mini = trial()
    mini.data["randomisation"] = mini.data["randomisation"].replace("S3,2025-01-19,P\n", "")
    return mini


def rows(frame):
    assert list(frame.columns) == COLUMNS
    days = [
        frame[name].dt.strftime("%Y-%m-%d").fillna(NEVER)
        for name in ("randomisation_date", "end_date")
    ]
    arm = frame["arm"].astype("object").where(frame["arm"].notna(), "")
    columns = (frame["subject_id"], frame["randomised"], days[0], arm, days[1])
    return list(zip(*columns, strict=True))


def test_everybody_screened_is_there_once_with_what_can_be_right(tmp_path):
    hand = at_hand(trial(), tmp_path)

    assert rows(people(hand.shape.subjects, hand.schemas, hand.cells)) == [
        ("S1", True, "2025-01-15", "P", "2025-02-26"),
        ("S2", True, NEVER, "", "2025-02-28"),
        ("S3", True, NEVER, "", NEVER),  # two rows contradict each other
        ("S4", False, NEVER, "", NEVER),
    ]


def test_an_arm_that_cannot_be_right_is_none(tmp_path):
    mini = each_once()
    mini.forms["randomisation"] = mini.forms["randomisation"].replace(
        'type = "text"\nrequired = true\npurpose = "arm"',
        'type = "choice"\nchoices = [{ code = "A", label = "a" }, { code = "P", label = "p" }]\n'
        'missing_codes = []\nrequired = true\npurpose = "arm"',
    )
    mini.data["randomisation"] = mini.data["randomisation"].replace("15,P\n", "15,B\n")
    hand = at_hand(mini, tmp_path)

    arms = people(hand.shape.subjects, hand.schemas, hand.cells)["arm"]

    assert arms.isna().tolist() == [True, True, False, True]
    assert arms[2] == "A"


def test_without_these_forms_or_items_nobody_is_known_to_have_come_so_far(tmp_path):
    whole = at_hand(trial(), tmp_path)
    neither = replace(
        whole.schemas,
        forms=tuple(
            form for form in whole.schemas.forms if form.id not in {"randomisation", "end_of_study"}
        ),
    )
    bare = replace(
        whole.schemas,
        forms=tuple(
            replace(form, items=tuple(replace(item, purpose=None) for item in form.items))
            for form in whole.schemas.forms
        ),
    )

    without = people(whole.shape.subjects, neither, whole.cells)
    unnamed = people(whole.shape.subjects, bare, whole.cells)

    assert not without["randomised"].any()
    assert unnamed["randomised"].tolist() == [True, True, True, False]
    for frame in (without, unnamed):
        assert list(frame.columns) == COLUMNS
        assert frame[["randomisation_date", "arm", "end_date"]].isna().all(axis=None)
        assert str(frame["end_date"].dtype) == "datetime64[us]"


def test_a_date_of_randomisation_that_a_hard_rule_doubts_is_none(tmp_path):
    hand = at_hand(each_once(), tmp_path)
    form = hand.schemas.form("randomisation")

    def found(rule, severity):
        return hits_at_rows(
            form,
            hand.snapshot["randomisation"],
            np.array([0]),
            lambda entered: entered,
            item="randomisation_date",
            rule_id=rule,
            severity=severity,
        )

    def dates(hits):
        frame = without_doubted_dates(hand.people, hand.schemas, hand.cells, hits)
        pd.testing.assert_frame_equal(
            frame.drop(columns="randomisation_date"), hand.people.drop(columns="randomisation_date")
        )
        return [day for _, _, day, _, _ in rows(frame)]

    assert dates(found("RND01", Severity.HARD)) == ["2025-01-15", NEVER, NEVER, NEVER]
    assert dates(found("RND01", Severity.SOFT)) == ["2025-01-15", NEVER, "2025-01-16", NEVER]
    assert dates(found("OTHER", Severity.HARD)) == ["2025-01-15", NEVER, "2025-01-16", NEVER]


def test_without_a_date_of_randomisation_none_is_doubted(tmp_path):
    hand = at_hand(trial(), tmp_path)
    others = tuple(form for form in hand.schemas.forms if form.id != "randomisation")

    without = without_doubted_dates(
        hand.people, replace(hand.schemas, forms=others), hand.cells, ()
    )

    pd.testing.assert_frame_equal(without, hand.people)
