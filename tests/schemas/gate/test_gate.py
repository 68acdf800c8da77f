"""The gate finds what is wrong, as pandera's checks of the same form do, and what is missing is not."""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.miniature import Miniature, dedented
from tests.schemas.gate.pandera_schema import broken_by_pandera, pandera_schema
from tests.schemas.gate.test_plain import FORM
from trialkit.schemas.forms.built_in import BuiltIn
from trialkit.schemas.gate.gate import BLANK, EARLIEST, NO_CHOICE, broken_rules

DAYS = [date(2024, 12, 31) + timedelta(days=each) for each in (0, 1, 2, 31, 32, 363, 364, 365, 366)]
MOMENTS = [datetime(2025, 12, 31, 23, 59, 59), datetime(2026, 1, 1), datetime(2025, 1, 1, 8, 30)]  # noqa: DTZ001
VALUES = {
    "day": st.sampled_from([*DAYS, None]),
    "vas": st.sampled_from([-0.1, 0.0, 4.9, 5.0, 95.0, 95.1, 100.0, 100.1, float("nan"), None]),
    "steps": st.sampled_from([-1, 0, 900, 901, None]),
    "side": st.sampled_from(["l", "r", None]),
    "name": st.sampled_from(["x", None]),
    "since": st.sampled_from([*DAYS, None]),
    f"since{EARLIEST}": st.sampled_from([*DAYS, None]),
    "at": st.sampled_from([*MOMENTS, None]),
    f"day{BLANK}": st.booleans(),
    f"steps{BLANK}": st.booleans(),
    f"name{BLANK}": st.booleans(),
    f"side{NO_CHOICE}": st.booleans(),
}
TYPES = {
    "day": pl.Date, "vas": pl.Float64, "steps": pl.Int64, "side": pl.Enum(["l", "r"]),
    "since": pl.Date, f"since{EARLIEST}": pl.Date, "at": pl.Datetime("us"), "name": pl.String,
}  # fmt: skip


@pytest.fixture(scope="module")
def form(tmp_path_factory):
    trial = Miniature()
    trial.forms = {"screening": trial.forms["screening"], "pain": dedented(FORM)}
    trial.data = {}
    return trial.schemas(tmp_path_factory.mktemp("trial")).form("pain")


def table(rows):
    types = {name: TYPES.get(name, pl.Boolean) for name in VALUES}
    return pl.DataFrame(rows, schema=types, orient="row")


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(*VALUES.values()), max_size=12))
def test_pandera_finds_the_same(form, rows):
    columns = table(rows)

    ours = broken_rules(columns, form)

    assert {place: rows.tolist() for place, rows in ours.items()} == broken_by_pandera(
        columns, form
    )


def test_every_broken_rule_is_found_with_its_rows_and_nothing_else(form):
    fine = (date(2025, 3, 1), 50.0, 5, "l", "x", None, None, None, False, False, False, False)
    low = (date(2025, 1, 1), -1.0, *fine[2:])
    high = (date(2025, 12, 31), 101.0, *fine[2:])
    unusual = (date(2025, 1, 31), 96.0, 901, *fine[3:])
    blank = (None, None, None, None, None, *fine[5:8], True, True, True, True)
    late = (*fine[:5], date(2026, 1, 31), date(2026, 1, 1), datetime(2026, 1, 1), *fine[8:])  # noqa: DTZ001

    found = broken_rules(table([fine, low, high, fine, unusual, blank, late]), form)

    assert {(item, rule.value): rows.tolist() for (item, rule), rows in found.items()} == {
        ("day", "out_of_range"): [1, 2],
        ("day", "unusual"): [1, 4],
        ("day", "required"): [5],
        ("vas", "out_of_range"): [1, 2],
        ("vas", "unusual"): [1, 2, 4],
        ("steps", "unusual"): [4],
        ("steps", "required"): [5],
        ("side", "not_a_choice"): [5],
        ("name", "required"): [5],
        ("since", "out_of_range"): [6],
        ("at", "out_of_range"): [6],
    }
    assert all(rows.dtype == np.intp for rows in found.values())


def test_nothing_wrong_is_nothing_found(form):
    assert broken_rules(table([]), form) == {}


def test_a_column_that_is_not_there_is_our_fault(form):
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        broken_rules(table([]).drop("vas"), form)


def test_the_second_route_coerces_nothing(form):
    schema = pandera_schema(form)

    assert schema.strict
    assert not schema.coerce
    assert not any(column.coerce for column in schema.columns.values())
    assert BuiltIn.REQUIRED.value in {check.name for check in schema.columns[f"day{BLANK}"].checks}
