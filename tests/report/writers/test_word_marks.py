"""A mark's name says which rows a number prints and what was printed; the record says the rest."""

from datetime import date
from xml.etree.ElementTree import fromstring

import pytest

from trialkit.report.content.origin import Origin
from trialkit.report.writers.word_marks import (
    DocumentRecord,
    MarkedNumber,
    alike,
    mark_named,
    read_record,
    record_xml,
    results_hash,
)

NUMBER = MarkedNumber(
    place=12, results=("a/b", "c"), text="−4.5 (1 < 2)", where="Table 2", before="x", after="y & z"
)
ORIGIN = Origin(
    trial="T1", version="0.1", code="c" * 64, data_cut=date(2026, 1, 2), last_day=None, style="jama",
    only=("primary",), pooled=True,
)  # fmt: skip


def test_a_name_that_word_allows_says_rows_text_and_place() -> None:
    name = NUMBER.mark.name
    assert len(name) <= 40
    assert name.startswith("_"), "Word shows no such bookmark"
    found = mark_named(name)
    assert found == NUMBER.mark
    assert found is not None
    assert (found.results, found.place) == (results_hash(("a/b", "c")), 12)
    assert found.printed("−4.5 (1 < 2)")
    assert not found.printed("−4.6 (1 < 2)")
    assert results_hash(("a/b",)) != results_hash(("a", "b"))


@pytest.mark.parametrize(
    "name", ["a_table_1", "_tk_", "_tk_12_34_5", "_Toc123", f"{NUMBER.mark.name}x"]
)
def test_another_bookmark_is_no_mark(name: str) -> None:
    assert mark_named(name) is None


def test_blanks_and_kinds_of_minus_make_no_other_text() -> None:
    assert alike("p\u00a0=\u20090.04 \n") == "p = 0.04"
    assert alike("-4.5") == alike("\u22124.5") == alike("\u20134.5") == alike("\u20114.5")
    assert NUMBER.mark.printed("-4.5\u00a0(1 < 2)")
    assert alike("4.5") != alike("-4.5")


def test_the_record_says_all_of_it_again() -> None:
    record = DocumentRecord(origin=ORIGIN, numbers=(NUMBER,))
    assert read_record(fromstring(record_xml(record))) == record


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("urn:trialkit:document:1", "urn:other"),
        ("2026-01-02", "soon"),
        ('place="12"', 'place="x"'),
        (' where="Table 2"', ""),
        (' style="jama"', ""),
    ],
)
def test_what_is_no_record_or_was_changed_is_none(old: str, new: str) -> None:
    written = record_xml(DocumentRecord(origin=ORIGIN, numbers=(NUMBER,))).decode()
    assert old in written
    assert read_record(fromstring(written.replace(old, new))) is None
