"""Rows of a survey stand in the groups and repeats that are open, and each names its place."""

from trialkit.imports.xlsform.survey import Survey, SurveyRow
from trialkit.imports.xlsform.survey_reading import SurveyReading


def read(*rows: tuple[str, str], subject: str = "") -> SurveyReading:
    numbered = tuple(
        SurveyRow(number=number, cells={"type": kind, "name": name, "label": name.title()})
        for number, (kind, name) in enumerate(rows, 2)
    )
    survey = Survey(
        file="a.xlsx", rows=numbered, choices={}, settings=SurveyRow(number=0, cells={}),
        languages=(), lost=(("survey, row 9", "a list", "it is lost"),),
    )  # fmt: skip
    reading = SurveyReading(survey, stem="diary", subject=subject)
    reading.read()
    return reading


def test_a_question_knows_its_place_and_what_is_around_it() -> None:
    reading = read(
        ("begin group", "g"), ("text", "a"), ("begin repeat", "r"), ("text", "b"),
        ("end repeat", ""), ("end group", ""), ("text", "c"),
    )  # fmt: skip
    diary, repeat = reading.drafts
    assert [each.place for each in diary.drafted] == [("g", "a"), ("c",)]
    assert (repeat.place, repeat.drafted[0].place) == (("g", "r"), ("g", "r", "b"))
    assert [row["name"] for row in repeat.drafted[0].around] == ["g", "r"]
    assert [each.item.section for each in diary.drafted] == ["G", ""]


def test_the_participant_is_named_once() -> None:
    reading = read(("begin group", "g"), ("text", "participant_id"), ("end group", ""))
    assert (reading.subject_at, reading.drafts[0].drafted) == (("g", "participant_id"), [])
    twice = read(("text", "code"), ("begin group", "g"), ("text", "code"), subject="code")
    assert twice.subject_at == ("code",)
    assert [each.item.id for each in twice.drafts[0].drafted] == ["code_2"]


def test_what_was_lost_before_is_listed_first() -> None:
    assert str(read().left_out[0]) == "a.xlsx, survey, row 9: a list: it is lost"
