"""Rows whose answers or measurements are those of another row."""

import pytest

from tests.monitored.errors import AREA, ODI, RMDQ
from tests.monitored.looking import looked_at, said, where
from tests.monitored.trial import Tables, row_of
from trialkit.checks.trial.copies import check_copies

ITEMS = {"odi": ODI, "rmdq": RMDQ, "muscle_area": AREA}


def found(form, *spoil):
    return check_copies(looked_at(*spoil).cells[form])


def copying(form, to, of):
    def spoil(rows: Tables) -> None:
        source = row_of(rows, form, subject_id=of[0], visit=of[1])
        target = row_of(rows, form, subject_id=to[0], visit=to[1])
        target.update({item: source[item] for item in ITEMS[form]})

    return spoil


@pytest.mark.parametrize("form", ["odi", "rmdq"])
def test_a_copy_of_another_visit_is_asked_about(form):
    hits = found(form, copying(form, ("W-008", "M6"), ("W-008", "W6")))

    assert where(hits) == [("W-008", "M6")]
    assert "are those of visit W6" in said(hits)["message"].iloc[0]
    assert found(form) == ()


def test_no_complaint_at_all_says_nothing():
    def spoil(rows: Tables) -> None:
        for visit in ("W12", "M6"):
            row = row_of(rows, "odi", subject_id="W-008", visit=visit)
            row.update(dict.fromkeys(ODI, "0") | {"odi_4": "1"})

    assert found("odi", spoil) == ()


def test_where_visits_often_agree_an_agreement_is_no_sign():
    def spoil(rows: Tables) -> None:
        for row in rows["odi"]:
            if row["visit"] == "W12" and row["subject_id"].startswith("N"):
                before = row_of(rows, "odi", subject_id=row["subject_id"], visit="W6")
                row.update({item: before[item] for item in ODI})

    assert found("odi", spoil) == ()


@pytest.mark.slow
def test_measurements_of_another_participant_are_asked_about_where_chance_does_not_do_that():
    digits = {}

    def finer(rows: Tables) -> None:
        for number, row in enumerate(rows["muscle_area"]):
            for item in AREA:
                row[item] = f"{float(row[item]) + (number * 7919 % 9973) / 1e6:.6f}"
        digits.update(row_of(rows, "muscle_area", subject_id="W-008", visit="W6"))

    hits = found("muscle_area", finer, copying("muscle_area", ("W-010", "M6"), ("W-008", "W6")))

    assert where(hits) == [("W-010", "M6")]
    message = said(hits)["message"].iloc[0]
    assert "are those of another participant" in message
    assert "W-008" not in message
    other = copying("muscle_area", ("W-012", "M6"), ("W-009", "W6"))
    two = found(
        "muscle_area", finer, other, copying("muscle_area", ("W-010", "M6"), ("W-008", "W6"))
    )
    assert where(two) == [("W-010", "M6"), ("W-012", "M6")]
    assert said(two)["message"].str.contains("are those of another participant").all()
    own = found("muscle_area", finer, copying("muscle_area", ("W-008", "M6"), ("W-008", "W6")))
    assert "are those of visit W6" in said(own)["message"].iloc[0]
    # two digits agree by chance somewhere in a trial
    assert found("muscle_area", copying("muscle_area", ("W-010", "M6"), ("W-008", "W6"))) == ()


def test_forms_without_visits_and_of_few_rows_have_none():
    assert found("demographics") == ()
    assert found("odi", lambda rows: rows["odi"].__delitem__(slice(3, None))) == ()


def measuring(value):
    """The areas of all rows anew: ``value`` gives the two sides of the row of a number."""

    def spoil(rows: Tables) -> None:
        for number, row in enumerate(rows["muscle_area"]):
            row.update(dict(zip(AREA, (f"{each:.6f}" for each in value(number)), strict=True)))

    return spoil


def spread(number: int, by: int = 7919) -> float:
    return 2 + number * by % 9973 / 9973


def test_measurements_at_the_end_of_their_scale_agree_without_a_copy():
    def ends(number):
        return (9, 8) if number % 20 == 0 else (spread(number), spread(number, 3571))

    assert found("muscle_area", measuring(ends)) == ()
    copied = copying("muscle_area", ("W-010", "M6"), ("W-008", "W6"))
    assert where(found("muscle_area", measuring(ends), copied)) == [("W-010", "M6")]


def test_measurements_that_follow_from_each_other_agree_together():
    def together(number):
        return (spread(number % 150), spread(number % 150) * 2)

    def apart(number):
        return (spread(number % 240 + 5), spread(number % 240 + 5, 3571))

    assert found("muscle_area", measuring(together)) == ()
    assert len(where(found("muscle_area", measuring(apart)))) == 8
