import shutil
from pathlib import Path

import pytest

from tests.conftest import EXAMPLE
from tests.imports.books import book, sheet, texts
from trialkit.cli.main import main
from trialkit.errors import DataFileError
from trialkit.imports.xlsform.form_import import prepare_forms
from trialkit.schemas.forms.forms import Form, Severity
from trialkit.schemas.items.answers import Range
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
    for name in ("protocol.toml", "references.bib"):
        shutil.copy(EXAMPLE / name, tmp_path / "trial")
    return tmp_path / "trial"


def imported(form_file: Path, trial: Path) -> dict[str, Form]:
    assert main(["import", "xlsform", str(form_file), str(trial)]) == 0
    return {form.id: form for form in open_trial(trial).schemas.forms}


def test_what_an_xlsform_asks_becomes_forms_that_the_trial_accepts(form_file, trial) -> None:
    forms = imported(form_file, trial)
    diary, falls = forms["diary_1"], forms["falls"]
    types = {item.id: item.type.value for item in diary.items}
    assert types == {
        "entered_on": "date", "start": "date_time", "clock": "date", "later": "date", "place": "text",
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
    rule, *kept = imported(form_file, trial)["diary_1"].rules
    assert [each.expression for each in kept] == ["clock = entered_on", "later = clock + 1"]
    assert (rule.id, rule.expression, rule.severity) == ("XLS012", "share < age", Severity.HARD)
    assert (rule.message, rule.items) == ("At most (age)", ("share",))


def test_what_has_no_counterpart_is_listed_with_its_row(form_file, trial) -> None:
    listed = {
        each.place.rpartition(" ")[2]: each for each in prepare_forms(form_file, trial).left_out
    }
    assert set(listed) == {"survey", "2", "3", "4", "10", "17", "18"}
    assert "the key subject_id" in listed["3"].why
    assert "the answer that it governs" in listed["4"].why
    assert "latitude" in listed["17"].why
    assert "is no text here" in listed["18"].why


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


def test_an_xlsform_alone_leaves_a_trial_that_data_can_be_checked_by(form_file, tmp_path) -> None:
    trial = tmp_path / "new"
    imported_into = ["import", "xlsform", str(form_file), str(trial)]
    assert main(imported_into) == 0
    assert (trial / "data" / "diary_1.csv").read_text("utf-8").startswith("subject_id,")
    for call in (["validate", str(trial)], ["forms", "check", str(trial)]):
        assert main(call) == 0
    assert main(["workbook", str(trial), str(tmp_path / "w.xlsx")]) == 0
    before = (trial / "protocol.toml").read_bytes()
    (trial / "data" / "diary_1.csv").write_bytes(b"kept as it is\n")
    assert main([*imported_into, "--replace-forms"]) == 0
    assert (trial / "protocol.toml").read_bytes() == before
    assert (trial / "data" / "diary_1.csv").read_bytes() == b"kept as it is\n"
