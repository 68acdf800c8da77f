"""``today`` and ``cut`` in rules: the days of the data, in memory and streamed alike."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.miniature import Miniature
from trialkit.checks.forms.self_test import try_forms
from trialkit.checks.one_file.at_scale import check_file
from trialkit.checks.trial.checking import check
from trialkit.store.data_days import DataDays
from trialkit.store.freezing import freeze
from trialkit.store.one_file.scanning import open_scan
from trialkit.store.sources.folder_source import FolderSource

RULE = """
[[rules]]
id = "LATE"
expression = "{expression}"
severity = "soft"
message = "{{visit_date}} is late"
items = ["visit_date"]
"""
W6 = [date(2025, 2, 26), date(2025, 2, 26), date(2025, 2, 27)]
BL = [date(2025, 1, 14), date(2025, 1, 15), date(2025, 1, 16)]


def ruled(expression):
    trial = Miniature()
    trial.forms["pain"] += RULE.format(expression=expression)
    return trial


def late(trial, folder, *, today, cut=None):
    """How often the rule is broken, in memory and streamed."""
    schemas = trial.schemas(folder)
    snapshot = freeze(FolderSource(folder=folder), schemas, today=today, cut=cut)
    frame = check(snapshot, schemas, trial.protocol).to_frame()
    form = schemas.form("pain")
    scan = open_scan(folder / "data" / "pain.csv", form, schemas.data)
    days = DataDays.stated(protocol=None, asked=cut, run=today)
    found = check_file(scan, form, schemas, trial.protocol, days=days)
    streamed = found.listed.to_frame()
    return (frame["rule_id"] == "LATE").sum(), (streamed["rule_id"] == "LATE").sum()


@settings(max_examples=examples(15))
@given(days=st.integers(0, 60))
def test_a_rule_knows_the_last_day_of_the_data(days, tmp_path_factory):
    today = date(2025, 2, 27) + timedelta(days=days)
    trial = ruled("today - visit_date <= 40")
    expected = sum((today - day).days > 40 for day in [*BL, *W6])
    assert late(trial, tmp_path_factory.mktemp("days"), today=today) == (expected, expected)


def test_the_cut_is_another_day_than_today(tmp_path):
    cut, today = date(2025, 3, 1), date(2025, 6, 1)
    trial = ruled("cut < today AND cut = DATE '2025-03-01' AND today = DATE '2025-06-01'")
    assert late(trial, tmp_path, today=today, cut=cut) == (0, 0)
    trial = ruled("visit_date > cut OR cut > today")
    assert late(trial, tmp_path / "b", today=today, cut=cut) == (6, 6)


@pytest.mark.slow
def test_the_day_of_entry_is_not_known_in_memory_nor_streamed(tmp_path):
    today = date(2025, 6, 1)
    for place, rule in enumerate(
        ("entry_day - visit_date > 400", "entry_day IS NULL", "entry_day = visit_date")
    ):
        found = late(ruled(rule), tmp_path / str(place), today=today)
        assert found == (0, 0), rule
    unless = "visit_date > '2025-02-01' AND entry_day - visit_date > 400"
    assert late(ruled(unless), tmp_path / "known", today=today) == (3, 3)


@pytest.mark.parametrize("name", ["today", "cut", "entry_day"])
def test_where_nobody_stated_a_day_nothing_is_found(name, tmp_path):
    trial = ruled(f"visit_date > {name}")
    schemas = trial.schemas(tmp_path)
    snapshot = freeze(FolderSource(folder=tmp_path), schemas)
    assert check(snapshot, schemas, trial.protocol).to_frame().empty
    assert try_forms(schemas)


def test_an_item_of_that_name_goes_before(tmp_path):
    trial = ruled("today > visit_date")
    trial.forms["pain"] = trial.forms["pain"].replace(
        "[[rules]]",
        '[[items]]\nid = "today"\nlabel = "Day of entry"\ntype = "date"\n\n[[rules]]',
        1,
    )
    head, *rows = trial.data["pain"].strip().split("\n")
    trial.data["pain"] = "\n".join([f"{head},today", *(f"{row},2025-01-01" for row in rows)]) + "\n"
    assert late(trial, tmp_path, today=date(2025, 6, 1)) == (6, 6)


def test_an_age_at_the_last_day_is_calculated(tmp_path):
    trial = Miniature()
    trial.forms["pain"] += """
[[items]]
id = "days_ago"
label = "Days since"
type = "calculated"
calculation = "today - visit_date"
"""
    schemas = trial.schemas(tmp_path)
    snapshot = freeze(FolderSource(folder=tmp_path), schemas, today=date(2025, 3, 1))
    found = snapshot["pain"].typed["days_ago"].to_list()
    assert found == [
        (date(2025, 3, 1) - day).days for one in zip(BL, W6, strict=True) for day in one
    ]
