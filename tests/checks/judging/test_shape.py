"""Which row is this? Each row has one fault of shape at most, and no other row pays for it."""

from dataclasses import replace

import polars as pl
import pytest

from tests.checks.at_hand import at_hand, messages, said
from tests.miniature import Miniature
from trialkit.checks.judging.shape import check_shape, placed_rows

HEADER = "subject_id,visit,visit_date,vas_mm,side,drug,drug_name\n"


def pain(*keys):
    """The small trial with these subjects and visits on the form about pain."""
    trial = Miniature()
    trial.data["pain"] = HEADER + "".join(f"{key},,,,,\n" for key in keys)
    return trial


def diary(*keys):
    """The small trial with these subjects and numbers in its diary."""
    trial = Miniature()
    trial.data["diary"] = "subject_id,repeat,started,note\n" + "".join(
        f"{key},,x\n" for key in keys
    )
    return trial


def marked(flags):
    return [number for number, flag in enumerate(flags) if flag]


def test_each_row_is_placed_or_adrift_or_astray_or_repeats_another(tmp_path):
    keys = ("S1,BL", ",W6", "S9,W6", "S1,", "S2,W7", "S2,W6", "S2,W6", "S3,BL", ",W9", "S1,BL")
    shape = at_hand(pain(*keys), tmp_path).shape
    form = shape.forms["pain"]

    assert marked(form.usable) == [0, 5, 7]
    assert marked(form.adrift) == [1, 2, 8]
    assert marked(form.astray) == [3, 4]
    assert said(shape.hits) == [
        ("pain", "subject_id", "blank_key", "hard", "", "W6", ""),
        ("pain", "subject_id", "blank_key", "hard", "", "W9", ""),
        ("pain", "visit", "blank_key", "hard", "S1", "", ""),
        ("pain", "visit", "unknown_visit", "hard", "S2", "W7", "W7"),
        ("pain", "", "duplicate_key", "hard", "S1", "BL", ""),
        ("pain", "", "duplicate_key", "hard", "S2", "W6", ""),
        ("pain", "subject_id", "unknown_subject", "hard", "S9", "", "S9"),
    ]
    assert messages(shape.hits) == [
        "Subject is blank in line 3 of data/pain.csv; enter it.",
        "Subject is blank in line 10 of data/pain.csv; enter it.",
        "Visit is blank in line 5 of data/pain.csv; enter it.",
        (
            "'W7' in line 6 of data/pain.csv is no visit of this form, which is filled in at BL, W6; "
            "correct it."
        ),
        (
            "2 rows have the same key (lines 2, 11 of data/pain.csv); keep one, or correct the "
            "key of the others."
        ),
        (
            "2 rows have the same key (lines 7, 8 of data/pain.csv); keep one, or correct the key "
            "of the others."
        ),
        (
            "Subject has no 'Screening' row, but data in 'Pain' (line 4); correct the subject, or "
            "enter that form."
        ),
    ]
    assert [each.rows.tolist() for each in shape.hits] == [[1, 8], [3], [4], [0, 5], [-1]]


def test_a_number_is_blank_or_none_or_repeats_another(tmp_path):
    keys = ("S1,1", "S1, ", "S2,two", "S9,x", "S2,1.5", "S1,01", "S3,3", ",4")
    shape = at_hand(diary(*keys), tmp_path).shape
    form = shape.forms["diary"]

    assert (marked(form.usable), marked(form.adrift)) == ([0, 6], [3, 7])
    assert marked(form.astray) == [1, 2, 4]
    assert [hit[1:] for hit in said(shape.hits)] == [
        ("subject_id", "blank_key", "hard", "", "", ""),
        ("repeat", "blank_key", "hard", "S1", "", " "),
        ("repeat", "unreadable_key", "hard", "S2", "", "two"),
        ("repeat", "unreadable_key", "hard", "S2", "", "1.5"),
        ("", "duplicate_key", "hard", "S1", "", ""),
        ("subject_id", "unknown_subject", "hard", "S9", "", "S9"),
    ]
    said_of_numbers = messages(shape.hits)[1:5]
    assert said_of_numbers[0] == "Number is blank in line 3 of data/diary.csv; enter it."
    assert said_of_numbers[1] == (
        "'two' in line 4 of data/diary.csv cannot be read as a whole number, by which the rows of a "
        "participant are counted; correct it."
    )
    assert said_of_numbers[3].startswith("2 rows have the same key (lines 2, 7 of data/diary.csv)")


@pytest.mark.parametrize(
    ("times", "lines"),
    [(2, "2, 3"), (5, "2, 3, 4, 5, 6"), (6, "2, 3, 4, 5, 6 and 1 more"),
     (8, "2, 3, 4, 5, 6 and 3 more")],
)  # fmt: skip
def test_five_lines_of_a_repeated_key_are_named(times, lines, tmp_path):
    shape = at_hand(diary(*["S1,7"] * times, "S2,7"), tmp_path).shape

    assert messages(shape.hits) == [
        (
            f"{times} rows have the same key (lines {lines} of data/diary.csv); keep one, or correct "
            "the key of the others."
        )
    ]
    assert marked(shape.forms["diary"].usable) == [0, times]


def test_subjects_are_those_of_the_screening_form_once_in_its_order(tmp_path):
    trial = Miniature()
    header, *rows = trial.data["screening"].splitlines()
    trial.data["screening"] = "\n".join([header, rows[2], rows[0], rows[2], rows[1], rows[3]])
    hand = at_hand(trial, tmp_path)

    assert hand.shape.subjects.tolist() == ["S3", "S1", "S2", "S4"]
    assert [hit[2:5] for hit in said(hand.shape.hits)] == [("duplicate_key", "hard", "S3")]
    assert marked(hand.shape.forms["screening"].usable) == [0, 1, 3, 4]


def test_without_a_screening_form_whoever_has_data_is_a_subject(tmp_path):
    hand = at_hand(diary("X7,1", "S1,1"), tmp_path)
    others = tuple(form for form in hand.schemas.forms if form.id != "screening")
    shape = check_shape(hand.snapshot, replace(hand.schemas, forms=others))

    assert set(shape.subjects) == {"S1", "S2", "S3", "X7"}
    assert shape.subjects.is_unique
    assert not [hit for hit in said(shape.hits) if hit[2] == "unknown_subject"]
    assert not shape.forms["diary"].adrift.any()


def test_a_subject_nobody_screened_is_found_once_in_the_first_form_that_has_it(tmp_path):
    trial = diary("X7,1", "S1,1", "Y8,1", "X7,2")
    trial.data["pain"] += "Y8,BL,,,,,\nY8,W6,,,,,\n"
    shape = at_hand(trial, tmp_path).shape

    assert said(shape.hits) == [
        ("pain", "subject_id", "unknown_subject", "hard", "Y8", "", "Y8"),
        ("diary", "subject_id", "unknown_subject", "hard", "X7", "", "X7"),
    ]
    assert messages(shape.hits) == [
        (
            "Subject has no 'Screening' row, but data in 'Pain' (lines 8, 9) and 'Diary' (line 4); "
            "correct the subject, or enter that form."
        ),
        (
            "Subject has no 'Screening' row, but data in 'Diary' (lines 2, 5); correct the subject, "
            "or enter that form."
        ),
    ]


@pytest.mark.parametrize(
    ("stray", "meant"),
    [("s01", " Did you mean S1?"), ("S-3", " Did you mean S3?"), ("SX1", " Did you mean S1?"),
     ("Z", ""), ("9", "")],
)  # fmt: skip
def test_the_nearest_subject_is_asked_about(stray, meant, tmp_path):
    shape = at_hand(diary(f"{stray},1"), tmp_path).shape

    assert messages(shape.hits)[0].endswith(f"or enter that form.{meant}")


def test_the_first_twenty_are_asked_about(tmp_path):
    shape = at_hand(
        diary(*(f"S1{letter},1" for letter in "abcdefghijklmnopqrstuv")), tmp_path
    ).shape

    asked = ["Did you mean S1?" in message for message in messages(shape.hits)]
    assert asked == [True] * 20 + [False] * 2


def test_subjects_who_look_alike_are_asked_about_after_the_rows(tmp_path):
    trial = diary("S1,1", "S1,1")
    trial.data["screening"] += "S01,2025-01-14,31,yes\n"
    shape = at_hand(trial, tmp_path).shape

    assert [hit[:4] for hit in said(shape.hits)] == [
        ("diary", "", "duplicate_key", "hard"),
        ("screening", "subject_id", "lookalike_subject", "soft"),
    ]


def test_without_known_subjects_whoever_is_there_is_one(tmp_path):
    hand = at_hand(pain("S9,BL", ",BL", "S9,W7", "S9,BL"), tmp_path)
    form, data = hand.schemas.form("pain"), hand.snapshot["pain"]

    alone = placed_rows(form, data)
    known = placed_rows(form, data, pl.Series(["S1"]))

    assert (marked(alone.adrift), marked(alone.faulty)) == ([1], [1, 2])
    assert (marked(known.adrift), marked(known.faulty)) == ([0, 1, 2, 3], [0, 1, 2, 3])
    assert [hit[2] for hit in said(alone.hits)] == ["blank_key", "unknown_visit"]
    assert [hit[2] for hit in said(known.hits)] == ["blank_key"]


def test_forms_without_visits_and_numbers_are_placed_by_the_subject_alone(tmp_path):
    hand = at_hand(Miniature(), tmp_path)
    whole = check_shape(hand.snapshot, hand.schemas)

    assert whole.hits == ()
    assert {name: int(form.usable.sum()) for name, form in whole.forms.items()} == {
        "screening": 4,
        "randomisation": 3,
        "pain": 6,
        "diary": 2,
        "end_of_study": 3,
    }
    assert not any(form.adrift.any() or form.astray.any() for form in whole.forms.values())
