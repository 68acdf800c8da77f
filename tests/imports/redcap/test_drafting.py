"""A dictionary as forms: titles, visits, conditions, what is required, and the list of the rest."""

from dataclasses import replace

import pytest

from tests.imports.redcap.fields import dictionary, field
from trialkit.errors import DataFileError
from trialkit.imports.redcap.decisions import (
    FieldPurpose,
    FormDecision,
    ImportDecisions,
    MissingDecision,
    NewCode,
)
from trialkit.imports.redcap.dictionary import Field
from trialkit.imports.redcap.drafting import Project, draft_project
from trialkit.imports.redcap.layout import Designated, lay_out
from trialkit.imports.redcap.system_fields import Extras
from trialkit.protocol.trial.data_format import DataFormat, MissingCode
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Purpose
from trialkit.schemas.items.item_types import ItemType


def draft(
    *fields: Field,
    decisions: ImportDecisions | None = None,
    designated: tuple[Designated, ...] = (),
    extras: Extras | None = None,
) -> Project:
    known = dictionary(*fields)
    decided = decisions or ImportDecisions()
    return draft_project(
        known,
        lay_out(known.forms, designated=designated, found=(), decisions=decided),
        decided,
        data=DataFormat(missing_codes=(MissingCode(code="SC", label="site closed"),)),
        extras=extras or Extras(),
    )


def form(project: Project, name: str = "base") -> Form:
    return next(each.form for each in project.forms if each.name == name)


def left(project: Project) -> list[str]:
    return [str(each) for each in project.left_out]


def test_a_form_has_a_title_and_its_status() -> None:
    project = draft(field("x", "first_visit", validation="integer"))
    found = form(project, "first_visit")
    assert replace(found, items=()) == Form(
        id="first_visit", title="First visit", kind=FormKind.OTHER, expected=Expected.AS_NEEDED,
        visits=(), repeating=False, items=(), rules=(), file="forms/first_visit.toml", sha256="",
    )  # fmt: skip
    assert [(each.id, each.type) for each in found.items] == [
        ("x", ItemType.INTEGER), ("first_visit_complete", ItemType.CHOICE),
    ]  # fmt: skip
    assert found.item("first_visit_complete").codes == ("0", "1", "2")
    assert project.left_out == ()
    assert project.dictionary.file == "dictionary.csv"
    (drafted,) = project.forms
    assert [each.field.name for each in drafted.items] == ["x", "first_visit_complete"]


def test_decisions_say_what_a_form_is_for_and_where_it_stands() -> None:
    decisions = ImportDecisions(
        forms=(
            FormDecision(
                form="base", title="Start", kind=FormKind.SCREENING, expected=Expected.EVERYONE,
                visits=True, repeating=True,
            ),
        ),
        purposes=(FieldPurpose(field="x", purpose=Purpose.SCREENING_DATE),),
        codes=(NewCode(field="arm", code="1", becomes="NEW"),),
    )  # fmt: skip
    found = form(
        draft(
            field("x", validation="date_ymd"),
            field("arm", kind="radio", choices="1, A | SC, Closed | 2, B"),
            decisions=decisions,
            designated=(Designated(event="bl_arm_1", form="base"),),
        )
    )
    assert (found.title, found.kind, found.expected) == (
        "Start", FormKind.SCREENING, Expected.EVERYONE,
    )  # fmt: skip
    assert (found.visits, found.repeating) == (("bl",), True)
    assert found.item("x").purpose is Purpose.SCREENING_DATE
    # a choice stays a choice, also where a missing code of the trial is spelled so
    assert found.item("arm").codes == ("NEW", "SC", "2")
    assert found.item("arm").purpose is None


def test_what_is_shown_and_what_is_required_follow_from_the_logic() -> None:
    found = form(
        draft(
            field("a", validation="integer", required=True),
            field("b", branching="[a] > 1", required=True),
            field("c", branching="[a] > 1"),
            field("d"),
        )
    )
    assert [
        (each.id, each.required, each.required_when, each.shown_when) for each in found.items
    ] == [
        ("a", True, "", ""),
        ("b", False, "a > 1", "a > 1"),
        ("c", False, "", "a > 1"),
        ("d", False, "", ""),
        ("base_complete", False, "", ""),
    ]


def test_missing_data_codes_mean_in_logic_what_was_decided() -> None:
    decisions = ImportDecisions(missing_codes=(MissingDecision(code="-99", means="UNK"),))
    found = form(
        draft(field("a", validation="integer"), field("b", branching="[a] = '-99'"), decisions=decisions)
    )  # fmt: skip
    assert found.item("b").shown_when == "COALESCE(a__missing = 'UNK', FALSE)"


def test_logic_that_cannot_be_said_is_listed_and_takes_required_with_it() -> None:
    project = draft(
        field("a", branching="[zzz] = '1'", required=True),
        field("b", branching="[b] = 'x'"),
    )
    assert all(
        (each.required, each.required_when, each.shown_when) == (False, "", "")
        for each in form(project).items
    )
    assert left(project) == [
        (
            "dictionary.csv, row 3, a: the branching logic [zzz] = '1': [zzz], which is no field of "
            "the dictionary; it is left out (and so is that it is required)"
        ),
        (
            "dictionary.csv, row 4, b: the branching logic [b] = 'x': it names the field that it "
            "governs; it is left out"
        ),
    ]


def test_rules_of_all_fields_are_rules_of_the_form_and_rankings_come_last() -> None:
    options = {"kind": "radio", "choices": "1, A | 2, B", "matrix": "m", "ranking": True}
    project = draft(
        field("p", **options),
        field("q", **options),
        field("a", validation="integer"),
        field("c", kind="calc", choices="[a] + 1"),
        field("d", validation="integer", high="[a]"),
    )
    assert [(rule.id, rule.expression) for rule in form(project).rules] == [
        ("calc_c", "c = a + 1"), ("max_d", "d <= a"), ("rank_p", "p <> q"),
    ]  # fmt: skip
    assert project.left_out == ()


def test_a_ranking_that_cannot_be_said_is_listed_at_its_first_field() -> None:
    options = {"choices": "1, A | 2, B", "matrix": "m", "ranking": True}
    project = draft(field("p", kind="radio", **options), field("q", kind="checkbox", **options))
    (said,) = left(project)
    assert said.startswith("dictionary.csv, row 3, p: the ranking m: ")
    assert [each.id for each in form(project).items] == ["p", "q", "base_complete"]


def test_everything_that_is_not_carried_over_is_listed_in_the_order_of_the_dictionary() -> None:
    project = draft(
        field("head", "2nd", "descriptive"),
        field("a__b", "2nd"),
        field("visit", "2nd", "file"),
        field("last", "aux", validation="my_own"),
    )
    assert left(project) == [
        "dictionary.csv, row 3, head: a field of type descriptive: it shows text and holds no data",
        (
            "dictionary.csv, row 4, a__b: the name a__b: is a name that rules cannot have; the item is "
            "called a_b"
        ),
        (
            "dictionary.csv, row 5, visit: the name visit: is a name that rules cannot have; the item "
            "is called visit_item"
        ),
        (
            "dictionary.csv, row 5, visit: a file: an export says only that there is a file; download "
            "the files, and keep them by hand"
        ),
        (
            "dictionary.csv, row 6, last: the validation 'my_own': there is no item type for it; the "
            "answers are kept as text, and not checked"
        ),
        (
            "dictionary.csv, form 2nd: the name 2nd: is a name that no file can have everywhere; the "
            "form is called form_2nd"
        ),
        (
            "dictionary.csv, form aux: the name aux: is a name that no file can have everywhere; the "
            "form is called aux_form"
        ),
    ]
    assert [(each.name, each.form.id, each.form.file) for each in project.forms] == [
        ("2nd", "form_2nd", "forms/form_2nd.toml"), ("aux", "aux_form", "forms/aux_form.toml"),
    ]  # fmt: skip


def test_logic_names_forms_as_the_trial_calls_them() -> None:
    project = draft(
        field("a__b", "2nd", validation="integer"), field("x", "log", branching="[a__b] > 1")
    )
    assert form(project, "log").item("x").shown_when == "form_2nd.a_b > 1"


def test_forms_that_would_be_one_file_are_refused() -> None:
    with pytest.raises(DataFileError) as error:
        draft(field("a", "2nd"), field("b", "form_2nd"))
    assert str(error.value) == (
        "dictionary.csv: the forms '2nd' and 'form_2nd' would both be written to "
        "forms/form_2nd.toml; rename one of them in REDCap"
    )


GROUP = "redcap_data_access_group"


def site(project: Project) -> list[tuple[str, str]]:
    """By form the items that name the site."""
    return [
        (each.name, item.id)
        for each in project.forms
        for item in each.form.items
        if item.purpose is Purpose.SITE
    ]


def test_the_group_names_the_site_on_the_screening_or_the_first_form() -> None:
    fields = field("a"), field("b", "screen"), field("c", "third")
    extras = Extras(groups=True)
    assert site(draft(*fields, extras=extras)) == [("base", GROUP)]
    assert site(draft(*fields)) == []
    screened = ImportDecisions(
        forms=(
            FormDecision(form="third", kind=FormKind.OTHER),
            FormDecision(form="screen", kind=FormKind.SCREENING),
        )
    )
    project = draft(*fields, extras=extras, decisions=screened)
    assert site(project) == [("screen", GROUP)]
    assert [each.id for each in form(project).items] == ["a", "base_complete"]
    # a screening that the dictionary does not have is nobody's
    elsewhere = ImportDecisions(forms=(FormDecision(form="zzz", kind=FormKind.SCREENING),))
    assert site(draft(*fields, extras=extras, decisions=elsewhere)) == [("base", GROUP)]


def test_a_site_that_was_decided_is_the_only_one() -> None:
    decisions = ImportDecisions(purposes=(FieldPurpose(field="b", purpose=Purpose.SITE),))
    project = draft(field("a"), field("b"), extras=Extras(groups=True), decisions=decisions)
    assert site(project) == [("base", "b")]
    assert form(project).item(GROUP) == Item(
        id=GROUP, label="Data access group in REDCap", type=ItemType.TEXT
    )


def test_a_survey_has_the_time_of_its_completion() -> None:
    found = form(draft(field("a"), extras=Extras(timestamps=frozenset({"base"}))))
    assert [(each.id, each.type) for each in found.items] == [
        ("a", ItemType.TEXT), ("base_timestamp", ItemType.DATE_TIME),
        ("base_complete", ItemType.CHOICE),
    ]  # fmt: skip


def test_what_is_hidden_need_not_be_answered() -> None:
    fields = dictionary(
        field("a", kind="yesno"),
        field("never", required=True, annotation="@HIDDEN"),
        field("some", required=True, annotation="@IF([a] = '1', @HIDDEN, '')"),
        field("shown", required=True, branching="[a] = '1'", annotation="@IF([a] = '0', '', @HIDDEN)"),
    )  # fmt: skip
    project = draft_project(
        fields, lay_out(fields.forms, designated=(), found=(), decisions=ImportDecisions()),
        ImportDecisions(), data=DataFormat(), extras=Extras(),
    )  # fmt: skip
    form = project.forms[0].form

    assert (form.item("never").required, form.item("never").required_when) == (False, "")
    assert form.item("some").required_when == "NOT (COALESCE(a = TRUE, FALSE))"
    assert form.item("some").shown_when == ""
    assert form.item("shown").shown_when == "COALESCE(a = TRUE, FALSE)"
    assert form.item("shown").required_when.startswith("COALESCE(a = TRUE, FALSE) AND NOT (")
