import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import EXAMPLE
from tests.imports.books import book, sheet, texts
from trialkit.cli.main import main
from trialkit.errors import DataFileError
from trialkit.imports.xlsform.expressions import Asked, translated
from trialkit.imports.xlsform.form_import import prepare_forms
from trialkit.schemas.expressions.reading import ExpressionError
from trialkit.schemas.forms.forms import Form, Item, Severity
from trialkit.schemas.items.answers import ItemChoice, Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.steps.opening import open_trial

HEAD = ("type", "name", "label::English", "label::Deutsch", "hint", "relevant", "constraint",
        "constraint_message", "required", "calculation", "choice_filter")  # fmt: skip
SURVEY = (
    ("start", "start"),
    ("text", "participant_id", "Participant"),
    ("select_one yn", "agreed", "Agreed", "", "", "${agreed} = 'yes'"),
    ("begin group", "g", "About you", "", "", "${agreed} = 'yes'"),
    ("integer", "age", "Age", "Alter", "in years", "", ". &gt;= 18 and . &lt;= 99", "", "yes"),
    ("select_one sex", "Sex", "Sex", "", "", "", "", "", "true()"),
    ("select_one yn", "pregnant", "Pregnant?", "", "", "${Sex} = 'f'", "", "", "yes"),
    ("end group",),
    ("note", "thanks", "Thank you"),
    ("select_multiple why", "why", "Why", "", "", "${age} != 20"),
    ("decimal", "share", "Share", "", "", "selected(${why}, 'ill')", ". &lt; ${age}", "At most {age}"),
    ("date", "day", "Day", "", "", "", ". &gt;= date('2025-01-01')"),
    ("calculate", "twice", "", "", "", "", "", "", "", "${age} * 2"),
    ("calculate", "clock", "", "", "", "", "", "", "", "now()"),
    ("calculate", "later", "", "", "", "", "", "", "", "${clock} + 1"),
    ("geopoint", "place", "Where"),
    ("text", "odd", "Odd", "", "", "regex(${why}, 'x')", "", "", "yes"),
    ("begin repeat", "falls", "Falls"),
    ("integer", "height", "Height", "", "", "${age} > 60"),
    ("end repeat",),
)  # fmt: skip
CHOICES = (
    ("list_name", "name", "label::English"),
    ("sex", "f", "Female"), ("sex", "m", "Male"), ("yn", "yes", "Yes"), ("yn", "no", "No"),
    ("why", "work", "Work"), ("why", "ill", "Illness"),
)  # fmt: skip


def page(*rows: tuple[str, ...]) -> str:
    return sheet(*(texts(*(cell.replace("> ", "&gt; ") for cell in row)) for row in rows))


@pytest.fixture
def form_file(tmp_path: Path) -> Path:
    settings_ = page(("form_title", "form_id"), ("Visit diary", "Diary-1"))
    sheets = {"survey": page(HEAD, *SURVEY), "choices": page(*CHOICES), "settings": settings_}
    return book(tmp_path / "diary.xlsx", sheets=sheets)


@pytest.fixture
def trial(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE / "forms", tmp_path / "trial" / "forms")
    shutil.copy(EXAMPLE / "protocol.toml", tmp_path / "trial")
    return tmp_path / "trial"


def imported(form_file: Path, trial: Path) -> dict[str, Form]:
    assert main(["import", "xlsform", str(form_file), str(trial)]) == 0
    return {form.id: form for form in open_trial(trial).schemas.forms}


def test_what_an_xlsform_asks_becomes_forms_that_the_trial_accepts(form_file, trial) -> None:
    forms = imported(form_file, trial)
    diary, falls = forms["diary_1"], forms["falls"]
    types = {item.id: item.type.value for item in diary.items}
    assert types == {
        "agreed": "yes_no", "age": "integer", "sex": "choice", "pregnant": "yes_no", "why": "multi_choice",
        "share": "decimal", "day": "date", "twice": "calculated", "odd": "text",
    }  # fmt: skip
    assert (diary.title, falls.repeating) == ("Visit diary", True)
    age = diary.item("age")
    assert (age.range, age.section, age.note) == (Range(low=18, high=99), "About you", "in years")
    assert diary.item("day").range.low.isoformat() == "2025-01-01"
    assert diary.item("twice").calculation == "age * 2"
    assert falls.item("height").shown_when == "COALESCE(diary_1.age > 60, FALSE)"


def test_blanks_mean_in_conditions_what_they_mean_there(form_file, trial) -> None:
    diary = imported(form_file, trial)["diary_1"]
    assert diary.item("why").shown_when == "COALESCE(age <> 20, TRUE)"
    assert diary.item("share").shown_when == "COALESCE(why__ill, FALSE)"
    pregnant = diary.item("pregnant")
    assert pregnant.shown_when == (
        "(COALESCE(agreed = 'yes', FALSE)) AND (COALESCE(sex = 'f', FALSE))"
    )
    assert (pregnant.required, pregnant.required_when) == (False, pregnant.shown_when)


def test_a_constraint_that_is_no_range_is_a_rule(form_file, trial) -> None:
    (rule,) = imported(form_file, trial)["diary_1"].rules
    assert (rule.id, rule.expression, rule.severity) == ("XLS012", "share < age", Severity.HARD)
    assert (rule.message, rule.items) == ("At most (age)", ("share",))


def test_what_has_no_counterpart_is_listed_with_its_row(form_file, trial) -> None:
    listed = {
        each.place.rpartition(" ")[2]: each for each in prepare_forms(form_file, trial).left_out
    }
    assert set(listed) == {"survey", "2", "3", "4", "10", "15", "16", "17", "18"}
    assert "the key subject_id" in listed["3"].why
    assert "the answer that it governs" in listed["4"].why
    assert "now()" in listed["15"].found
    assert "${clock}" in listed["16"].why
    assert "regex()" in listed["18"].why


def test_importing_twice_changes_nothing_and_a_form_that_was_edited_is_kept(
    form_file, trial, capsys
) -> None:
    imported(form_file, trial)
    path = trial / "forms" / "diary_1.toml"
    first = path.read_bytes()
    imported(form_file, trial)
    assert path.read_bytes() == first
    path.write_text(path.read_text().replace('kind = "other"', 'kind = "assessment"'))
    imported(form_file, trial)
    assert "is kept, and differs" in capsys.readouterr().out
    assert "assessment" in path.read_text()
    assert main(["import", "xlsform", str(form_file), str(trial), "--replace-forms"]) == 0
    assert path.read_bytes() == first


def test_a_dry_run_writes_nothing(form_file, trial, capsys) -> None:
    before = sorted((trial / "forms").iterdir())
    assert main(["import", "xlsform", str(form_file), str(trial), "--dry-run"]) == 0
    assert sorted((trial / "forms").iterdir()) == before
    assert '+label = "Age"' in capsys.readouterr().out


def test_a_workbook_that_is_no_xlsform_says_so(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", sheets={"Sheet1": page(("x",))})
    with pytest.raises(DataFileError, match="no sheet 'survey'"):
        prepare_forms(path, tmp_path)


def asked(name: str, kind: ItemType, *codes: str) -> Asked:
    choices = tuple(ItemChoice(code=code, label=code) for code in codes)
    return Asked(name=name, item=Item(id=name, label=name, type=kind, choices=choices))


QUESTIONS = {
    "n": asked("n", ItemType.INTEGER),
    "m": asked("m", ItemType.DECIMAL),
    "c": asked("c", ItemType.CHOICE, "1", "2"),
    "s": asked("s", ItemType.MULTI_CHOICE, "a", "B-1"),
}


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ("${n} &gt; 1 or ${m} = 2 and not(${n} = 3)", "n > 1 OR m = 2 AND NOT (n = 3)"),
        ("2 div ((${n} + 1) * 3)", "2 / ((n + 1) * 3)"),
        ("(${n} = 1 or ${n} = 2) and ${m} != -1.5", "(n = 1 OR n = 2) AND m <> -1.5"),
        ("${c} = 1", "c = '1'"),
        ("${c} > 1", "TO_NUMBER(c) > 1"),
        ("${c} + ${n}", "TO_NUMBER(c) + n"),
        ("${n} = ''", "n IS NULL"),
        ("string-length(${n}) > 0", "n IS NOT NULL"),
        ("string-length(${n}) = 0 or string-length(${n}) >= 3", "n IS NULL OR LENGTH(n) >= 3"),
        ("'' != ${c}", "c IS NOT NULL"),
        ("selected(${s}, 'B-1')", 'COALESCE("s__B-1", FALSE)'),
        ("count-selected(${s}) >= 2", "s__count >= 2"),
        ("if(${n} > 1, ${m}, 0)", "IF(n > 1, m, 0)"),
        ('${c} = "2"', "c = '2'"),
        (". < ${m}", "n < m"),
    ],
)
def test_simple_expressions_have_a_counterpart(theirs: str, ours: str) -> None:
    theirs = theirs.replace("&gt;", ">")
    assert translated(theirs, QUESTIONS, own=QUESTIONS["n"]) == ours


@pytest.mark.parametrize(
    "theirs",
    ["today() > 1", "${x} = 1", "${n} mod 2", "../n", "${n} = ", "(${n} = 1", "${s} = 'a'",
     "selected(${s}, 'z')", "pulldata('a')", "${n} = 1 ${m}", "", "(" * 50 + "1" + ")" * 50],
)  # fmt: skip
def test_everything_else_is_untranslatable_and_says_why(theirs: str) -> None:
    with pytest.raises(ExpressionError, match=r"\S"):
        translated(theirs, QUESTIONS)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="${}nmcs.()'\"=!<>+-*, andorotif1", max_size=40))
def test_any_text_is_translated_or_untranslatable(text: str) -> None:
    try:
        assert translated(text, QUESTIONS, own=QUESTIONS["n"])
    except ExpressionError:
        return
