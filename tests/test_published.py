"""The published numbers as a whole: all are asked for, all say whence they are, and there are many."""

import json
import re
import sys
from collections import Counter
from itertools import groupby
from pathlib import Path

import pytest

from tests.published import FOLDER, Printed, PublishedCase, published_tables

TESTS = Path(__file__).parent
README = (FOLDER / "README.md").read_text(encoding="utf-8")
QUESTION = re.compile(r'tables_about\("([^"]+)"\)')


def test_enough_numbers_are_compared():
    counts = Counter(
        {
            source: sum(table.count for table in tables)
            for source, tables in groupby(published_tables(), key=lambda table: table.source)
        }
    )
    rows = [*counts.most_common(), (f"numbers of {len(counts)} sources", counts.total())]
    sys.stdout.writelines(f"{count:5} {source}\n" for source, count in rows)
    assert counts.total() >= 400
    assert len(counts) >= 10


def test_every_table_is_asked_for_once():
    asked = [
        question
        for path in sorted(TESTS.rglob("test_published_*.py"))
        for question in QUESTION.findall(path.read_text(encoding="utf-8"))
    ]
    assert Counter(asked).most_common(1)[0][1] == 1
    assert set(asked) == {table.about for table in published_tables()}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.stem)
def test_a_source_says_whence_it_is(path):
    written = json.loads(path.read_text(encoding="utf-8"))
    assert all(written[name].strip() for name in ("source", "read_in", "licence"))
    assert f"`{path.stem}`" in README
    titles = [(table["title"], table["about"]) for table in written["tables"]]
    assert len(set(titles)) == len(titles)


def test_what_is_known_to_differ_is_listed():
    differing = {
        table.source for table in published_tables() for case in table.cases if case.otherwise
    }
    section = README.split("## Known different")[1]
    assert set(re.findall(r"^\| `([^`]+)`", section, flags=re.MULTILINE)) == differing


@pytest.mark.parametrize(
    ("text", "as_printed", "not_as_printed"),
    [
        ("0.0575", 0.05754999, 0.05756),
        ("-0.11", -0.115, -0.1152),
        ("36", 36.4, 36.6),
        ("2.454e-06", 2.4536e-06, 2.455e-06),
        ("1e3", 1400.0, 1600.0),
        ("<0.0001", 9.9e-05, 1.1e-04),
        ("inf", float("inf"), 1e300),
        ("0.5", 0.5, float("nan")),
    ],
)
def test_a_number_rounds_to_what_is_printed(text, as_printed, not_as_printed):
    assert Printed(text).is_what(as_printed)
    assert not Printed(text).is_what(not_as_printed)


def test_a_number_of_many_digits_agrees_to_some():
    assert Printed("3.14159").is_what(3.1415, digits=4)
    assert not Printed("3.14159").is_what(3.1415, digits=5)


def test_a_stated_difference_must_be_one():
    case = PublishedCase(
        given={}, printed={"a": "1.0", "b": "2.0"}, otherwise={"b": "another rule"}
    )
    assert case.compared == ("a",)
    assert case.differences({"a": 1.0, "b": 3.0}) == []
    assert len(case.differences({"a": 1.0, "b": 2.0})) == 1
    assert len(case.differences({"a": 1.2, "b": 3.0})) == 1
