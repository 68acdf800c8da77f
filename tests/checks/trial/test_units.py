"""Numbers in another unit or with the point at another place."""

import pytest

from tests.conftest import few_at_once
from tests.monitored.looking import looked_at, said, where
from tests.monitored.trial import Tables, row_of
from trialkit.checks.trial.units import check_units


def found(form, *spoil):
    return check_units(looked_at(*spoil).cells[form])


def scaling(form, item, factor, digits=1, **key):
    def spoil(rows: Tables) -> None:
        row = row_of(rows, form, **key)
        row[item] = f"{float(row[item]) * factor:.{digits}f}"

    return spoil


@pytest.mark.parametrize(
    ("item", "factor", "says"),
    [
        ("height", 1 / 2.54, "inches as centimetres"),
        ("weight", 1 / 0.45359237, "kilograms as pounds"),
    ],
)
def test_a_number_in_another_unit_is_asked_about_with_what_it_would_be(item, factor, says):
    usual = looked_at().cells["demographics"].data.entered
    was = float(usual.filter(usual["subject_id"] == "W-005")[item][0])
    hits = found("demographics", scaling("demographics", item, factor, subject_id="W-005"))

    assert where(hits) == [("W-005",)]
    message = said(hits)["message"].iloc[0]
    assert "(" in message
    assert abs(float(message.split(", and ")[1].split()[0]) - was) <= 0.01 * was


@pytest.mark.parametrize(
    ("visit", "factor"),
    few_at_once([(each, factor) for each in ("BL", "W6", "W12", "M6") for factor in (10, 0.1)], 2),
)
def test_a_point_at_another_place_is_found_beside_the_other_visits(visit, factor):
    spoil = scaling("muscle_area", "area_left", factor, 3, subject_id="W-002", visit=visit)

    hits = found("muscle_area", spoil)

    assert where(hits) == [("W-002", visit)]
    says = "a tenth of it" if factor > 1 else "ten times as much"
    assert says in said(hits)["message"].iloc[0]


def test_the_numbers_as_they_are_have_no_finding():
    for form in ("demographics", "muscle_area", "nrs_pain", "odi", "session_log"):
        assert found(form) == ()


def test_a_number_that_no_factor_explains_is_no_slip():
    assert found("demographics", scaling("demographics", "height", 1.5, subject_id="W-005")) == ()


def test_few_numbers_and_numbers_around_zero_are_not_looked_at():
    few = lambda rows: rows["demographics"].__delitem__(slice(10, None))
    assert (
        found("demographics", few, scaling("demographics", "height", 0.1, subject_id="N-001")) == ()
    )

    def around_zero(rows: Tables) -> None:
        for number, row in enumerate(rows["muscle_area"]):
            row["area_left"] = str((number % 40 - 20) / 10)

    assert all(each.item != "area_left" for each in found("muscle_area", around_zero))


def test_a_small_number_of_an_even_spread_is_no_slip():
    def even(rows: Tables) -> None:
        for number, row in enumerate(rows["demographics"]):
            row["weight"] = f"{1 + 3 * number}"

    assert found("demographics", even) == ()


def test_where_many_are_far_off_it_is_usual():
    def some(rows: Tables) -> None:
        for number, row in enumerate(rows["demographics"]):
            row["weight"] = f"{(60 + number % 17) * (2.2046 if number % 10 == 0 else 1):.1f}"

    def one(rows: Tables) -> None:
        for number, row in enumerate(rows["demographics"]):
            row["weight"] = f"{(60 + number % 17) * (2.2046 if number == 20 else 1):.1f}"

    assert found("demographics", some) == ()
    assert len(where(found("demographics", one))) == 1
