"""``today`` in REDCap's logic is the day of entry: what rests on it is never found wrong on another day."""

import csv
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.imports.redcap.one_form import DTYPES, OneForm
from tests.signed import SIGNED
from trialkit.errors import DataFileError, TrialStep
from trialkit.imports.redcap.answers import RedcapAnswer
from trialkit.imports.redcap.clock import names_the_unknown_day
from trialkit.imports.redcap.project_import import ProjectFiles, prepare, write
from trialkit.imports.redcap.translation import Translator
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.rules.expression import calculation, condition
from trialkit.steps.opening import open_trial
from trialkit.steps.validating import validate

TYPES = {
    "born": ItemType.DATE,
    "seen": ItemType.DATE,
    "began": ItemType.DATE_TIME,
    "n": ItemType.DECIMAL,
    "when": ItemType.CHOICE,
}
CODES = {"when": ("today", "later")}
ONE_FORM = OneForm(types=TYPES, offered=CODES)
SCOPE = ONE_FORM.scope
find = ONE_FORM.find
UNSAID = Translator(find=find)
SAID = Translator(find=find, day=RedcapAnswer(name="seen", type=ItemType.DATE))
CELLS: Mapping[str, tuple[object, ...]] = {
    "born": (date(1990, 5, 1), None),
    "seen": (date(2025, 3, 1), date(2025, 3, 1)),
    "began": (None, None),
    "n": (34.0, None),
    "when": ("today", None),
    "@entry_day": (None, None),
}


def run(words: str, *, computed: bool = False) -> list[object]:
    """What it comes to in a row with answers, and in one with next to none."""
    read = calculation(words, SCOPE) if computed else condition(words, SCOPE)
    columns: dict[str, pl.Series] = {}
    for each in read.references:
        cells = CELLS[each.item]
        columns[each.column] = pl.Series(each.column, cells, dtype=DTYPES[each.kind])
        columns[each.wrong] = pl.Series(each.wrong, [False, False])
    table = pl.DataFrame(columns)
    found = read.computed(table) if computed else read.judged(table)  # type: ignore[union-attr]
    return found.to_list()


AGE = "datediff([born], 'today', 'y')"
RESTING = (
    f"{AGE} >= 18",
    f"rounddown({AGE}) = 34",
    f"rounddown({AGE}) <> 34",
    f"{AGE} = ''",
    f"{AGE} <> ''",
    f"sum({AGE}, 1) > 1",
    f"max({AGE}, 1) = 1",
    f"if({AGE} >= 18, 'adult', 'child') = 'child'",
    f"contains(if({AGE} >= 18, 'adult', 'child'), 'ad')",
    f"not_contain(if({AGE} >= 18, 'adult', 'child'), 'ad')",
    f"length(if({AGE} >= 18, 'adult', '')) = 0",
    f"concat('x', if({AGE} >= 18, 'adult', '')) = 'x'",
    "year('today') = 2025",
    "datediff([began], 'now', 'h') < 24",
    "[seen] > 'today'",
    "[seen] = 'TODAY'",
    "[seen] <> 'now'",
)


@pytest.mark.parametrize("logic", RESTING)
def test_a_condition_that_rests_on_the_day_is_never_known(logic: str) -> None:
    said = UNSAID.condition(logic)
    assert names_the_unknown_day(said.text)
    assert said.open
    assert len(said.remarks) == 1
    assert run(said.text) == [None, None]


def test_what_does_not_rest_on_it_still_decides() -> None:
    assert run(UNSAID.condition(f"[n] = 3 and {AGE} >= 18").text) == [False, False]
    assert run(UNSAID.condition(f"[n] = 34 or {AGE} >= 18").text) == [True, None]


@pytest.mark.parametrize(
    "logic", [AGE, f"sum({AGE}, 2)", f"if({AGE} >= 18, 1, 0)", "month('today')"]
)
def test_a_calculation_that_rests_on_the_day_gives_nothing(logic: str) -> None:
    assert run(UNSAID.calculation(logic), computed=True) == [None, None]


def test_a_part_of_a_calculation_that_does_not_is_worked_out() -> None:
    assert run(UNSAID.calculation(f"if([n] = 34, 7, {AGE})"), computed=True) == [7.0, None]


YEARS = "(ABS(seen - born) / 365.2425)"


def test_a_field_that_holds_the_day_is_the_day() -> None:
    logic = f"rounddown({AGE})"
    assert SAID.calculation(logic) == f"IF({YEARS} >= 0, FLOOR({YEARS}), NULL)"
    assert run(SAID.calculation(logic), computed=True) == [34.0, None]
    assert not SAID.condition(f"{logic} = 34").remarks
    assert SAID.date_later("'today', 7, 'd'") == "seen + (7)"
    for unsure in ("datediff([began], 'today', 'd') = 3", "datediff([born], 'now', 'd') = 3"):
        assert names_the_unknown_day(SAID.condition(unsure).text)


def test_a_choice_of_that_name_is_a_choice() -> None:
    assert UNSAID.condition("[when] = 'today'").text == "COALESCE(when = 'today', FALSE)"


HEADER = (
    "Variable / Field Name,Form Name,Section Header,Field Type,Field Label,"
    '"Choices, Calculations, OR Slider Labels",Field Note,'
    "Text Validation Type OR Show Slider Number,Text Validation Min,Text Validation Max,Identifier?,"
    "Branching Logic (Show field only if...),Required Field?,Custom Alignment,"
    "Question Number (surveys only),Matrix Group Name,Matrix Ranking?,Field Annotation"
)
NAMES = next(csv.reader([HEADER]))


def project(folder: Path, decisions: str = "") -> Path:
    """A trial of a child who grew up since: an age, a question for children, one for grown-ups."""
    at = {name: place for place, name in enumerate(NAMES)}

    def row(name: str, kind: str, **more: str) -> list[str]:
        cells = [""] * len(NAMES)
        cells[:5] = [name, "base", "", kind, name.title()]
        for key, text in more.items():
            begins = {"calc": "Choices", "form": "Text Validation Type", "only": "Branching",
                      "must": "Required"}[key]  # fmt: skip
            cells[next(at[each] for each in NAMES if each.startswith(begins))] = text
        return cells

    fields = [
        row("record_id", "text"),
        row("dob", "text", form="date_ymd", must="y"),
        row("seen", "text", form="date_ymd"),
        row("age", "calc", calc=f"rounddown({AGE.replace('born', 'dob')})"),
        row("school", "text", only="datediff([dob], 'today', 'y') < 18", must="y"),
        row("work", "text", only="datediff([dob], 'today', 'y') >= 18", must="y"),
    ]
    folder.mkdir(parents=True)
    for name, lines in {
        "dictionary.csv": [NAMES, *fields],
        "export.csv": [
            ["record_id", "dob", "seen", "age", "school", "work", "base_complete"],
            ["1", "2007-06-15", "2025-03-01", "17", "Hill", "", "2"],
            ["2", "1980-02-03", "2025-03-01", "45", "", "baker", "2"],
        ],
    }.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(lines)
    trial = folder / "trial"
    trial.mkdir()
    if decisions:
        (trial / "redcap.toml").write_text(decisions, encoding="utf-8")
    files = ProjectFiles(
        dictionary=folder / "dictionary.csv", exports=(folder / "export.csv",), trial=trial
    )
    write(prepare(files), signed=SIGNED)
    return trial


@pytest.fixture(scope="module")
def grown_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project(tmp_path_factory.mktemp("clock") / "unsaid")


@settings(max_examples=examples(8), deadline=None)
@given(later=st.integers(0, 4000))
def test_no_answer_that_was_right_is_found_wrong_on_a_later_day(grown_up: Path, later: int) -> None:
    day = date(2025, 3, 1) + timedelta(days=later)
    found = validate(open_trial(grown_up, step=TrialStep.VALIDATE), today=day).findings.to_frame()
    assert found.empty, found["message"].tolist()


def test_where_a_field_holds_the_day_a_wrong_value_is_found(tmp_path: Path) -> None:
    trial = project(tmp_path / "said", '[[forms]]\nform = "base"\nday = "seen"\n')
    table = trial / "data" / "base.csv"
    assert (
        validate(open_trial(trial, step=TrialStep.VALIDATE), today=date(2030, 1, 1))
        .findings.to_frame()
        .empty
    )
    text = table.read_text(encoding="utf-8").replace(",45,", ",54,").replace("Hill", "")
    table.write_text(text, encoding="utf-8")
    found = validate(
        open_trial(trial, step=TrialStep.VALIDATE), today=date(2030, 1, 1)
    ).findings.to_frame()
    assert set(found["item"]) == {"age", "school"}


def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="day: found 'school', which is no date"):
        project(tmp_path / "wrong", '[[forms]]\nform = "base"\nday = "school"\n')
