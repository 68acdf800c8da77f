"""Which rows of a file may have a finding: none that has one is passed, few others are looked at."""

from datetime import date
from functools import cache

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.miniature import Miniature, dedented
from trialkit.checks.one_file.alone import form_alone
from trialkit.checks.one_file.suspects import SUSPECT, with_suspects

FORM = """
    [form]
    id = "pain"
    title = "Pain"
    kind = "assessment"
    expected = "as_needed"
    visits = ["BL", "W6"]
    repeating = true

    [[items]]
    id = "day"
    label = "Day"
    type = "date"
    range = { low = 2025-01-02, high = 2025-12-30 }

    [[items]]
    id = "vas"
    label = "Pain"
    type = "decimal"
    range = { low = 0, high = 100 }
    expected_range = { low = 5, high = 95 }
    required = true
    missing_codes = ["ND"]

    [[items]]
    id = "steps"
    label = "Steps"
    type = "integer"
    range = { low = -7 }

    [[items]]
    id = "side"
    label = "Side"
    type = "choice"
    choices = [{ code = "l", label = "Left" }, { code = "r", label = "Right" }]
    missing_codes = ["ND"]

    [[items]]
    id = "drug"
    label = "Drug"
    type = "yes_no"

    [[items]]
    id = "name"
    label = "Name"
    type = "text"
    shown_when = "drug = TRUE"
    required = true

    [[items]]
    id = "why"
    label = "Why"
    type = "text"
    required_when = "side = 'l'"

    [[items]]
    id = "since"
    label = "Since"
    type = "partial_date"

    [[items]]
    id = "photo"
    label = "Photo"
    type = "file"

    [[items]]
    id = "where"
    label = "Where"
    type = "multi_choice"
    choices = [{ code = "a", label = "Arm" }, { code = "b", label = "Back" }]

    [[rules]]
    id = "P1"
    expression = "visit = 'BL' OR vas <= 50 OR steps__missing IS NOT NULL"
    severity = "soft"
    message = "Much."
    items = ["vas"]
"""
PLAIN = {
    "subject_id": "S1", "visit": "BL", "repeat": "1", "day": "2025-02-03", "vas": "50.5",
    "steps": "12", "side": "r", "drug": "yes", "name": "x", "why": "", "since": "2025-UN-UN",
    "photo": "a/b.png", "where": "a b",
}  # fmt: skip


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    @cache
    def made(form):
        trial = Miniature()
        trial.forms = {"screening": trial.forms["screening"], "pain": dedented(form)}
        trial.data = {}
        schemas = trial.schemas(tmp_path_factory.mktemp("trial"))
        return form_alone(schemas.form("pain"), schemas)

    return made


def suspected(alone, columns, *, glance=False):
    frame, files = pl.LazyFrame(columns), frozenset({"a/b.png"})
    found = with_suspects(frame, alone.form, alone.schemas, files=files, glance=glance)
    return found.collect()[SUSPECT].to_list()


def of_text(alone, rows, *, glance=False):
    """Whether rows are suspected that are plain but for what is named."""
    columns = {name: [{**PLAIN, **row}[name] for row in rows] for name in PLAIN}
    return suspected(alone, columns, glance=glance)


FINE = [
    {},
    {"visit": "W6", "vas": "50"},
    {"visit": "W6", "vas": "ND"},
    {"repeat": "999999999999999"},
    {"day": "2025-01-02"},
    {"day": "2025-12-30"},
    {"day": ""},
    {"day": "UNK"},
    {"vas": "5"},
    {"vas": "95"},
    {"vas": "95.0"},
    {"vas": "ND"},
    {"steps": "-7"},
    {"steps": "123456789"},
    {"steps": "REF"},
    {"side": ""},
    {"side": "ND"},
    {"drug": "no", "name": ""},
    {"drug": "", "name": ""},
    {"drug": "UNK", "name": ""},
    {"drug": "yes", "name": " x "},
    {"side": "l", "why": "so"},
    {"since": "2025-03-04"},
    {"since": ""},
    {"photo": ""},
    {"where": "none_of_these"},
    {"where": ""},
]
ODD = [
    {"subject_id": ""},
    {"subject_id": " S1"},
    {"subject_id": "S1 "},
    {"visit": ""},
    {"visit": "W7"},
    {"visit": "BL "},
    {"repeat": ""},
    {"repeat": "one"},
    {"repeat": "1.5"},
    {"repeat": "1000000000000000"},
    {"visit": "W6", "vas": "50.01"},
    {"day": "2025-01-01"},
    {"day": "2025-12-31"},
    {"day": "2025-02-30"},
    {"vas": ""},
    {"vas": "  "},
    {"vas": "4.9"},
    {"vas": "95.1"},
    {"vas": "x"},
    {"vas": "REF"},
    {"steps": "-8"},
    {"steps": "1.5"},
    {"side": "q"},
    {"side": "REF"},
    {"drug": "perhaps"},
    {"drug": "no", "name": "x"},
    {"drug": "yes", "name": ""},
    {"side": "l", "why": ""},
    {"since": "2025-UN-03"},
    {"photo": "a/c.png"},
    {"where": "a c"},
    {"where": "a a"},
]


@pytest.mark.parametrize(("rows", "odd"), [(FINE, False), (ODD, True)], ids=["fine", "odd"])
def test_a_row_of_text_is_suspected_where_it_may_have_a_finding(alone, rows, odd):
    found = of_text(alone(FORM), rows)

    assert [row for row, suspect in zip(rows, found, strict=True) if suspect is not odd] == []


def test_a_glance_suspects_all_that_a_close_look_does_and_few_others(alone):
    assert of_text(alone(FORM), ODD, glance=True) == [True] * len(ODD)
    found = of_text(alone(FORM), FINE, glance=True)
    beyond = [row for row, suspect in zip(FINE, found, strict=True) if suspect]
    assert beyond == [{"side": "ND"}]


SPACES = [chr(code) for code in range(0x3100) if chr(code).isspace()]


@pytest.mark.parametrize("glance", [True, False])
@settings(max_examples=examples(3), deadline=None)
@given(st.lists(st.text(st.characters(codec="utf-8") | st.sampled_from(SPACES)), min_size=1))
@example([*SPACES, *(f"S{space}" for space in SPACES), *(f"{space}S" for space in SPACES)])
def test_a_subject_with_space_around_it_is_never_passed(alone, glance, subjects):
    found = of_text(alone(FORM), [{"subject_id": each} for each in subjects], glance=glance)

    passed = [name for name, suspect in zip(subjects, found, strict=True) if not suspect]
    assert passed == pl.Series(passed, dtype=pl.String).str.strip_chars().to_list()
    assert "" not in passed


def test_a_subject_in_print_is_passed_at_a_glance_and_in_letters_at_a_close_look(alone):
    print_, letters = ["!", "~", "S", "S 1", "SéS", "~~", "007"], ["Åse", "José", "患者"]
    rows = [{"subject_id": each} for each in (*print_, *letters)]

    assert of_text(alone(FORM), rows, glance=True) == [False] * len(print_) + [True] * 3
    assert of_text(alone(FORM), rows) == [False] * len(rows)


def test_any_code_is_looked_at_where_an_item_is_free_text(alone):
    assert of_text(alone(FORM), [{"name": "ND"}, {"why": "ND"}, {"why": "NDx"}]) == [
        True, True, False,
    ]  # fmt: skip


TYPED = {
    "subject_id": pl.Series(["S1"]),
    "visit": pl.Series(["BL"]),
    "repeat": pl.Series([1]),
    "day": pl.Series([date(2025, 2, 3)]),
    "vas": pl.Series([50.5]),
    "steps": pl.Series([12]),
    "side": pl.Series(["r"]),
    "drug": pl.Series([True]),
    "name": pl.Series(["x"]),
    "why": pl.Series([""]),
    "since": pl.Series(["2025-UN-UN"]),
    "photo": pl.Series(["a/b.png"]),
    "where": pl.Series(["a b"]),
}


@pytest.mark.parametrize(
    ("column", "values", "odd"),
    [
        ("day", [date(2025, 1, 1), date(2025, 1, 2), date(2025, 12, 30), date(2025, 12, 31), None],
         [True, False, False, True, False]),
        ("vas", [4.9, 5.0, 95.0, 95.1, None, float("nan"), float("inf")],
         [True, False, False, True, True, True, True]),
        ("steps", [-8, -7, 10**15 - 1, 10**15, None], [True, False, False, True, False]),
        ("drug", [True, None], [False, False]),
        ("repeat", [1, 10**15 - 1, 10**15, -(10**15), None], [False, False, True, True, True]),
        ("subject_id", [7, None], [False, True]),
        ("subject_id", ["S2", "", " ", None], [False, True, True, True]),
        ("side", ["l", "r", "x", None], [True, False, True, False]),
    ],
)  # fmt: skip
def test_a_row_of_types_is_suspected_where_it_may_have_a_finding(alone, column, values, odd):
    columns = {name: [each[0]] * len(values) for name, each in TYPED.items()}
    columns[column] = pl.Series(values)
    if column == "drug":  # nothing is known of the name where nothing is known of the drug
        columns["name"] = ["x", ""]

    assert suspected(alone(FORM), columns) == odd


@pytest.mark.parametrize("limits", ["low = 0", "high = 9", "low = 0, high = 9"])
@pytest.mark.parametrize("dtype", [pl.Float32, pl.Float64])
def test_no_infinite_number_is_within_limits_and_no_number_at_all_is_blank(alone, limits, dtype):
    made = alone(FORM.replace('type = "integer"\n    range = { low = -7 }',
                              f'type = "decimal"\n    range = {{ {limits} }}'))  # fmt: skip
    columns = {name: [each[0]] * 5 for name, each in TYPED.items()}
    cells = [float("inf"), float("-inf"), float("nan"), None, 2.5]
    columns["steps"] = pl.Series(cells, dtype=dtype)

    assert suspected(made, columns) == [True, True, False, False, False]


def test_a_rule_computes_with_typed_values(alone):
    columns = {name: [each[0]] * 4 for name, each in TYPED.items()}
    columns |= {"visit": ["W6", "W6", "BL", "W6"], "vas": [50.0, 50.01, 90.0, 90.0]}
    columns["steps"] = pl.Series(["1", "1", "1", "ND"])

    assert suspected(alone(FORM), columns) == [False, True, False, False]


@pytest.mark.parametrize(("item", "limit"), [("low = 10", "9 10"), ("high = 10", "11 10")])
def test_one_limit_alone_is_a_limit(alone, item, limit):
    form = FORM.replace("range = { low = -7 }", f"range = {{ {item} }}")
    outside, inside = limit.split()

    assert of_text(alone(form), [{"steps": outside}, {"steps": inside}]) == [True, False]
    columns = {name: [each[0]] * 2 for name, each in TYPED.items()}
    columns["steps"] = [int(outside), int(inside)]
    assert suspected(alone(form), columns) == [True, False]


@pytest.mark.parametrize(("kind", "value"), [("integer", -9999), ("decimal", -9999.5)])
def test_a_number_without_limits_is_within_them(alone, kind, value):
    form = FORM.replace('type = "integer"\n    range = { low = -7 }', f'type = "{kind}"')

    assert of_text(alone(form), [{"steps": str(value)}]) == [False]
    columns = {name: [each[0]] for name, each in TYPED.items()} | {"steps": [value]}
    assert suspected(alone(form), columns) == [False]


@pytest.mark.parametrize("expression", ["where__count <= 1", "since <= day"])
def test_a_rule_that_reads_an_item_in_parts_has_every_row_looked_at(alone, expression):
    form = FORM.replace("visit = 'BL' OR vas <= 50", f"visit = 'BL' OR {expression}")

    assert of_text(alone(form), [{}, {"visit": "W6"}]) == [True, True]


def test_the_frame_keeps_its_columns_and_rows(alone):
    made = alone(FORM)
    frame = pl.LazyFrame({name: [text] * 3 for name, text in PLAIN.items()})

    found = with_suspects(frame, made.form, made.schemas, files=frozenset({"a/b.png"})).collect()

    assert found.select(list(PLAIN)).equals(frame.collect())
    assert found[SUSPECT].to_list() == [False] * 3
