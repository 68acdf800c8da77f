"""What is left out of the judging is told by the definitions: what is withheld, and what rests on it."""

from pathlib import Path

import pytest

from tests.schemas.reading.blinded_trial import NOT_JUDGED, blinded_trial
from trialkit.evidence.people.telling_arms import telling_arms
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.forms.forms import Schemas
from trialkit.schemas.forms.not_done import NOT_DONE
from trialkit.schemas.reading.judged_part import (
    NOTHING,
    WHOLE,
    NotJudged,
    Unjudged,
    Withheld,
    judged_part,
)


@pytest.fixture
def schemas(tmp_path: Path) -> Schemas:
    return blinded_trial().schemas(tmp_path)


def names(schemas: Schemas, withheld: dict[str, set[str]]) -> list[str]:
    return [each.name for each in judged_part(schemas, withheld).left_out.each]


def test_nothing_is_left_out_where_nothing_is_withheld(schemas: Schemas) -> None:
    part = judged_part(schemas, {})

    assert part.schemas is schemas
    assert part.left_out is NOTHING


def test_what_tells_an_arm_goes_with_all_that_rests_on_it(schemas: Schemas) -> None:
    part = judged_part(schemas, telling_arms(schemas))

    assert sorted(each.name for each in part.left_out.each) == sorted(NOT_JUDGED)
    left = {form.id: [item.id for item in form.items] for form in part.schemas.forms}
    assert left["randomisation"] == ["randomisation_date"]
    assert left["pain"] == ["visit_date", "vas_mm", "side", "drug", "drug_name", "taste"]
    assert left["end_of_study"] == ["end_date", "completed"]
    assert "diary" not in left
    assert part.schemas.form("pain").item("taste").required_when == ""
    assert [rule.id for rule in part.schemas.form("pain").rules] == ["PAIN01", "PAIN02"]
    assert part.whole is schemas


def test_who_it_is_withheld_from_is_told_why(schemas: Schemas) -> None:
    told = {each.name: each for each in judged_part(schemas, telling_arms(schemas)).left_out.each}

    assert told["randomisation.arm"].why is Withheld.ITSELF
    assert told["randomisation.block_half"].why is Withheld.RESTS_ON_IT
    assert told["diary"].told == "This form was not judged: withheld from your role."
    assert told["pain: PAIN03"].told == (
        "The rule PAIN03 was not judged: rests on what is withheld from your role."
    )


def test_form_that_says_who_is_there_takes_what_is_due_with_it(schemas: Schemas) -> None:
    left_out = names(schemas, {"end_of_study": {WHOLE}})

    assert "pain: missing_form" in left_out
    assert "screening: all_forms_there" in left_out
    assert "pain: missing_form" not in names(schemas, {"diary": {WHOLE}})


def test_marks_that_are_not_seen_leave_every_blank_open(schemas: Schemas) -> None:
    left_out = names(schemas, {NOT_DONE: {WHOLE}})

    assert {"pain: required", "pain: missing_form", "screening: unanswered"} <= {*left_out}
    assert "pain: not_randomised" not in left_out


def test_finding_is_among_it_by_form_item_and_rule() -> None:
    about = {"title": "Pain", "label": ""}
    some = Unjudged(
        each=(
            NotJudged(form="diary", **about),
            NotJudged(form="pain", item="dose", **about),
            NotJudged(form="pain", rule="PAIN03", **about),
            NotJudged(form="pain", item="taste", rule="required_when", **about),
        )
    )

    assert some.has(form="diary", item="note", rule="unreadable")
    assert some.has(form="pain", item="dose", rule="out_of_range")
    assert some.has(form="pain", item="vas_mm", rule="PAIN03")
    assert some.has(form="pain", item="taste", rule=BuiltIn.REQUIRED_WHEN)
    assert not some.has(form="pain", item="taste", rule=BuiltIn.UNREADABLE)
    assert not some.has(form="pain", item="", rule=BuiltIn.MISSING_FORM)
    assert not some.has(form="screening", item="dose", rule="out_of_range")
