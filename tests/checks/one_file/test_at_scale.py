"""A file that streams by is judged as the trial's own data are, row for row."""

import random
from datetime import date, datetime, time

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import examples, few_at_once
from tests.miniature import Miniature, dedented
from trialkit.checks.findings.findings import COLUMNS
from trialkit.checks.one_file.alone import form_alone
from trialkit.checks.one_file.at_scale import check_file, with_duplicates
from trialkit.checks.trial.checking import check
from trialkit.errors import DataFileError
from trialkit.schemas.forms.forms import Severity
from trialkit.store.freezing import freeze
from trialkit.store.one_file import scanning
from trialkit.store.one_file.key_uniqueness import duplicate_keys
from trialkit.store.one_file.scanning import open_scan
from trialkit.store.sources.folder_source import FolderSource

BEYOND_A_ROW = {
    "unknown_subject",
    "duplicate_key",
    "missing_form",
    "visit_window",
    "not_randomised",
}

VISITS = dedented("""
    [form]
    id = "pain"
    title = "Pain"
    kind = "assessment"
    expected = "as_needed"
    visits = ["BL", "W6"]

    [[items]]
    id = "on"
    label = "Date"
    type = "date"
    range = { low = 2025-01-01, high = 2025-12-31 }
    required = true

    [[items]]
    id = "vas"
    label = "Pain"
    type = "decimal"
    range = { low = 0, high = 100 }
    expected_range = { high = 95 }
    required = true

    [[items]]
    id = "steps"
    label = "Steps"
    type = "integer"
    range = { low = 0 }
    missing_codes = ["ND"]

    [[items]]
    id = "side"
    label = "Side"
    type = "choice"
    choices = [{ code = "l", label = "Left" }, { code = "r", label = "Right" }]

    [[items]]
    id = "drug"
    label = "Took a drug"
    type = "yes_no"
    required = true

    [[items]]
    id = "drug_name"
    label = "Which drug"
    type = "text"
    shown_when = "drug = TRUE"
    required = true

    [[items]]
    id = "where"
    label = "Where"
    type = "multi_choice"
    choices = [{ code = "a", label = "Arm" }, { code = "b", label = "Back" }]

    [[items]]
    id = "since"
    label = "Since"
    type = "partial_date"
    range = { high = 2025-12-31 }

    [[items]]
    id = "at"
    label = "At"
    type = "date_time"

    [[items]]
    id = "clock"
    label = "Clock"
    type = "time"
    required_when = "side = 'l'"

    [[rules]]
    id = "P1"
    expression = "vas <= 50 OR steps < 1000 OR steps__missing = 'ND'"
    severity = "soft"
    message = "Much pain {vas} and many steps {steps}."
    items = ["vas"]

    [[rules]]
    id = "P2"
    expression = "where__count <= 1 OR since <= on"
    severity = "hard"
    message = "Odd."
    items = ["where"]

    [[rules]]
    id = "P3"
    expression = "visit <> 'W6' OR on > randomisation.randomisation_date"
    severity = "hard"
    message = "Before the randomisation."
    items = ["on"]

    [[rules]]
    id = "P4"
    expression = "MATCHES(drug_name, '[a-m]\\\\w*') OR NOT CONTAINS(UPPER(drug_name), 'I')"
    severity = "soft"
    message = "An odd drug."
    items = ["drug_name"]
""")
KEYS = ("subject_id", "visit")
CELLS = {
    "subject_id": ["S1", "S2", "S3", " S4", "", "  "],
    "visit": ["BL", "W6", "BL ", "XX", ""],
    "on": ["2025-02-01", "2024-02-01", "2025-13-01", "", "ND", " 2025-03-01 ", "soon"],
    "vas": ["10", "60.5", "96", "101", "-1", "", "ND", "x", "1e400", "NaN"],
    "steps": ["5", "5000", "-5", "5.0", "", "ND", "REF", "1e3"],
    "side": ["l", "r", "", "q", " l", "ND"],
    "drug": ["yes", "no", "", "1", "maybe", "UNK"],
    "drug_name": ["", "aspirin", "ND", "  ", "zinc", "Ibuprofen"],
    "where": ["", "a", "a b", "none_of_these", "c", "ND"],
    "since": ["", "2025-UN-UN", "2026-01-UN", "2025-02-01", "x"],
    "at": ["", "2025-02-01 10:00", "2025-02-01", "ND"],
    "clock": ["", "8:30", "25:00", "ND"],
}


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    mini = Miniature()
    mini.forms["pain"] = VISITS
    mini.forms["end_of_study"] = mini.forms["end_of_study"].split("[[rules]]")[0]
    folder = tmp_path_factory.mktemp("scale")
    mini.data["pain"] = ",".join(CELLS) + "\n"
    return mini, folder, mini.schemas(folder)


def some_rows(seed: int, count: int) -> pl.DataFrame:
    rng = random.Random(seed)
    likely = {name: cells[:1] * 6 + cells for name, cells in CELLS.items()}
    rows = [[rng.choice(likely[name]) for name in CELLS] for _ in range(count)]
    return pl.DataFrame(rows, schema=dict.fromkeys(CELLS, pl.String), orient="row")


def streamed(trial, path, **options):
    mini, _, schemas = trial
    form = schemas.form("pain")
    return check_file(open_scan(path, form, schemas.data), form, schemas, mini.protocol, **options)


def counted(frame):
    return frame.groupby(["rule_id", "item", "severity"]).size().to_dict()


def counts_of(found):
    return {(each.rule_id, each.item, each.severity.value): each.findings for each in found.counts}


@pytest.mark.slow
@settings(max_examples=examples(4), deadline=None, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 10**6), count=st.integers(20, 60))
def test_a_stream_finds_what_validation_finds_and_says_the_same(trial, seed, count):
    mini, folder, schemas = trial
    rows = some_rows(seed, count)
    # one key for each row: duplicates are a matter of their own
    whole = rows["subject_id"].str.strip_chars() != ""
    rows = rows.with_columns(
        subject_id=pl.when(whole)
        .then(pl.col("subject_id") + pl.int_range(pl.len()).cast(pl.String))
        .otherwise("subject_id")
    )
    rows.write_csv(folder / "data" / "pain.csv")
    screened = rows["subject_id"].str.strip_chars().unique().drop_nulls()
    mini.data["screening"] = "subject_id,screening_date,age_years,eligible\n" + "".join(
        f"{name},2025-01-10,30,yes\n" for name in screened if name
    )
    (folder / "data" / "screening.csv").write_text(mini.data["screening"])
    expected = _ordinary(mini, folder, schemas)

    found = streamed(trial, folder / "data" / "pain.csv")

    assert found.rows == rows.height
    assert counts_of(found) == counted(expected)
    said = [
        "subject_id",
        "visit",
        "item",
        "value",
        "missing_code",
        "rule_id",
        "message",
        "query_key",
    ]
    ours = found.listed.to_frame()[said].to_numpy().tolist()
    assert ours == expected[said].to_numpy().tolist()  # in the same order, too


def _ordinary(mini, folder, schemas):
    frame = check(freeze(FolderSource(folder=folder), schemas), schemas, mini.protocol).to_frame()
    beyond = frame["rule_id"].isin(BEYOND_A_ROW | {"P3"})
    frame["message"] = frame["message"].str.replace("data/pain.csv", "pain.csv")
    return frame[(frame["form"] == "pain") & ~beyond]


@pytest.mark.slow
@settings(max_examples=examples(3), deadline=None)
@given(seed=st.integers(0, 10**6))
def test_text_in_parquet_and_in_csv_are_the_same(trial, tmp_path_factory, seed):
    folder, rows = tmp_path_factory.mktemp("both"), some_rows(seed, 30)
    rows.write_csv(folder / "pain.csv")
    rows.write_parquet(folder / "pain.parquet")

    csv, parquet = (streamed(trial, folder / f"pain.{kind}") for kind in ("csv", "parquet"))

    assert csv.rows == parquet.rows
    assert counts_of(csv) == counts_of(parquet)


def test_typed_columns_are_judged_by_their_values(trial, tmp_path):
    rows = 8
    frame = pl.DataFrame(
        {
            "subject_id": pl.Series([1, 2, 3, 4, 5, 6, None, 8]),
            "visit": pl.Series(["BL"] * 7 + ["ZZ"], dtype=pl.Categorical),
            "on": [date(2025, 2, 1), date(2024, 2, 1), None] + [date(2025, 2, 1)] * 5,
            "vas": [1.0, 99.5, 101.0, float("nan"), float("inf"), 5.0, 5.0, 5.0],
            "steps": [1.0, None, -1.0, 2.5, 1e16, float("nan"), 0.0, 0.0],
            "side": ["r"] * rows,
            "drug": [False, None] + [False] * 6,
            "drug_name": [None] * rows,
            "where": [""] * rows,
            "since": [None] * rows,
            "at": [datetime(2025, 1, 1)] * rows,  # noqa: DTZ001 - a clock on the wall
            "clock": [time(8, 30), time(8, 30, 5)] + [time(8, 30)] * 6,
        }
    )
    frame.write_parquet(tmp_path / "pain.parquet")

    found = streamed(trial, tmp_path / "pain.parquet")

    assert found.rows == rows
    assert counts_of(found) == {
        ("required", "on", "hard"): 1,
        ("required", "vas", "hard"): 1,
        ("required", "drug", "hard"): 1,
        ("out_of_range", "on", "hard"): 1,
        ("out_of_range", "vas", "hard"): 1,
        ("unusual", "vas", "soft"): 1,
        ("out_of_range", "steps", "hard"): 1,
        ("unreadable", "vas", "hard"): 1,
        ("unreadable", "steps", "hard"): 2,
        ("unreadable", "clock", "hard"): 1,
        ("blank_key", "subject_id", "hard"): 1,
        ("unknown_visit", "visit", "hard"): 1,
    }
    messages = found.listed.to_frame().set_index("rule_id")["message"]
    assert "in row 7 of pain.parquet" in messages["blank_key"]


@pytest.mark.parametrize("limit", few_at_once([8, 1, 7, 9, 60], 1))
def test_all_is_counted_and_the_listing_stops_at_its_limit(trial, tmp_path, limit):
    some_rows(1, 300).write_csv(tmp_path / "pain.csv")
    whole = streamed(trial, tmp_path / "pain.csv", limit=10**6)

    found = streamed(trial, tmp_path / "pain.csv", limit=limit)

    assert counts_of(found) == counts_of(whole)
    assert found.count(Severity.HARD) > limit
    listed = found.listed.to_frame()
    assert listed.equals(whole.listed.to_frame().head(limit))
    assert listed.columns.tolist() == list(COLUMNS)


@pytest.mark.further
@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_batches_change_nothing(trial, tmp_path, monkeypatch, kind):
    rows = some_rows(2, 60)
    path = tmp_path / f"pain.{kind}"
    rows.write_csv(path) if kind == "csv" else rows.write_parquet(path)
    whole = streamed(trial, path)
    monkeypatch.setattr(scanning, "ROWS", 7)
    monkeypatch.setattr(scanning, "BLOCK", 100)

    seen = []
    found = streamed(trial, path, watch=lambda *how_far: seen.append(how_far))

    assert len(seen) > 5
    assert seen[-1][0] == rows.height
    assert seen[-1][1] == seen[-1][2]
    assert counts_of(found) == counts_of(whole)
    assert found.listed.to_frame().equals(whole.listed.to_frame())


def test_what_needs_other_rows_is_named(trial):
    _, _, schemas = trial

    alone = form_alone(schemas.form("pain"), schemas)

    assert [rule.id for rule in alone.form.rules] == ["P1", "P2", "P4"]
    assert alone.not_checked[0] == "rule P3"
    assert "visit windows" in alone.not_checked


def test_an_item_that_is_asked_by_another_form_is_not_required_alone(tmp_path):
    mini = Miniature()
    mini.forms["pain"] = mini.forms["pain"].replace(
        'shown_when = "drug = TRUE"\n', 'shown_when = "screening.eligible = TRUE"\n'
    )
    schemas = mini.schemas(tmp_path)

    alone = form_alone(schemas.form("pain"), schemas)

    item = alone.form.item("drug_name")
    assert not item.shown_when
    assert not item.required_when
    assert "shown_when and required_when of drug_name" in alone.not_checked


@pytest.mark.parametrize("kind", few_at_once(["parquet", "csv"], 1))
def test_keys_that_several_rows_have_are_found(trial, tmp_path, kind):
    _, _, schemas = trial
    rows = some_rows(3, 4).with_columns(
        subject_id=pl.Series(["S1", " S1", "S2", ""]), visit=pl.lit("BL")
    )
    rows = pl.concat([rows, rows.tail(1)])
    path = tmp_path / f"pain.{kind}"
    rows.write_csv(path) if kind == "csv" else rows.write_parquet(path)
    form = schemas.form("pain")
    scan = open_scan(path, form, schemas.data)

    shared = duplicate_keys(scan, form.key, limit=5)

    assert (shared.keys, shared.rows) == (1, 2)
    assert shared.listed.rows() == [("S1", "BL", 2)]
    found = with_duplicates(streamed(trial, path), shared, form)
    first = found.listed.to_frame().iloc[0]
    assert (first["rule_id"], first["subject_id"], first["visit"]) == ("duplicate_key", "S1", "BL")
    assert found.counts[0].findings == 1


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_a_file_without_a_row_has_no_finding_and_no_key_twice(trial, tmp_path, kind):
    rows, form = some_rows(6, 1).clear(), trial[2].form("pain")
    path = tmp_path / f"pain.{kind}"
    rows.write_csv(path) if kind == "csv" else rows.write_parquet(path)
    shared = duplicate_keys(open_scan(path, form, trial[2].data), form.key, limit=5)
    assert (shared.keys, shared.rows, shared.listed.height) == (0, 0, 0)
    found = with_duplicates(streamed(trial, path), shared, form)
    assert (found.rows, found.counts, found.listed.to_frame().empty) == (0, (), True)


def test_what_is_no_data_file_is_one_clear_error(trial, tmp_path):
    good = some_rows(4, 3)
    cases = {
        "torn.parquet": None,
        "bytes.parquet": b"PAR1" + bytes(range(256)) * 4,
        "short.csv": b"subject_id,visit\n1,BL\n",
        "nul.csv": ",".join(CELLS).encode() + b"\n" + b"\x00" * 50,
        "packed.csv": b"\x1f\x8b\x08" + bytes(100),
        "empty.csv": b"",
        "open.csv": ",".join(CELLS).encode() + b'\n"S1,BL,,,,,,,,,,\n',
    }
    good.write_parquet(tmp_path / "whole.parquet")
    whole = (tmp_path / "whole.parquet").read_bytes()
    cases["torn.parquet"] = whole[: len(whole) // 2] + whole[-300:]
    for name, content in cases.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(DataFileError, match=name.replace(".", r"\.")):
            streamed(trial, tmp_path / name)


def test_columns_that_no_cell_can_hold_are_refused(trial, tmp_path):
    rows = some_rows(5, 2).with_columns(side=pl.Series([["l"], ["r"]]))
    rows.write_parquet(tmp_path / "pain.parquet")

    with pytest.raises(DataFileError, match="column 'side' has the type List"):
        streamed(trial, tmp_path / "pain.parquet")


def test_a_file_that_gives_fewer_rows_than_it_has_is_an_error(trial, tmp_path, monkeypatch):
    some_rows(6, 20).write_csv(tmp_path / "pain.csv")
    batches = scanning.Scan.batches

    def fewer(self):
        for batch in batches(self):
            yield scanning.Batch(
                cells=batch.cells.head(5), lines=batch.lines, rows=batch.rows, done=1, of=1
            )

    monkeypatch.setattr(scanning.Scan, "batches", fewer)

    with pytest.raises(DataFileError, match="20 rows were to be read, but 5 came"):
        streamed(trial, tmp_path / "pain.csv")
