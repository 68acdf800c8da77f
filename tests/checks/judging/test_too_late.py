"""A date that had not come is a hard finding on its cell, in memory and streamed, and the only one."""

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.miniature import Miniature
from tests.store.test_cutting import unlimited
from trialkit.checks.judging.too_late import after, may_be_too_late
from trialkit.checks.one_file.at_scale import check_file
from trialkit.checks.trial.checking import check
from trialkit.schemas.forms.forms import Item
from trialkit.schemas.items.item_types import ItemType
from trialkit.store.data_days import DataDays
from trialkit.store.freezing import freeze
from trialkit.store.one_file.scanning import open_scan
from trialkit.store.sources.folder_source import FolderSource

TODAY = date(2025, 3, 1)


def findings(trial: Miniature, folder, **days):
    schemas = trial.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, **days)
    return check(snapshot, schemas, trial.protocol).to_frame()


def with_w6_on(day, trial=None):
    trial = trial or unlimited()
    trial.data["pain"] = trial.data["pain"].replace("S1,W6,2025-02-26", f"S1,W6,{day}")
    return trial


@pytest.mark.parametrize("cut", [None, date(2025, 2, 1), date(2025, 2, 26)])
def test_one_date_typed_wrong_is_one_finding_whatever_the_cut(cut, tmp_path):
    frame = findings(with_w6_on("2052-02-26"), tmp_path, cut=cut, today=TODAY)
    assert frame[["subject_id", "visit", "form", "item", "rule_id", "severity"]].to_numpy().tolist() == [
        ["S1", "W6", "pain", "visit_date", "after_cut", "hard"]
    ]  # fmt: skip
    assert frame["value"].tolist() == ["2052-02-26"]
    assert "these data reach up to 2025-03-01" in frame["message"][0]


def test_a_visit_after_the_cut_before_one_that_took_place_is_found(tmp_path):
    trial = unlimited()
    trial.data["pain"] = trial.data["pain"].replace("S1,BL,2025-01-14", "S1,BL,2025-11-14")
    frame = findings(trial, tmp_path, cut=date(2025, 2, 26), today=date(2026, 1, 1))
    assert frame["rule_id"].tolist() == ["after_cut"]
    assert "but a later visit took place before it" in frame["message"][0]


def test_what_ended_after_an_early_cut_is_right(tmp_path):
    """The row was there at the cut; what its other dates say was learnt later."""
    trial = unlimited()
    trial.forms["pain"] += """
[[items]]
id = "next_on"
label = "Next appointment"
type = "date"
"""
    rows = trial.data["pain"].strip().split("\n")
    rows = [f"{rows[0]},next_on", *(f"{row},2025-02-28" for row in rows[1:])]
    trial.data["pain"] = "\n".join(rows) + "\n"
    assert findings(trial, tmp_path / "a", cut=date(2025, 1, 20), today=TODAY).empty
    early = findings(trial, tmp_path / "b", today=date(2025, 2, 27))
    assert set(early["item"]) == {"next_on"}
    assert set(early["rule_id"]) == {"after_cut"}
    trial.forms["pain"] += "ahead = true\n"
    assert findings(trial, tmp_path / "c", today=date(2025, 2, 27)).empty


@settings(max_examples=examples(20))
@given(days=st.integers(-40, 40))
def test_a_file_that_streams_by_is_judged_alike(days, tmp_path_factory):
    folder = tmp_path_factory.mktemp("streamed")
    day = TODAY + timedelta(days=days)
    trial = with_w6_on(day.isoformat())
    in_memory = findings(trial, folder, today=TODAY)
    schemas = trial.schemas(folder)
    form = schemas.form("pain")
    scan = open_scan(folder / "data" / "pain.csv", form, schemas.data)
    found = check_file(scan, form, schemas, trial.protocol, days=DataDays(cut=TODAY, today=TODAY))
    streamed = found.listed.to_frame()
    assert (in_memory["rule_id"] == "after_cut").sum() == (days > 0)
    assert (streamed["rule_id"] == "after_cut").sum() == (days > 0)


@pytest.mark.parametrize(
    ("kind", "value", "late"),
    [
        (ItemType.DATE, date(2025, 3, 2), True),
        (ItemType.DATE, date(2025, 3, 1), False),
        (ItemType.PARTIAL_DATE, "2025-UN-UN", False),
        (ItemType.PARTIAL_DATE, "2025-04-UN", True),
        (ItemType.PARTIAL_DATE, "2025-03-UN", False),
    ],
)
def test_of_a_date_known_in_part_its_first_day_decides(kind, value, late):
    item = Item(id="day", label="Day", type=kind)
    table = pl.DataFrame({"day": [value]})
    assert table.select(after(pl.col("day"), item, TODAY)).item() is late


def test_of_a_moment_its_day_decides():
    item = Item(id="at", label="At", type=ItemType.DATE_TIME)
    table = pl.DataFrame({"at": ["2025-03-01 23:59", "2025-03-02 00:00"]}).select(
        pl.col("at").str.to_datetime("%Y-%m-%d %H:%M")
    )
    assert table.select(after(pl.col("at"), item, TODAY)).to_series().to_list() == [False, True]


def test_what_holds_no_day_or_lies_ahead_is_left_alone():
    assert not may_be_too_late(Item(id="a", label="A", type=ItemType.TEXT))
    assert not may_be_too_late(Item(id="a", label="A", type=ItemType.DATE, ahead=True))
    assert may_be_too_late(Item(id="a", label="A", type=ItemType.DATE))
