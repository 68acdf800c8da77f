"""What stays as it is from visit to visit for nearly everybody, and changed for somebody."""

from tests.monitored.looking import looked_at, said, setting, where
from tests.monitored.trial import Tables
from trialkit.checks.trial.steady import check_steady


def found(*spoil, form="muscle_area"):
    return check_steady(looked_at(*spoil).cells[form])


def test_the_visit_that_differs_from_the_others_is_asked_about():
    level = looked_at().cells["muscle_area"].data.entered
    own = level.filter(level["subject_id"] == "S-002")["level"][0]
    hits = found(setting("muscle_area", {"subject_id": "S-002", "visit": "BL"}, level="L1-L2"))

    assert where(hits) == [("S-002", "BL")]
    assert said(hits)["message"].iloc[0] == (
        "Vertebral level: L1-L2 was entered, but at the other visits of this participant it is "
        f"{own}. Correct the one that is wrong, or confirm the change."
    )


def test_of_two_visits_the_later_one_differs():
    def early(rows: Tables) -> None:
        rows["muscle_area"] = [row for row in rows["muscle_area"] if row["visit"] in {"BL", "W6"}]

    hits = found(
        early, setting("muscle_area", {"subject_id": "S-002", "visit": "W6"}, method="mri")
    )

    assert where(hits) == [("S-002", "W6")]
    assert "it is Ultrasound" in said(hits)["message"].iloc[0]


def test_a_choice_that_changes_for_many_is_not_steady():
    many = [
        setting("muscle_area", {"subject_id": f"N-{place:03d}", "visit": "W6"}, method="mri")
        for place in range(1, 9)
    ]

    assert found(*many) == ()


def test_nothing_is_steady_where_hardly_anybody_was_seen_twice():
    few = lambda rows: rows["muscle_area"].__delitem__(slice(20, None))

    assert (
        found(few, setting("muscle_area", {"subject_id": "N-002", "visit": "W6"}, method="mri"))
        == ()
    )
    assert found(form="screening") == ()
