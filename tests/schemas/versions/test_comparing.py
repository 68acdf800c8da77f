"""What a change of the forms is called is what it does: safe ones leave every earlier answer right."""

import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

from trialkit.cli.exit_codes import ExitCode
from trialkit.cli.main import main
from trialkit.errors import TrialStep
from trialkit.schemas.forms.forms import Form, Item, Schemas
from trialkit.schemas.versions.comparing import definition_changes, heaviest
from trialkit.schemas.versions.definition_change import ChangeWeight
from trialkit.steps.opening import open_trial

SAFE, MAPPING, LOST = (
    ChangeWeight.SAFE,
    ChangeWeight.NEEDS_MAPPING,
    ChangeWeight.DESTRUCTIVE,
)
ITEM = '[[items]]\nid = "extra"\nlabel = "Extra"\ntype = "text"\n'
EDITS = {
    # file, before, after, weight, whether the template's own data have a hard finding by it
    "a wider range": ("assessment", "high = 1000", "high = 2000", SAFE, False),
    "a narrower range": ("assessment", "high = 1000", "high = 420", MAPPING, True),
    "a range above all": ("assessment", "low = 0, high = 1000", "low = 900, high = 1900", MAPPING, True),
    "usual values": ("assessment", "low = 150, high = 800", "low = 300, high = 400", SAFE, False),
    "another unit": ("assessment", 'unit = "m"', 'unit = "yd"', MAPPING, False),
    "another question": ("assessment", "Distance walked in six", "Distance run in two", MAPPING, False),
    "a wider type": ("assessment", 'label = "Symptoms, 0 to 100"\ntype = "integer"', 'label = "Symptoms, 0 to 100"\ntype = "decimal"', SAFE, False),
    "another type": ("assessment", 'label = "Symptoms, 0 to 100"\ntype = "integer"\nunit = "points"\nrange = { low = 0, high = 100 }', 'label = "Symptoms, 0 to 100"\ntype = "yes_no"', LOST, True),
    "a question more": ("assessment", "[[items]]\nid = \"symptom_score\"", f"{ITEM}\n[[items]]\nid = \"symptom_score\"", SAFE, False),
    "a duty more": ("assessment", "[[items]]\nid = \"symptom_score\"", f"{ITEM}required = true\n\n[[items]]\nid = \"symptom_score\"", MAPPING, True),
    "a duty less": ("assessment", "high = 100 }\nrequired = true", "high = 100 }", SAFE, False),
    "a choice more": ("adverse_events", '{ code = "severe"', '{ code = "fatal", label = "Fatal" },\n  { code = "severe"', SAFE, False),
    "a choice less": ("demographics", '{ code = "f", label = "Female" }, ', "", LOST, True),
    "a choice that reads otherwise": ("adverse_events", 'label = "Mild"', 'label = "Hardly noticed"', MAPPING, False),
    "choices in another order": ("demographics", '{ code = "f", label = "Female" }, { code = "m", label = "Male" }', '{ code = "m", label = "Male" }, { code = "f", label = "Female" }', MAPPING, False),
    "a stricter rule": ("assessment", "visit_date <= randomisation.randomisation_date", "visit_date < randomisation.randomisation_date - 3000", MAPPING, True),
    "a rule that asks": ("assessment", "<= 200", "<= 1", SAFE, False),
    "a heading": ("assessment", 'title = "Assessment"', 'title = "Visit"', SAFE, False),
    "a note": ("assessment", 'unit = "points"', 'unit = "points"\nnote = "Read it aloud."', SAFE, False),
    "a name of a person": ("assessment", 'unit = "points"', 'unit = "points"\nidentifier = true', SAFE, False),
    "only some missing codes": ("assessment", 'unit = "points"', 'unit = "points"\nmissing_codes = ["ND"]', MAPPING, False),
    "a required form": ("adverse_events", 'expected = "as_needed"', 'expected = "randomised"', MAPPING, None),
    "a form of one row": ("adverse_events", "repeating = true", "repeating = false", LOST, None),
}  # fmt: skip


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("versions") / "old"
    assert main(["new", str(folder)]) == ExitCode.FINE
    return folder


def _with_a_blank_column(path: Path, name: str) -> None:
    head, *rows = path.read_text("utf-8").splitlines()
    path.write_text("".join([f"{head},{name}\n", *(f"{row},\n" for row in rows)]), "utf-8")


def schemas_of(folder: Path) -> Schemas:
    return open_trial(folder, step=TrialStep.VALIDATE).schemas


@pytest.fixture
def edited(template: Path, tmp_path: Path) -> Callable[[str, str, str], Path]:
    def edit(form: str, before: str, after: str) -> Path:
        folder = tmp_path / "new"
        shutil.copytree(template, folder)
        path = folder / "forms" / f"{form}.toml"
        text = path.read_text("utf-8")
        assert before in text
        path.write_text(text.replace(before, after, 1), "utf-8")
        return folder

    return edit


@pytest.mark.parametrize("name", EDITS)
def test_a_change_weighs_what_it_does_to_the_data_that_are_there(
    name: str, template: Path, edited: Callable[[str, str, str], Path]
) -> None:
    form, before, after, weight, becomes_wrong = EDITS[name]
    folder = edited(str(form), str(before), str(after))
    changes = definition_changes(schemas_of(template), schemas_of(folder))
    assert heaviest(changes) is weight
    assert {each.form for each in changes} == {form}
    if becomes_wrong is None:
        return
    if ITEM in str(after):
        _with_a_blank_column(folder / "data" / f"{form}.csv", "extra")
    found = main(["validate", str(folder), "--no-queries"])
    assert (found != ExitCode.FINE) == becomes_wrong
    assert not (weight is SAFE and becomes_wrong), "a safe change made data wrong"


@pytest.mark.parametrize("shipped", ["example_trial", "trialkit/newtrial"])
def test_the_same_forms_have_no_change(shipped: str) -> None:
    schemas = schemas_of(Path(__file__).parents[3] / shipped)
    assert definition_changes(schemas, schemas) == ()
    assert heaviest(()) is None


def test_back_and_forth_what_one_adds_the_other_takes_away(
    template: Path, edited: Callable[[str, str, str], Path]
) -> None:
    folder = edited("adverse_events", '{ code = "severe"', '{ code = "fatal", label = "Fatal" },\n  { code = "severe"')  # fmt: skip
    there = definition_changes(schemas_of(template), schemas_of(folder))
    back = definition_changes(schemas_of(folder), schemas_of(template))
    assert [(each.before, each.after) for each in there] == [("", "fatal (Fatal)")]
    assert [(each.before, each.after) for each in back] == [("fatal (Fatal)", "")]
    assert (heaviest(there), heaviest(back)) == (SAFE, LOST)


def test_a_form_that_is_gone_is_destructive(template: Path, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    shutil.copytree(template, folder)
    (folder / "forms" / "demographics.toml").unlink()
    (folder / "data" / "demographics.csv").unlink()
    gone = definition_changes(schemas_of(template), schemas_of(folder))
    assert [(each.form, each.what, each.weight) for each in gone] == [
        ("demographics", "form", LOST)
    ]
    come = definition_changes(schemas_of(folder), schemas_of(template))
    assert [(each.form, each.what, each.weight) for each in come] == [
        ("demographics", "form", MAPPING)
    ]


_COMPARED = {
    "id", "label", "type", "section", "note", "unit", "choices", "anchors", "pattern", "example",
    "range", "expected_range", "required", "required_when", "shown_when", "missing_codes",
    "calculation", "sum_of", "other_side", "identifier", "ahead", "purpose",
}  # fmt: skip
_OF_FORMS = {
    "id", "title", "kind", "expected", "visits", "repeating", "items", "rules", "arms",
    "one_row_for", "stopping",
}  # fmt: skip
_OF_NO_ANSWER = {"file", "sha256", "tests", "conditions", "calculations"}


def test_whatever_a_form_can_say_is_compared() -> None:
    assert {each.name for each in fields(Item)} == _COMPARED
    assert {each.name for each in fields(Form)} == _OF_FORMS | _OF_NO_ANSWER
