"""Forms are read whole, or everything wrong with them is said at once."""

from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.miniature import FORMS, Miniature, dedented, protocol
from trialkit.errors import ProtocolError
from trialkit.protocol.methods.directions import Direction
from trialkit.protocol.methods.outcome_types import OutcomeType
from trialkit.protocol.trial.outcomes import Outcome, OutcomeRole
from trialkit.protocol.trial.people import Characteristic
from trialkit.schemas.items.answers import Range
from trialkit.schemas.reading.loading import form_schemas


def complaints(trial, folder):
    with pytest.raises(ProtocolError) as error:
        trial.schemas(folder)
    return [str(each) for each in error.value.complaints]


def test_forms_are_in_the_order_in_which_data_flow(tmp_path):
    schemas = Miniature().schemas(tmp_path)

    assert [form.id for form in schemas.forms] == [
        "screening", "randomisation", "pain", "end_of_study", "diary",
    ]  # fmt: skip


def test_an_order_of_its_own_moves_a_form(tmp_path):
    trial = Miniature()
    trial.forms["diary"] = trial.forms["diary"].replace("[form]", "[form]\norder = 150")

    assert [form.id for form in trial.schemas(tmp_path).forms][1] == "diary"


def test_dates_and_numbers_of_ranges_keep_their_kind(tmp_path):
    form = Miniature().schemas(tmp_path).form("screening")

    assert form.item("age_years").expected_range == Range(high=80.0)
    assert form.item("screening_date").range.low.isoformat() == "2025-01-01"


def test_the_key_of_a_form_follows_from_its_visits_and_repeats(tmp_path):
    schemas = Miniature().schemas(tmp_path)

    assert schemas.form("pain").key == ("subject_id", "visit")
    assert schemas.form("diary").key == ("subject_id", "repeat")


WRONG = {
    'kind = "assessment"': ('kind = "assesment"', "[form] kind: found 'assesment'", "did you mean 'assessment'?"),
    'visits = ["BL", "W6"]': ('visits = ["BL", "W12"]', "visits: found 'W12'", "visits of the protocol, BL, W6"),
    'title = "Pain"': ('title = "Pain"\ncolour = "red"', "colour: found an unknown key", "one of id, title"),
    'label = "Pain"': ("label = 5", "label: found 5", "a text"),
    'id = "vas_mm"\nlabel': ('id = "VAS mm"\nlabel', "id: found 'VAS mm'", "small letters"),
    'id = "side"': ('id = "side__left"', "id: found 'side__left'", "without '__'"),
    'id = "drug"\n': ('id = "visit"\n', "id: found 'visit'", "key column"),
    'id = "drug_name"': ('id = "null"', "id: found 'null'", "word of the rules' language"),
    "range = { low = 0, high = 100 }": ("range = { low = 100, high = 0 }", "must run upwards", ""),
    'type = "decimal"': ('type = "float"', "type: found 'float'", "text, integer, decimal"),
    'code = "l"': ('code = "ND"', "choices: found 'ND', which is the missing code for 'not done'", ""),
    'code = "r"': ('code = "l"', "choices: found 'l' twice", ""),
    'type = "choice"': ('type = "text"', "choices for an item of type text", "none, or type = 'choice'"),
    'shown_when = "drug = TRUE"': ('shown_when = "drg = TRUE"', "shown_when: found the unknown item 'drg' of pain", "did you mean 'drug'?"),
    'required_when = "drug = TRUE"': ('required_when = "drug ="', "required_when: found 'drug =', which is no complete condition", ""),
    "randomisation.randomisation_date": ("randomization.randomisation_date", "the unknown form 'randomization'", "did you mean 'randomisation'?"),
    "BL.pain.vas_mm": ("BL.pain.vas", "the unknown item 'vas' of pain", ""),
    'id = "PAIN01"': ('id = "PAIN02"', "id: found 'PAIN02' more than once", "each id once"),
    'id = "PAIN02"': ('id = "unusual"', "'unusual', which is a built-in rule", ""),
    'items = ["visit_date"]': ('items = ["visit_dat"]', "items: found the unknown item 'visit_dat'", "did you mean 'visit_date'?"),
    'items = ["vas_mm"]': ("items = []", "items: found nothing", ""),
    "on {visit_date} came": ("on {visit_dat} came", "message: found the unknown item 'visit_dat'", ""),
    "Pain of {vas_mm} mm": ("Pain of {vas_mm mm", "message: found 'Pain of {vas_mm mm", "items in braces"),
    'severity = "soft"': ('severity = "mild"', "severity: found 'mild'", "hard, soft, note"),
    'id = "pain"': ('id = "pane"', "id: found 'pane'", "the file's name, 'pain'"),
    'purpose = "visit_date"': ('purpose = "attended"', "attended for an item of type date", "type yes_no"),
    "[[rules]]\nid = \"PAIN01\"": ("[[rule]]\nid = \"PAIN01\"", "[rule]: found an unknown table", "did you mean 'rules'?"),
}  # fmt: skip


@pytest.mark.parametrize("old", WRONG)
def test_what_is_wrong_is_said_with_its_place_and_what_was_expected(old, tmp_path):
    new, found, expected = WRONG[old]
    trial = Miniature()
    assert old in trial.forms["pain"]
    trial.forms["pain"] = trial.forms["pain"].replace(old, new, 1)

    said = complaints(trial, tmp_path)

    assert any(each.startswith("forms/pain.toml") and found in each for each in said), said
    assert any(expected in each for each in said), said


def test_the_complaints_of_all_forms_come_together(tmp_path):
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace("drug = TRUE", "drg = TRUE")
    trial.forms["screening"] = trial.forms["screening"].replace('"integer"', '"whole"')
    trial.forms["diary"] = "this is no TOML"
    trial.forms["end_of_study"] = trial.forms["end_of_study"].replace("title", "titel")

    said = complaints(trial, tmp_path)

    assert {each.split(":")[0] for each in said} == {
        f"forms/{name}.toml" for name in ("pain", "screening", "diary", "end_of_study")
    }
    assert sum("forms/pain.toml" in each for each in said) == 2


def test_an_item_that_cannot_be_read_does_not_make_the_rules_about_it_wrong(tmp_path):
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace('type = "decimal"', 'type = "number"')

    said = complaints(trial, tmp_path)

    assert len(said) == 1


def test_an_item_may_not_depend_on_itself(tmp_path):
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace(
        'shown_when = "drug = TRUE"', "shown_when = \"drug_name = 'x'\""
    )

    assert "which is the item that the condition governs" in complaints(trial, tmp_path)[0]


def outcome(**changes):
    known = {
        "code": "vas",
        "label": "Pain",
        "type": OutcomeType.CONTINUOUS,
        "role": OutcomeRole.PRIMARY,
        "form": "pain",
        "item": "vas_mm",
        "time_point": "W6",
        "metric": "change",
        "aggregation": "mean",
        "direction": Direction.LOWER,
    }
    return Outcome(**{**known, **changes})


NEEDS = [
    ({"form": "pian"}, "[outcomes 'vas'] form: found 'pian'; expected a form of the trial"),
    ({"item": "vas"}, "item: found 'vas'; expected an item of pain"),
    ({"item": "side"}, "pain.side, an item of type choice; expected an item of type integer"),
    ({"type": OutcomeType.BINARY}, "an item of type decimal; expected an item of type yes_no"),
    ({"time_point": "W12"}, "time_point: found 'W12', at which pain is not asked"),
    (
        {"form": "diary", "item": "note"},
        "'diary', which may have any number of rows for a participant",
    ),
]


@pytest.mark.parametrize(("changes", "words"), NEEDS)
def test_an_outcome_that_no_form_asks_is_a_complaint_about_the_protocol(changes, words, tmp_path):
    trial = Miniature(protocol=replace(protocol(), outcomes=(outcome(**changes),)))

    said = complaints(trial, tmp_path)

    assert any(each.startswith("protocol.toml") and words in each for each in said), said


def test_a_characteristic_that_no_form_asks_is_a_complaint_about_the_protocol(tmp_path):
    rows = (
        Characteristic(form="screening", item="age_year"),
        Characteristic(form="pain", item="vas_mm", visit="W12"),
        Characteristic(form="screening", item="age_years", visit="BL"),
    )
    trial = Miniature(protocol=replace(protocol(), characteristics=rows))

    said = complaints(trial, tmp_path)

    assert len(said) == 3
    assert "did you mean 'age_years'?" in said[0]


def test_arms_and_sites_of_a_choice_are_those_of_the_protocol(tmp_path):
    trial = Miniature()
    trial.forms["randomisation"] = trial.forms["randomisation"].replace(
        'type = "text"',
        'type = "choice"\nchoices = [{ code = "A", label = "a" }, { code = "B", label = "b" }]',
    )

    assert (
        "choices: found 'B'; expected codes of the protocol, P, A" in complaints(trial, tmp_path)[0]
    )


def test_a_trial_whose_forms_wait_for_randomisation_records_it(tmp_path):
    trial = Miniature()
    trial.forms["randomisation"] = trial.forms["randomisation"].replace(
        'kind = "randomisation"', 'kind = "other"'
    )

    assert "no form is of kind randomisation" in " ".join(complaints(trial, tmp_path))


def test_rule_ids_are_unique_in_the_trial(tmp_path):
    trial = Miniature()
    trial.forms["end_of_study"] = trial.forms["end_of_study"].replace("END01", "PAIN01")

    assert "an id that forms/pain.toml has, too" in complaints(trial, tmp_path)[0]


def test_a_trial_without_forms_says_what_to_write(tmp_path):
    with pytest.raises(ProtocolError, match=r"forms/: has no form; write one TOML file"):
        form_schemas(tmp_path, protocol())


def test_a_link_out_of_the_trial_is_refused(tmp_path):
    outside = tmp_path / "outside.toml"
    outside.write_text(dedented(FORMS["diary"]))
    folder = Miniature().write(tmp_path / "trial")
    (folder / "forms" / "diary.toml").unlink()
    (folder / "forms" / "diary.toml").symlink_to(outside)

    with pytest.raises(ProtocolError, match="leads out of the trial's folder"):
        form_schemas(folder, protocol())


@pytest.mark.parametrize("deep", ["title = " + "[" * 5000, "title." + "a." * 5000 + "a = 1"])
def test_a_deeply_nested_form_ends_in_a_clear_error(deep, tmp_path):
    trial = Miniature()
    trial.forms["diary"] = "[form]\n" + deep

    assert "nested more than 20 deep" in complaints(trial, tmp_path)[0]


@pytest.mark.parametrize("end", ["nan", "inf", "-inf"])
def test_a_range_has_ends_that_are_numbers(end, tmp_path):
    trial = Miniature()
    trial.forms["pain"] = trial.forms["pain"].replace("high = 100", f"high = {end}")

    assert "expected a finite number" in complaints(trial, tmp_path)[0]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
).filter(lambda each: each is not None)
keys = st.sampled_from(
    ["id", "title", "kind", "expected", "visits", "label", "type", "choices", "range", "required",
     "shown_when", "rules", "items", "form", "message", "expression", "severity", "x"]
)  # fmt: skip


@settings(max_examples=examples(150), deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["[form]", "[[items]]", "[[rules]]", "[items]", ""]),
                       st.lists(st.tuples(keys, values), max_size=5)), max_size=4)
)  # fmt: skip
def test_any_toml_is_a_form_or_a_protocol_error(tmp_path_factory, tables):
    lines = []
    for table, pairs in tables:
        lines.append(table)
        lines += [f"{key} = {written(value)}" for key, value in pairs]
    trial = Miniature()
    trial.forms["diary"] = "\n".join(lines) + "\n"
    with suppress(ProtocolError):
        trial.schemas(tmp_path_factory.mktemp("trial"))


def written(value):
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "[" + ", ".join(written(each) for each in value) + "]"
    if isinstance(value, str):
        return "'" + "".join(each for each in value if each.isprintable() and each != "'") + "'"
    return repr(value)
