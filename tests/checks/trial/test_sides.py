"""Left and right exchanged: the difference of the sides is that of the other visits, turned round."""

import pytest

from tests.conftest import few_at_once
from tests.monitored.errors import AREA, SLANTED
from tests.monitored.looking import looked_at, said, where
from tests.monitored.trial import VISITS, Tables, row_of
from trialkit.checks.trial.sides import check_sides, pairs_of_sides


def found(*spoil, form="muscle_area"):
    return check_sides(looked_at(*spoil).cells[form])


def exchanging(subject, visit):
    def spoil(rows: Tables) -> None:
        row = row_of(rows, "muscle_area", subject_id=subject, visit=visit)
        left, right = AREA
        row[left], row[right] = row[right], row[left]

    return spoil


@pytest.mark.parametrize("visit", few_at_once(VISITS, 2))
def test_the_visit_with_exchanged_sides_is_asked_about(visit):
    hits = found(exchanging(SLANTED, visit))

    assert where(hits) == [(SLANTED, visit)]
    assert (
        said(hits)["message"]
        .iloc[0]
        .startswith("'Cross-section, left' and 'Cross-section, right' look exchanged")
    )


def test_sides_as_they_are_have_no_finding():
    assert found() == ()
    assert found(form="odi") == ()


def test_sides_that_hardly_differ_cannot_be_told_apart():
    def even(rows: Tables) -> None:
        for row in rows["muscle_area"]:
            if row["subject_id"] == SLANTED:
                row["area_right"] = f"{float(row['area_left']) + 0.02:.2f}"

    assert found(even, exchanging(SLANTED, "W12")) == ()


def test_a_difference_that_is_simply_another_is_no_exchange():
    def grown(rows: Tables) -> None:
        row = row_of(rows, "muscle_area", subject_id=SLANTED, visit="W12")
        wide, thin = sorted(AREA, key=lambda item: -float(row[item]))
        row[thin] = f"{float(row[wide]) * 2:.2f}"

    assert found(grown) == ()


def test_only_pairs_of_measured_numbers_have_sides():
    schemas = looked_at().schemas

    assert [
        tuple(item.id for item in pair) for pair in pairs_of_sides(schemas.form("muscle_area"))
    ] == [AREA]
    assert pairs_of_sides(schemas.form("odi")) == ()
