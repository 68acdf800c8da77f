"""Questions of a questionnaire that were left blank while the others were answered."""

from tests.monitored.looking import looked_at, said, setting, where
from trialkit.checks.trial.blank_answers import check_blank_answers, questions

ROW = {"subject_id": "N-004", "visit": "W6"}


def found(*spoil, form="odi"):
    hand = looked_at(*spoil)
    return check_blank_answers(hand.cells[form], hand.others)


def test_all_blanks_of_a_row_are_one_finding():
    hits = found(setting("odi", ROW, odi_3="", odi_8=""))

    assert where(hits) == [("N-004", "W6")]
    assert [each.item for each in hits] == ["odi_3"]
    assert said(hits)["message"].iloc[0] == (
        "“ODI, item 3”, “ODI, item 8” are blank, while 8 questions of the score were answered. Enter "
        "the answers, or a missing code that says why there are none."
    )


def test_a_missing_code_is_an_answer():
    assert found(setting("odi", ROW, odi_3="NK")) == ()


def test_a_sheet_that_was_left_blank_is_another_matter():
    blank = {f"odi_{number}": "" for number in range(1, 9)}

    assert found(setting("odi", ROW, **blank)) == ()


def test_a_question_that_many_leave_blank_is_optional():
    optional = setting("odi", {"visit": "W6"}, odi_8="")

    assert found(optional) == ()
    assert [each.item for each in found(optional, setting("odi", ROW, odi_3=""))] == ["odi_3"]


def test_ticks_and_measurements_may_be_left_out():
    hand = looked_at()

    assert questions(hand.schemas.form("rmdq")) == ()
    assert questions(hand.schemas.form("muscle_area")) == ()
    assert [item.id for item in questions(hand.schemas.form("odi"))] == [
        f"odi_{number}" for number in range(1, 11)
    ]
