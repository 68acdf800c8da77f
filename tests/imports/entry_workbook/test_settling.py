"""Entry workbooks come back in any order: no row is overwritten in silence, and no change is lost."""

import csv
import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.conftest import THREE_ARMS, examples
from tests.miniature import Miniature
from tests.signed import SIGNED
from trialkit.errors import DataFileError
from trialkit.imports.entry_workbook.entry_workbook import FIRST, IDS, entry_workbook
from trialkit.imports.entry_workbook.from_workbook import from_workbook
from trialkit.imports.entry_workbook.settling import settled
from trialkit.imports.entry_workbook.shown_rows import next_number, shown_rows
from trialkit.imports.taking_in.difference import difference
from trialkit.imports.taking_in.incoming import LeftOut
from trialkit.imports.taking_in.writing import write_import
from trialkit.protocol.trial.people import Site
from trialkit.schemas.forms.identifying import MASKED
from trialkit.steps.opening import open_trial
from trialkit.steps.stages import OpenedTrial
from trialkit.store.changes.change_log import read_changes

EVENTS = "adverse_events"
NAMING = "term"
WHO = "0101"


def trial_in(folder: Path) -> OpenedTrial:
    copy = folder / "trial"
    shutil.copytree(THREE_ARMS, copy, ignore=shutil.ignore_patterns("output", "__pycache__"))
    return open_trial(copy)


@pytest.fixture
def trial(tmp_path: Path) -> OpenedTrial:
    return trial_in(tmp_path)


def sent(trial: OpenedTrial, site: str | None = None) -> Workbook:
    shown = shown_rows(trial.folder, trial.schemas, trial.protocol, site=site)
    return load_workbook(BytesIO(entry_workbook(trial.protocol, trial.schemas, shown.rows)))


def heads(page: Worksheet) -> list[str]:
    return [cell.value for cell in page[IDS]]


def lines(page: Worksheet) -> list[dict[str, object]]:
    rows = page.iter_rows(min_row=FIRST, values_only=True)
    return [dict(zip(heads(page), row, strict=True)) for row in rows]


def put(page: Worksheet, subject: str, number: int, **values: object) -> None:
    """Write into the row of an event; one that is not there yet is added below."""
    key = ("subject_id", "repeat")
    rows = [(row["subject_id"], str(row["repeat"])) for row in lines(page)]
    try:
        at = FIRST + rows.index((subject, str(number)))
    except ValueError:
        at = FIRST + len(rows)
    for name, value in {**dict(zip(key, (subject, number), strict=True)), **values}.items():
        page.cell(at, heads(page).index(name) + 1).value = value


def take(trial: OpenedTrial, book: Workbook) -> tuple[LeftOut, ...]:
    path = trial.folder.parent / "back.xlsx"
    book.save(path)
    rows = settled(from_workbook(path, trial.schemas), trial.folder, trial.schemas)
    compared = difference(trial.folder, trial.schemas, rows.incoming)
    write_import(compared, trial.schemas.data, signed=SIGNED, replace=True, empty=True)
    return rows.refused


def events(trial: OpenedTrial) -> dict[tuple[str, str], dict[str, str]]:
    with (trial.folder / "data" / f"{EVENTS}.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["subject_id"], row["repeat"]): row for row in csv.DictReader(file, delimiter=";")
        }


def test_what_nobody_touched_changes_nothing_and_undoes_nothing(trial: OpenedTrial) -> None:
    book = sent(trial)
    path = trial.folder / "data" / f"{EVENTS}.csv"
    path.write_text(path.read_text("utf-8").replace("Knee pain", "Pain of the knee", 1), "utf-8")
    before = path.read_bytes()

    assert take(trial, book) == ()
    assert path.read_bytes() == before


@pytest.mark.slow
def test_a_new_event_does_not_overwrite_the_one_that_has_its_number(trial: OpenedTrial) -> None:
    one, other = sent(trial), sent(trial)
    put(one[EVENTS], WHO, 2, term="Headache", severity="Mild", serious="No")
    put(other[EVENTS], WHO, 2, term="Fall", severity="Severe", serious="Yes")

    assert take(trial, one) == ()
    (refused,) = take(trial, other)

    assert events(trial)[WHO, "2"]["term"] == "Headache"
    assert refused.found == f"subject_id {WHO}, repeat 2"
    assert refused.why.endswith("the next free number is 3")
    put(other[EVENTS], WHO, 2, term=None, severity=None, serious=None)
    put(other[EVENTS], WHO, 3, term="Fall", severity="Severe", serious="Yes")
    assert take(trial, other) == ()
    assert events(trial)[WHO, "3"]["severity"] == "3"
    assert len(events(trial)) == len({*events(trial)})


def test_labels_and_codes_are_read_and_what_changes_is_kept(trial: OpenedTrial) -> None:
    book = sent(trial)
    put(book[EVENTS], WHO, 1, severity="Severe", related="no")

    assert take(trial, book) == ()

    assert events(trial)[WHO, "1"]["severity"] == "3"
    log = read_changes(trial.folder / "data")
    assert [(line.item, line.old, line.new, line.who) for line in log] == [
        ("severity", "1", "3", "Ann"),
        ("related", "yes", "no", "Ann"),
    ]


@pytest.mark.slow
def test_a_row_that_both_changed_is_left_with_all_three_values(trial: OpenedTrial) -> None:
    book, newer = sent(trial), sent(trial)
    put(newer[EVENTS], WHO, 1, severity="Moderate")
    put(book[EVENTS], WHO, 1, severity="Severe", serious="Yes")
    assert take(trial, newer) == ()

    (refused,) = take(trial, book)

    assert "Severity was '1', is '2', and the workbook says '3'" in refused.why
    assert events(trial)[WHO, "1"]["serious"] == "no"


@pytest.mark.further
def test_a_key_that_was_changed_makes_no_other_row(trial: OpenedTrial) -> None:
    book = sent(trial)
    page = book[EVENTS]
    page.cell(FIRST, 2, 7)

    (refused,) = take(trial, book)

    assert refused.why.startswith(f"the row was subject_id {WHO}, repeat 1 when the workbook")
    assert (WHO, "7") not in events(trial)


@pytest.mark.further
def test_more_of_a_row_that_was_taken_before_is_taken(trial: OpenedTrial) -> None:
    book = sent(trial)
    put(book[EVENTS], WHO, 2, term="Headache")
    assert take(trial, book) == ()
    put(book[EVENTS], WHO, 2, severity="Mild")

    assert take(trial, book) == ()
    assert events(trial)[WHO, "2"]["severity"] == "1"


@pytest.mark.further
def test_a_row_that_is_gone_is_not_brought_back_in_silence(trial: OpenedTrial) -> None:
    book, untouched = sent(trial), sent(trial)
    put(book[EVENTS], WHO, 1, severity="Severe")
    path = trial.folder / "data" / f"{EVENTS}.csv"
    kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(WHO)]
    path.write_text("\n".join(kept) + "\n", "utf-8")

    (refused,) = take(trial, book)
    assert "is not in the data any more" in refused.why
    assert take(trial, untouched) == ()
    assert (WHO, "1") not in events(trial)


def test_a_site_gets_its_own_without_arms_and_the_next_number(trial: OpenedTrial) -> None:
    book = sent(trial, site="N")

    texts = {str(value) for page in book for row in page.values for value in row}
    assert WHO in texts
    assert "0202" not in texts
    assert not {"arm", "arm_received", "HIGH", "LOW", "CTRL"} & texts
    ready = [row for row in lines(book[EVENTS]) if row["subject_id"] == WHO and not row["term"]]
    assert [str(row["repeat"]) for row in ready] == ["2"]
    with pytest.raises(DataFileError, match="--site: found 'X'; expected one of N, S"):
        shown_rows(trial.folder, trial.schemas, trial.protocol, site="X")


@pytest.mark.parametrize(
    ("sites", "says"),
    [(("N", "S"), "no form asks for the site"), ((), "neither protocol nor data name a site")],
)
def test_where_nobody_says_whose_site_it_is_there_is_no_workbook_of_a_site(
    sites: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    trial = Miniature()
    named = tuple(Site(code=code, label=f"Clinic {code}") for code in sites)
    trial.protocol = replace(trial.protocol, sites=named)
    with pytest.raises(DataFileError, match=f"'N', but {says}, .* leave it out"):
        shown_rows(tmp_path, trial.schemas(tmp_path), trial.protocol, site="N")


def test_the_next_number_follows_the_largest() -> None:
    assert [next_number(each) for each in ([], ["1", "2"], ["7", "x", ""])] == [1, 3, 8]


TOUCHES = st.dictionaries(
    st.sampled_from([1, 2]),
    st.dictionaries(
        st.sampled_from(["term", "severity", "serious"]),
        st.sampled_from(["1", "2", "3"]).map(lambda code: code),
        min_size=1,
    ),
    max_size=2,
)


def filled(trial: OpenedTrial, touches: dict[int, dict[str, str]]) -> Workbook:
    book = sent(trial)
    words = {"serious": {"1": "yes", "2": "no", "3": "no"}}
    for number, values in touches.items():
        new = {name: words.get(name, {}).get(value, value) for name, value in values.items()}
        put(book[EVENTS], WHO, number, **new)
    return book


@pytest.mark.slow
@settings(deadline=None, max_examples=examples(6))
@given(one=TOUCHES, other=TOUCHES)
def test_of_two_workbooks_in_two_orders_nothing_is_lost(
    tmp_path_factory: pytest.TempPathFactory,
    one: dict[int, dict[str, str]],
    other: dict[int, dict[str, str]],
) -> None:
    refused, ends = [], []
    for order in ((one, other), (other, one)):
        trial = trial_in(tmp_path_factory.mktemp("trial"))
        before = events(trial)
        books = [filled(trial, touches) for touches in order]
        assert take(trial, books[0]) == ()
        first = events(trial)
        late = {each.found for each in take(trial, books[1])}
        after = events(trial)
        for key, row in first.items():  # what came first stands, unless it was known to the second
            if f"subject_id {key[0]}, repeat {key[1]}" in late:
                assert after[key] == row
        for key in before:
            assert key in after
        refused.append(late)
        ends.append(after)
    if not refused[0] and not refused[1]:
        assert ends[0] == ends[1]


def naming(trial: OpenedTrial) -> OpenedTrial:
    """The trial with the comments on events marked as naming a person."""
    forms = tuple(
        replace(form, items=tuple(replace(i, identifier=i.id == NAMING) for i in form.items))
        if form.id == EVENTS
        else form
        for form in trial.schemas.forms
    )
    return replace(trial, schemas=replace(trial.schemas, forms=forms))


def terms(trial: OpenedTrial) -> list[str]:
    with (trial.folder / "data" / f"{EVENTS}.csv").open(encoding="utf-8") as file:
        return [row[NAMING] for row in csv.DictReader(file, delimiter=";")]


@pytest.mark.slow
def test_what_names_a_person_is_masked_and_stays_unless_it_is_written_over(
    trial: OpenedTrial,
) -> None:
    masked = naming(trial)
    before = terms(trial)
    page = sent(masked)[EVENTS]
    assert not {str(cell.value) for row in page.iter_rows() for cell in row} & set(before)
    told = str([[cell.value for cell in row] for row in page.iter_rows()])
    assert not any(f'"{each}"' in told for each in before)

    assert take(masked, sent(masked)) == ()
    assert terms(trial) == before

    book = sent(masked)
    first = next(row for row in lines(book[EVENTS]) if str(row[NAMING]).startswith(MASKED))
    put(book[EVENTS], str(first["subject_id"]), int(str(first["repeat"])), **{NAMING: "A fall"})
    assert take(masked, book) == ()
    after = terms(trial)
    assert [new for new, old in zip(after, before, strict=True) if new != old] == ["A fall"]


@pytest.mark.further
def test_what_names_a_person_and_changed_meanwhile_is_a_conflict_that_does_not_tell_it(
    trial: OpenedTrial,
) -> None:
    masked = naming(trial)
    book, untouched = sent(masked), sent(masked)
    first = next(row for row in lines(book[EVENTS]) if str(row[NAMING]).startswith(MASKED))
    who = str(first["subject_id"]), int(str(first["repeat"]))
    earlier = sent(masked)
    put(earlier[EVENTS], *who, **{NAMING: "Dizzy spell"})
    assert take(masked, earlier) == ()
    put(book[EVENTS], *who, **{NAMING: "A fall"})
    (refused,) = take(masked, book)
    assert "Dizzy" not in refused.why
    assert "A fall" not in refused.why
    assert "was changed in the data" in refused.why
    assert take(masked, untouched) == ()
    assert "Dizzy spell" in terms(trial)
