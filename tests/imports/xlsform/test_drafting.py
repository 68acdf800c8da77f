"""A survey, row by row, as forms: items, conditions, limits, repeats, and the list of the rest."""

from datetime import date

import pytest

from trialkit.errors import DataFileError
from trialkit.imports.xlsform.drafting import DraftedForms, draft_forms
from trialkit.imports.xlsform.logic import Carried
from trialkit.imports.xlsform.survey import Survey, SurveyRow
from trialkit.protocol.trial.data_format import DataFormat, MissingCode
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Rule, Severity
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType

LISTS = {
    "yn": ("yes", "no"),
    "sex": ("f", "m"),
    "size": ("1", "2", "10"),
    "odd": ("a b", "c"),
    "missing": ("ND", "x"),
    "twice": ("a", "b", "a"),
}


def survey(*rows: dict[str, str], **more: object) -> Survey:
    choices = {
        name: tuple(
            SurveyRow(number=2, cells={"name": code, "label": f"<b>{code.upper()}</b>"})
            for code in codes
        )
        for name, codes in LISTS.items()
    }
    parts = {
        "choices": {**choices, "bare": (SurveyRow(number=2, cells={"name": "q"}),)},
        "settings": SurveyRow(number=2, cells={}),
        "languages": (),
        **more,
    }
    numbered = tuple(SurveyRow(number=number, cells=row) for number, row in enumerate(rows, 2))
    return Survey(file="a.xlsx", rows=numbered, **parts)


def drafted(*rows: dict[str, str], subject: str = "", **more: object) -> DraftedForms:
    data = DataFormat(missing_codes=(MissingCode(code="SC", label="site closed"),))
    return draft_forms(survey(*rows, **more), stem="diary", subject=subject, data=data)


def ask(kind: str, name: str, **cells: str) -> dict[str, str]:
    return {"type": kind, "name": name, **cells}


def form(*rows: dict[str, str]) -> Form:
    (only,) = drafted(*rows).forms
    return only


def item(*rows: dict[str, str]) -> Item:
    """The item of the last question."""
    return form(*rows).items[-1]


def left(found: DraftedForms) -> list[str]:
    return [str(each).removeprefix("a.xlsx, ") for each in found.left_out]


AGE = ask("integer", "age")


def test_a_form_has_the_name_and_the_title_that_the_survey_states() -> None:
    named = {"form_id": "Visit-Diary 2", "form_title": "A <i>diary</i>"}
    (found,) = drafted(AGE, settings=SurveyRow(number=2, cells=named)).forms
    assert found == Form(
        id="visit_diary_2", title="A diary", kind=FormKind.OTHER, expected=Expected.AS_NEEDED,
        visits=(), repeating=False, rules=(), file="forms/visit_diary_2.toml", sha256="",
        items=(Item(id="age", label="age", type=ItemType.INTEGER),),
    )  # fmt: skip
    assert (form(AGE).id, form(AGE).title) == ("diary", "diary")
    digits = SurveyRow(number=2, cells={"form_id": "2"})
    assert drafted(AGE, settings=digits).forms[0].id == "form_2"
    signs = SurveyRow(number=2, cells={"form_id": "--"})
    assert drafted(AGE, settings=signs).forms[0].id == "form"
    long = SurveyRow(number=2, cells={"form_id": "x" * 60})
    assert drafted(AGE, settings=long).forms[0].id == "x" * 50


TYPES = {
    "text": ItemType.TEXT, "barcode": ItemType.TEXT, "hidden": ItemType.TEXT,
    "geopoint": ItemType.TEXT, "geotrace": ItemType.TEXT, "geoshape": ItemType.TEXT,
    "integer": ItemType.INTEGER, "decimal": ItemType.DECIMAL, "range": ItemType.DECIMAL,
    "date": ItemType.DATE, "today": ItemType.DATE, "time": ItemType.TIME,
    "datetime": ItemType.DATE_TIME, "start": ItemType.DATE_TIME, "end": ItemType.DATE_TIME,
    "file": ItemType.FILE, "acknowledge": ItemType.YES_NO,
    "select_one sex": ItemType.CHOICE, "select_multiple sex": ItemType.MULTI_CHOICE,
    "rank sex": ItemType.MULTI_CHOICE,
}  # fmt: skip


@pytest.mark.parametrize(("kind", "expected"), TYPES.items())
def test_a_question_has_the_type_of_its_answers(kind: str, expected: ItemType) -> None:
    found = item(ask(kind, "x", label="What <b>is</b> x", hint="in&nbsp;mm"))
    choices = (
        (ItemChoice(code="f", label="F"), ItemChoice(code="m", label="M"))
        if kind.endswith(" sex")
        else ()
    )
    assert found == Item(id="x", label="What is x", note="in mm", type=expected, choices=choices)


def test_a_choice_between_yes_and_no_is_a_yes_no_item() -> None:
    assert item(ask("select_one yn", "x")) == Item(id="x", label="x", type=ItemType.YES_NO)
    several = item(ask("select_multiple yn", "x"))
    assert (several.type, several.codes) == (ItemType.MULTI_CHOICE, ("yes", "no"))
    assert item(ask("select_one bare", "x")).choices == (ItemChoice(code="q", label="q"),)


def test_a_type_that_xlsform_does_not_have_takes_any_text_and_is_listed() -> None:
    found = drafted(ask("tel", "phone", label="Telephone"), AGE)
    assert found.forms[0].item("phone").type is ItemType.TEXT
    assert left(found) == [
        "survey, row 2: tel phone: it is no type of XLSForm; the question takes any text"
    ]


def test_questions_of_one_name_in_two_groups_are_two_items() -> None:
    found = drafted(
        ask("begin group", "a"), ask("text", "name"), {"type": "end group"},
        ask("begin group", "b"), ask("text", "name"), ask("text", "x", relevant="${name} = 'q'"),
        {"type": "end group"}, ask("text", "y", relevant="/data/a/name = 'q'"),
    )  # fmt: skip
    assert [each.id for each in found.forms[0].items] == ["name", "name_2", "x", "y"]
    assert [each.shown_when for each in found.forms[0].items[2:]] == [
        "COALESCE(name_2 = 'q', FALSE)", "COALESCE(name = 'q', FALSE)",
    ]  # fmt: skip
    assert found.comments["diary"]["name_2"] == ("XLSForm, name: name",)


def test_labels_that_look_alike_have_their_codes_behind_them_and_are_listed() -> None:
    cells = [{"name": "a", "label": "Left"}, {"name": "b", "label": "left "}, {"name": "c"}]
    lists = {"side": tuple(SurveyRow(number=2, cells=each) for each in cells)}
    found = drafted(ask("select_one side", "x"), choices=lists)
    labels = [(each.code, each.label) for each in found.forms[0].items[0].choices]
    assert labels == [("a", "Left (a)"), ("b", "left (b)"), ("c", "c")]
    assert left(found) == [
        "survey, row 2: the label 'Left' of 'a': other choices of 'x' have it, too; it is 'Left (a)'",
        "survey, row 2: the label 'left' of 'b': other choices of 'x' have it, too; it is 'left (b)'",
    ]


def test_a_repeat_of_the_title_of_another_form_has_its_name_behind_it() -> None:
    found = drafted(
        AGE, ask("begin repeat", "day", label="Diary"), ask("integer", "n"), ask("end repeat", "")
    )
    assert [each.title for each in found.forms] == ["diary", "Diary (day)"]
    assert left(found) == [
        "survey, row 3: the title 'Diary': another form has it, too; it is 'Diary (day)'"
    ]


BAD_LISTS = {
    "nowhere": "its list is not in the sheet choices",
    "odd": "the code 'a b' ('A B') has other signs than letters, digits and _ . + -",
}


@pytest.mark.parametrize(("name", "why"), BAD_LISTS.items())
def test_a_list_that_cannot_be_used_leaves_a_question_of_any_text(name: str, why: str) -> None:
    found = drafted(AGE, ask(f"select_one {name}", "x"))
    assert [each.type for each in found.forms[0].items] == [ItemType.INTEGER, ItemType.TEXT]
    assert left(found) == [
        f"survey, row 3: question 'x' with the list {name!r}: {why}; the question takes any text"
    ]


def test_a_choice_stays_one_where_a_missing_code_of_the_trial_is_spelled_so() -> None:
    found = drafted(ask("select_one missing", "x"))
    assert (found.forms[0].items[0].codes, found.left_out) == (("ND", "x"), ())


def test_a_choice_that_is_there_twice_with_one_label_is_taken_once() -> None:
    found = drafted(ask("select_one twice", "x"))
    assert found.forms[0].items[0].codes == ("a", "b")
    assert left(found) == [
        "survey, row 2: a second choice 'a' (A): it has the same label and is taken once"
    ]


def test_what_holds_no_answer_is_listed() -> None:
    found = drafted(
        ask("device (imei)", "begun"), ask("note", "hello"), ask("integer", ""), {"name": "q"}, AGE
    )
    assert left(found) == [
        "survey, row 2: device (imei) begun: it tells of the device, and is not kept",
        "survey, row 3: note hello: it shows a text and holds no answer",
        "survey, row 4: integer: it holds no answer that is kept here",
    ]
    assert [each.id for each in found.forms[0].items] == ["age"]


@pytest.mark.parametrize("name", ["subject_id", "participant_id"])
def test_the_question_that_names_the_participant_is_the_key(name: str) -> None:
    found = drafted(ask("text", name), ask("text", "code"), AGE)
    assert left(found) == [f"survey, row 2: question {name!r}: it is the key subject_id"]
    assert [each.id for each in found.forms[0].items] == ["code", "age"]
    said = drafted(ask("text", name), ask("text", "code"), AGE, subject="code")
    assert left(said) == ["survey, row 3: question 'code': it is the key subject_id"]
    (lost,) = left(drafted(ask("text", name, constraint="regex(., '[0-9]{3}')"), AGE))
    assert "its constraint regex(., '[0-9]{3}') is not checked" in lost


def test_names_that_rules_cannot_have_are_changed_and_the_old_ones_said() -> None:
    found = drafted(ask("text", "Big-Name"), ask("text", "big_name"), ask("text", "visit"))
    assert [each.id for each in found.forms[0].items] == ["big_name", "big_name_2", "visit_item"]
    assert found.comments["diary"] == {
        "big_name": ("XLSForm, name: Big-Name",),
        "big_name_2": ("XLSForm, name: big_name",),
        "visit_item": ("XLSForm, name: visit",),
    }


def test_what_the_xlsform_said_stays_as_a_comment() -> None:
    found = drafted(
        AGE,
        ask("begin group", "g", relevant="${age} > 1"),
        ask("decimal", "w", relevant="${age} > 2", constraint=". < 9"),
        ask("calculate", "c", calculation="${age} * 2"),
        {"type": "end group"},
    )
    assert found.comments["diary"] == {
        "age": (),
        "w": (
            "XLSForm, relevant: ${age} > 1",
            "XLSForm, relevant: ${age} > 2",
            "XLSForm, constraint: . < 9",
        ),
        "c": ("XLSForm, relevant: ${age} > 1", "XLSForm, calculation: ${age} * 2"),
    }


SHOWN = "COALESCE(age > 18, FALSE)"
REQUIRED = {
    # required, relevant: required, required_when, shown_when
    ("yes", ""): (True, "", ""),
    ("TRUE", ""): (True, "", ""),
    ("true()", ""): (True, "", ""),
    ("1", ""): (True, "", ""),
    ("no", ""): (False, "", ""),
    ("false()", ""): (False, "", ""),
    ("0", ""): (False, "", ""),
    ("False", ""): (False, "", ""),
    ("", "${age} > 18"): (False, "", SHOWN),
    ("yes", "${age} > 18"): (False, SHOWN, SHOWN),
    ("no", "${age} > 18"): (False, "", SHOWN),
    ("${age} > 18", ""): (False, SHOWN, ""),
    ("${age} > 18", "${age} != 5"): (False, SHOWN, "COALESCE(age <> 5, TRUE)"),
}


@pytest.mark.parametrize(("said", "expected"), REQUIRED.items())
def test_when_a_question_is_shown_and_must_be_answered(
    said: tuple[str, str], expected: tuple[bool, str, str]
) -> None:
    found = item(AGE, ask("text", "x", required=said[0], relevant=said[1]))
    assert (found.required, found.required_when, found.shown_when) == expected


def test_a_condition_that_cannot_be_said_takes_required_with_it() -> None:
    found = drafted(AGE, ask("text", "x", required="yes", relevant="${x} = 'a'"))
    (_, asked) = found.forms[0].items
    assert (asked.required, asked.required_when, asked.shown_when) == (False, "", "")
    assert left(found) == [
        (
            "survey, row 3: relevant of x: ${x} = 'a': it asks for the answer that it governs; "
            "the question is asked whatever was answered"
        )
    ]
    unclear = drafted(AGE, ask("text", "x", required="${zzz} = 1", relevant="${age} > 18"))
    (_, asked) = unclear.forms[0].items
    assert (asked.required_when, asked.shown_when) == ("", SHOWN)
    assert left(unclear) == [
        (
            "survey, row 3: required of x: ${zzz} = 1: ${zzz}, which the form does not have; "
            "it may stay blank"
        )
    ]


def test_a_condition_that_rules_cannot_run_is_listed_with_their_reason() -> None:
    found = drafted(ask("date", "t"), AGE, ask("text", "x", relevant="${t} > ${age}"))
    (said,) = left(found)
    assert said.startswith(
        "survey, row 4: relevant of x: ${t} > ${age}: t is a date and age a number"
    )


def test_a_text_is_a_number_where_it_is_compared_with_one() -> None:
    found = form(ask("text", "t", constraint=". > 0"), ask("text", "x", relevant="${t} > 18"))
    assert found.items[1].shown_when == "COALESCE(TO_NUMBER(t) > 18, FALSE)"
    assert [rule.expression for rule in found.rules] == [
        "IF(t IS NULL, NULL, COALESCE(TO_NUMBER(t) > 0, FALSE))"
    ]


def test_groups_hand_their_label_and_their_condition_to_their_questions() -> None:
    found = form(
        AGE,
        ask("begin group", "g", label="Outer", relevant="${age} > 18"),
        ask("begin group", "h", label="Inner <b>one</b>"),
        ask("text", "deep", relevant="${age} > 60"),
        {"type": "end group"},
        ask("text", "middle"),
        {"type": "end group"},
        ask("text", "last"),
    )
    assert [(each.id, each.section) for each in found.items] == [
        ("age", ""), ("deep", "Inner one"), ("middle", "Outer"), ("last", ""),
    ]  # fmt: skip
    assert [each.shown_when for each in found.items] == [
        "", f"({SHOWN}) AND (COALESCE(age > 60, FALSE))", SHOWN, "",
    ]  # fmt: skip


def test_what_is_never_closed_or_closes_nothing_is_listed() -> None:
    found = drafted(
        ask("begin group", "g"), ask("end repeat", "r"), ask("begin loop", "l"), AGE,
        ask("begin group", "h"),
    )  # fmt: skip
    nothing = "it closes nothing that is open, or is no group"
    assert left(found) == [
        f"survey, row 3: end repeat: {nothing}",
        f"survey, row 4: begin loop: {nothing}",
        "survey, row 2: begin group: it is never closed",
        "survey, row 6: begin group: it is never closed",
    ]


def test_a_repeat_is_a_form_of_its_own() -> None:
    found = drafted(
        AGE,
        ask("begin repeat", "Falls", label="Each <b>fall</b>", repeat_count="3"),
        ask("integer", "height", relevant="${age} > 60"),
        ask("text", "where", relevant="${height} > 2"),
        {"type": "end repeat"},
        ask("begin repeat", "falls"),
        ask("text", "how"),
        {"type": "end repeat"},
        ask("begin repeat", "empty"),
        {"type": "end repeat"},
        ask("begin repeat", ""),
        ask("text", "what"),
        {"type": "end repeat"},
        ask("text", "after", relevant="${height} > 2"),
    )
    assert [(each.id, each.title, each.repeating, each.file) for each in found.forms] == [
        ("diary", "diary", False, "forms/diary.toml"),
        ("falls", "Each fall", True, "forms/falls.toml"),
        ("falls_2", "falls_2", True, "forms/falls_2.toml"),
        ("repeat", "repeat", True, "forms/repeat.toml"),
    ]
    diary, falls, *_ = found.forms
    assert [each.id for each in diary.items] == ["age", "after"]
    assert [each.shown_when for each in falls.items] == [
        "COALESCE(diary.age > 60, FALSE)", "COALESCE(height > 2, FALSE)",
    ]  # fmt: skip
    # outside, nobody knows which of its rows is meant
    assert left(found) == [
        "survey, row 3: repeat_count of Falls: 3: as many rows may be entered as there are",
        (
            "survey, row 15: relevant of after: ${height} > 2: ${height} is no question that holds "
            "one value here; the question is asked whatever was answered"
        ),
    ]


def test_what_is_not_carried_over_is_listed_with_what_happens_instead() -> None:
    found = drafted(ask("integer", "x", default="5", trigger="${y}", repeat_count="2"))
    assert left(found) == [
        "survey, row 2: default of x: 5: nothing is filled in beforehand",
        "survey, row 2: trigger of x: ${y}: it is worked out whenever an answer changes",
        "survey, row 2: repeat_count of x: 2: as many rows may be entered as there are",
    ]


def test_of_several_languages_the_first_is_taken() -> None:
    found = drafted(AGE, languages=("english", "deutsch"))
    assert left(found) == ["survey: the languages deutsch: english is taken"]
    assert left(drafted(AGE, languages=("english",))) == []


BOUNDS = {
    ("integer", ". >= 18 and . <= 99"): Range(low=18, high=99),
    ("integer", ".<=99"): Range(high=99),
    ("decimal", ". >= -1.5"): Range(low=-1.5),
    ("date", ". >= date('2025-01-31')"): Range(low=date(2025, 1, 31)),
    ("date", ". <= date('2025-01-31') and . >= date('2024-12-31')"): Range(
        low=date(2024, 12, 31), high=date(2025, 1, 31)
    ),
}


@pytest.mark.parametrize(("said", "expected"), BOUNDS.items())
def test_a_constraint_of_ends_is_a_range(said: tuple[str, str], expected: Range) -> None:
    found = form(ask(said[0], "x", constraint=said[1]))
    assert found.items[0].range == expected
    assert found.rules == ()


RULES = {
    # the ends themselves are not inside, or are not two ends
    ("integer", ". > 18"): "x > 18",
    ("integer", ". >= 18 or . <= 5"): "x >= 18 OR x <= 5",
    ("integer", ". >= 18 and . >= 20"): "x >= 18 AND x >= 20",
    ("integer", ". >= 18 and . != 20"): "x >= 18 AND x <> 20",
}


@pytest.mark.parametrize(("said", "expected"), RULES.items())
def test_any_other_constraint_is_a_rule(said: tuple[str, str], expected: str) -> None:
    found = form(AGE, ask(said[0], "x", label="Size", constraint=said[1]))
    assert found.items[1].range == Range()
    assert found.rules == (
        Rule(
            id="XLS003", expression=expected, severity=Severity.HARD,
            message="Size: the answer is not one that this form takes.", items=("x",),
        ),
    )  # fmt: skip


def test_a_rule_has_the_message_of_the_survey_without_its_braces() -> None:
    (rule,) = form(
        AGE, ask("integer", "x", constraint=". < ${age}", constraint_message="At most {age}")
    ).rules
    assert (rule.expression, rule.message) == ("x < age", "At most (age)")


def test_a_constraint_that_cannot_be_said_is_listed_and_one_that_says_nothing_is_not() -> None:
    found = drafted(
        ask("integer", "x", constraint=". < random()"), ask("text", "y", constraint="true()")
    )
    assert found.forms[0].rules == ()
    assert left(found) == [
        (
            "survey, row 2: constraint of x: . < random(): random() is chance, drawn on the device; "
            "it is not checked"
        )
    ]


def test_a_slider_runs_between_its_ends() -> None:
    def ends(kind: str, **cells: str) -> Range:
        return item(ask(kind, "x", **cells)).range

    assert ends("range", parameters="start=0 end=10 step=2") == Range(low=0, high=10)
    assert ends("range", parameters="end = -1.5 start = 2") == Range(low=-1.5, high=2)
    assert ends("range", parameters="start=1") == Range()
    assert ends("decimal", parameters="start=0 end=10") == Range()
    both = form(ask("range", "x", parameters="start=0 end=10", constraint=". >= 2"))
    assert both.items[0].range == Range(low=0, high=10)
    assert [rule.expression for rule in both.rules] == ["x >= 2"]


def test_what_is_worked_out_keeps_its_calculation_and_is_never_required() -> None:
    found = item(AGE, ask("calculate", "x", calculation="${age} * 2", required="yes"))
    assert found == Item(id="x", label="x", type=ItemType.CALCULATED, calculation="age * 2")


def worked_out(*calculations: str) -> DraftedForms:
    asked = [ask("calculate", f"c{n}", calculation=each) for n, each in enumerate(calculations)]
    return drafted(AGE, ask("date", "day"), ask("select_one sex", "sex"), *asked)


GIVES = {
    # the type of the item, and the rule that it follows from the answers, where it is none here
    "${age} * 2": (ItemType.CALCULATED, ""),
    "if(${sex} = 'f', 'F', 'M')": (ItemType.TEXT, "c0 = IF(COALESCE(sex = 'f', FALSE), 'F', 'M')"),
    "${age} > 17": (ItemType.YES_NO, "c0 = COALESCE(age > 17, FALSE)"),
    "${day} + 7": (ItemType.DATE, "c0 = day + 7"),
    "concat(${sex}, '-1')": (ItemType.TEXT, "c0 = CONCAT(sex, '-1')"),
    "jr:choice-name(${sex}, '${sex}')": (
        ItemType.TEXT, "c0 = COALESCE(IF(sex = 'f', 'F', NULL), IF(sex = 'm', 'M', NULL))",
    ),
    ".": (ItemType.TEXT, ""),
    "''": (ItemType.TEXT, ""),
}  # fmt: skip


@pytest.mark.parametrize("said", GIVES)
def test_what_is_worked_out_is_a_number_here_or_kept_with_a_rule(said: str) -> None:
    found = worked_out(said)
    expected, rule = GIVES[said]
    assert found.forms[0].items[-1].type is expected
    assert [each.expression for each in found.forms[0].rules] == ([rule] if rule else [])
    assert all(each.severity is Severity.SOFT for each in found.forms[0].rules)
    assert left(found) == []


def test_what_cannot_be_worked_out_is_kept_and_what_follows_from_it_still_follows() -> None:
    found = worked_out("${c1} + 1", "${c2} * 2", "random()", "uuid()")
    calculated, also, number, text = found.forms[0].items[3:]
    assert (calculated.calculation, also.calculation) == ("c1 + 1", "c2 * 2")
    assert (number.type, text.type) == (ItemType.DECIMAL, ItemType.TEXT)
    assert number.note == "Worked out by the form that the answers were collected with."
    kept = "it is kept as it was worked out, and not checked"
    assert left(found) == [
        f"survey, row 7: calculation of c2: random(): random() is chance, drawn on the device; {kept}",
        f"survey, row 8: calculation of c3: uuid(): uuid() is chance, drawn on the device; {kept}",
    ]


def test_calculations_in_a_circle_are_kept() -> None:
    found = worked_out("${c1} + 1", "${c0} + 1")
    assert [each.type for each in found.forms[0].items[3:]] == [ItemType.DECIMAL] * 2


def test_a_number_that_follows_from_what_cannot_be_asked_is_kept_as_a_number() -> None:
    found = drafted(
        ask("begin repeat", "r"), ask("integer", "n"), {"type": "end repeat"},
        ask("calculate", "all", calculation="sum(${n} + 1)"),
        ask("text", "x", relevant="${all} > 3"),
    )  # fmt: skip
    kept, asked = found.forms[0].items
    assert (kept.type, asked.shown_when) == (ItemType.DECIMAL, "COALESCE(all > 3, FALSE)")


REPEAT = (
    ask("begin repeat", "r"), ask("integer", "n"), ask("date", "on"), ask("text", "t"),
    ask("calculate", "at", calculation="position(..)"),
    ask("calculate", "next", calculation="../n + position(..)"), {"type": "end repeat"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("sum(${n})", "IF(ANY(r.n IS NULL), NULL, COALESCE(SUM(r.n), 0))"),
        ("max(${n})", "IF(ANY(r.n IS NULL), NULL, MAX(r.n))"),
        ("min(../r/n) + 1", "IF(ANY(r.n IS NULL), NULL, MIN(r.n)) + 1"),
        ("count(${r}) + count(${n})", "COUNT(r) + COUNT(r)"),
        ("count-non-empty(${t})", "COUNT(r.t IS NOT NULL)"),
        ("indexed-repeat(${n}, ${r}, 2)", "MAX(IF(r.repeat = 2, r.n, NULL))"),
        ("indexed-repeat(${n}, ${r}, ${age})", "MAX(IF(r.repeat = age, r.n, NULL))"),
        (
            "sum(${next})",
            "IF(ANY(r.next IS NULL), NULL, COALESCE(SUM(r.next), 0))",
        ),
    ],
)
def test_what_is_asked_of_all_rows_of_a_repeat(theirs: str, ours: str) -> None:
    found = drafted(AGE, *REPEAT, ask("calculate", "all", calculation=theirs))
    assert left(found) == []
    assert found.forms[0].item("all").calculation == ours
    assert [found.forms[1].item(each).calculation for each in ("at", "next")] == [
        "repeat", "n + repeat",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("theirs", "why"),
    [
        ("join(', ', ${t})", "the texts of several rows"),
        ("indexed-repeat(${t}, ${r}, 1)", "a text or a choice of one certain row"),
        ("indexed-repeat(${n}, ${r}, ${age} + 1)", "the row whose number is worked out"),
        ("position(..)", "position() of something other"),
        ("count(${age})", "is no repeat"),
    ],
)
def test_what_else_is_asked_of_them_says_why_not(theirs: str, why: str) -> None:
    found = drafted(AGE, *REPEAT, ask("calculate", "all", calculation=theirs))
    (said,) = left(found)
    assert why in said


def test_a_relevance_that_rests_on_a_sum_with_blanks_is_not_decided() -> None:
    found = drafted(AGE, *REPEAT, ask("text", "x", relevant="sum(${n}) > 3"))
    assert found.forms[0].item("x").shown_when == (
        "IF(ANY(r.n IS NULL), NULL, COALESCE(SUM(r.n), 0)) > 3"
    )


def test_several_choices_are_copied_as_several_choices() -> None:
    found = form(
        ask("select_multiple size", "s"), ask("calculate", "copy", calculation="../s"),
        ask("text", "x", relevant="selected(${copy}, '2')"),
    )  # fmt: skip
    copy, asked = found.items[1:]
    assert (copy.type, copy.codes) == (ItemType.MULTI_CHOICE, ("1", "2", "10"))
    assert asked.shown_when == "COALESCE(copy__2, FALSE)"
    (rule,) = found.rules
    assert rule.expression == "copy__1 = s__1 AND copy__2 = s__2 AND copy__10 = s__10"


def test_who_the_participant_is_may_be_asked() -> None:
    found = drafted(
        ask("text", "who"), ask("calculate", "label", calculation="concat('P', ${who})"),
        subject="who",
    )  # fmt: skip
    (rule,) = found.forms[0].rules
    assert rule.expression == "label = CONCAT('P', subject_id)"


def test_a_question_that_takes_another_value_than_it_offers_is_told_from_a_lack_of_ours() -> None:
    found = drafted(ask("select_one yn", "a"), ask("select_one sex", "x", calculation="'z'"))
    assert found.tally["calculation", 3] is Carried.BEYOND
    assert left(found)[-1].endswith(
        "'z' is no choice of x; it is kept as it was worked out, and not checked"
    )


def test_a_filter_is_a_rule_of_which_choice_goes_with_which_answers() -> None:
    towns = {"a1": "a", "a2": "a", "b1": "b", "any": ""}
    lists = {
        "region": tuple(SurveyRow(number=2, cells={"name": each}) for each in "ab"),
        "town": tuple(
            SurveyRow(number=2, cells={"name": code, "region": region})
            for code, region in towns.items()
        ),
    }
    found = drafted(
        ask("select_one region", "region"),
        ask("select_one town", "town", choice_filter="region = ${region} or region = ''"),
        choices=lists,
    )
    (rule,) = found.forms[0].rules
    assert (rule.id, rule.severity) == ("XLF003", Severity.HARD)
    assert rule.expression == (
        "(NOT town IN ('a1', 'a2') OR 'a' = region) AND (NOT town IN ('b1') OR 'b' = region)"
    )


def test_groups_within_each_other_and_choices_of_all_questions_are_bounded() -> None:
    groups = [{"type": "begin group", "name": f"g{each}"} for each in range(21)]
    with pytest.raises(DataFileError, match="row 22: more than 20 groups within each other"):
        drafted(*groups)

    many = tuple(
        SurveyRow(number=each, cells={"name": f"c{each}", "label": f"C {each}"})
        for each in range(25_000)
    )
    asked = [{"type": "select_one l", "name": f"q{each}"} for each in range(3)]
    assert len(drafted(*asked[:2], choices={"l": many}).forms[0].items) == 2
    with pytest.raises(DataFileError, match="row 4: more than 50,000 choices"):
        drafted(*asked, choices={"l": many})
