"""Deviations that the data show, and those that somebody recorded, by hand."""

from pathlib import Path

from tests.datasets.small import small
from trialkit.datasets.deviations import (
    FROM_DATA,
    NO_CARE,
    OTHER_ARM,
    OUT_OF_WINDOW,
    derive_deviations,
)
from trialkit.datasets.subjects import derive_subjects

RECORDED = ["Drug stopped late", "Unblinded"]


def derived(
    folder: Path, *, nowhere: tuple[str, ...] = (), **options: object
) -> list[tuple[str, str, str]]:
    """The rows; ``nowhere`` are the deviations for which no form asks."""
    sources, protocol = small(folder, **options)  # type: ignore[arg-type]
    found = derive_deviations(sources, protocol, derive_subjects(sources, protocol))
    assert list(found) == ["subject_id", "arm", "term"]
    known = [name for name in RECORDED if name in set(found["term"])]
    assert list(found["term"].cat.categories) == [
        *(term for term in FROM_DATA if term not in nowhere),
        *known,
    ]
    assert found["term"].cat.ordered
    return [tuple(map(str, row)) for row in found.to_numpy()]  # type: ignore[misc]


def test_each_deviation_is_a_row_of_the_arm_allocated(tmp_path: Path) -> None:
    """S1, S6 and S7 came on the first or last day of a window; S4 was never randomised."""
    assert derived(tmp_path) == [
        ("S7", "P", "Randomised without being screened"),
        ("S3", "B", "Randomised although not eligible"),
        ("S2", "P", "Received another arm than allocated"),
        ("S3", "B", "Received no arm's care"),
        # a day too early for each of two visits
        ("S2", "P", "Visit outside its window"),
        ("S2", "P", "Visit outside its window"),
        # the day after the randomisation, and day 50 of 49
        ("S3", "B", "Visit outside its window"),
        ("S5", "A", "Visit outside its window"),
        ("S1", "A", "Unblinded"),
        ("S6", "B", "Drug stopped late"),
        # recorded, but nobody said which it was
        ("S6", "B", "nan"),
    ]


def test_a_visit_with_two_forms_is_outside_its_window_once(tmp_path: Path) -> None:
    twin = """[form]
id = "again"
title = "Again"
kind = "assessment"
expected = "randomised"
visits = ["BL", "W6"]

[[items]]
id = "visit_date"
label = "Day"
type = "date"
purpose = "visit_date"
"""
    rows = "subject_id,visit,visit_date\nS2,BL,2025-01-07\nS1,W6,2025-02-22\nS6,W6,2025-02-27\n"
    found = derived(tmp_path, forms={"again": twin}, again=rows)
    outside = sorted(who for who, _, term in found if term == "Visit outside its window")
    # S1 now has a form of the visit on day 38 of 39
    assert outside == ["S1", "S2", "S2", "S3", "S5"]


def test_without_any_form_for_deviations_those_of_the_data_are_left(tmp_path: Path) -> None:
    found = derived(tmp_path, without=("deviations",))
    assert len(found) == 8
    assert {term for _, _, term in found} <= set(FROM_DATA)


def test_without_dated_visits_nobody_was_outside_a_window(tmp_path: Path) -> None:
    found = derived(tmp_path, without=("pain",), nowhere=(OUT_OF_WINDOW,))
    assert [each for each in found if each[2] == "Visit outside its window"] == []
    assert len(found) == 7


def test_what_no_form_asks_is_no_zero(tmp_path: Path) -> None:
    found = derived(tmp_path, without=("end_of_study",), nowhere=(OTHER_ARM, NO_CARE))
    assert {OTHER_ARM, NO_CARE}.isdisjoint(term for _, _, term in found)


def test_what_is_recorded_in_the_words_of_the_data_is_one_with_them(tmp_path: Path) -> None:
    rows = "subject_id,repeat,deviation\nS1,1,visit  outside its WINDOW\nS5,1,any\nS1,2,UNK\n"
    sources, protocol = small(tmp_path, deviations=rows)
    found = derive_deviations(sources, protocol, derive_subjects(sources, protocol))
    assert list(found["term"].cat.categories) == [*FROM_DATA, "any"]
    mine = found[found["subject_id"] == "S1"]["term"].astype("object")
    assert mine.where(mine.notna(), None).tolist() == ["Visit outside its window", None]
