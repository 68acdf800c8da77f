"""What is plainly right has nothing that the gate would find."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.miniature import Miniature, dedented
from trialkit.checks.judging import cells as judging
from trialkit.checks.judging.cells import check_cells
from trialkit.files.csv_reading import RawTable
from trialkit.schemas.gate.plain import plainly_right, within
from trialkit.schemas.items.answers import Range
from trialkit.store.freezing import parsed

FORM = """
    [form]
    id = "pain"
    title = "Pain"
    kind = "assessment"
    expected = "as_needed"

    [[items]]
    id = "day"
    label = "Day"
    type = "date"
    range = { low = 2025-01-02, high = 2025-12-30 }
    expected_range = { low = 2025-02-01 }
    required = true

    [[items]]
    id = "vas"
    label = "Pain"
    type = "decimal"
    range = { low = 0, high = 100 }
    expected_range = { low = 5, high = 95 }

    [[items]]
    id = "steps"
    label = "Steps"
    type = "integer"
    range = { low = 0 }
    expected_range = { high = 900 }
    required = true
    missing_codes = ["ND"]

    [[items]]
    id = "side"
    label = "Side"
    type = "choice"
    choices = [{ code = "l", label = "Left" }, { code = "r", label = "Right" }]

    [[items]]
    id = "name"
    label = "Name"
    type = "text"
    required = true

    [[items]]
    id = "since"
    label = "Since"
    type = "partial_date"
    range = { high = 2025-12-31 }

    [[items]]
    id = "at"
    label = "At"
    type = "date_time"
    range = { high = 2025-12-31 }
"""
TEXTS = {
    "subject_id": ["S1"],
    "day": ["2025-03-01", "2025-01-02", "2025-01-01", "2025-12-30", "2025-12-31", "", "ND", "x"],
    "vas": ["50", "0", "-1", "100", "101", "5", "4.9", "95", "95.1", "", "ND", "x"],
    "steps": ["5", "0", "-1", "900", "901", "", "ND", "REF", "x"],
    "side": ["l", "r", "q", "", "ND"],
    "name": ["x", "", "ND"],
    "since": ["", "2025-UN-UN", "2026-UN-UN", "2025-12-31", "2026-01-01", "x"],
    "at": ["", "2025-12-31 23:59", "2026-01-01 00:00", "x"],
}


@pytest.fixture(scope="module")
def schemas(tmp_path_factory):
    trial = Miniature()
    trial.forms = {"screening": trial.forms["screening"], "pain": dedented(FORM)}
    trial.data = {}
    return trial.schemas(tmp_path_factory.mktemp("trial"))


def found(schemas, rows):
    """What the checks of cells say, by item and rule, as row numbers."""
    form = schemas.form("pain")
    data = parsed(as_raw(rows), form, schemas.data)
    usable = pl.Series([number % 7 != 3 for number in range(len(rows))]).to_numpy()
    cells = check_cells(form, data, usable, written=schemas.data)
    hits = {(each.item, each.rule_id): each.rows.tolist() for each in cells.hits}
    return hits, {
        name: {item: rows.tolist() for item, rows in getattr(cells, name).items()}
        for name in ("required", "unusual", "wrong", "blank")
    }


def as_raw(rows):
    cells = pl.DataFrame(rows, schema=dict.fromkeys(TEXTS, pl.String), orient="row")
    return RawTable(file="pain.csv", sha256="", cells=cells, lines=np.arange(len(rows)) + 2)


@settings(max_examples=examples(25), deadline=None)
@given(rows=st.lists(st.tuples(*map(st.sampled_from, TEXTS.values())), min_size=1, max_size=30))
def test_the_gate_finds_the_same_whether_it_sees_the_doubtful_rows_or_all(schemas, rows):
    of_doubtful = found(schemas, rows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(judging, "plainly_right", lambda _item: pl.lit(value=False))
        of_all = found(schemas, rows)

    assert of_doubtful == of_all


@pytest.mark.parametrize(
    ("item", "values", "right"),
    [
        ("day", [date(2025, 2, 1), date(2025, 1, 31), None], [True, False, False]),
        (
            "vas",
            [5.0, 95.0, 4.9, 95.1, float("nan"), None],
            [True, True, False, False, False, True],
        ),
        ("steps", [0, 900, 901, None], [True, True, False, False]),
        ("side", ["l", None], [True, True]),
        ("name", ["x", None], [True, False]),
        ("since", ["2025-01-UN", None], [False, True]),
    ],
)
def test_right_is_within_every_range_and_there_where_it_must_be(schemas, item, values, right):
    plain = plainly_right(schemas.form("pain").item(item))

    assert pl.DataFrame({item: values}, strict=False).select(plain).to_series().to_list() == right


def test_bounds_are_one_more_range(schemas):
    steps = schemas.form("pain").item("steps")
    values = pl.Series("steps", [-1, 0, 7, 8, None])

    assert pl.select(within(pl.lit(values), steps, Range(low=-5, high=7))).to_series().to_list() == [
        False, True, True, False, None,
    ]  # fmt: skip
