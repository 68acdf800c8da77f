"""The log on the screen and as a file: who, what, where, before and after, why."""

import csv
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader

from tests.cli.pain_form import pain_form
from tests.evidence.world import cell, occasion, row, small_history
from trialkit.cli.main import main
from trialkit.cli.store_log import COLUMNS
from trialkit.evidence.database.opening import make_sqlite_store
from trialkit.evidence.log.events import entries
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.redacting import redact

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def trial(tmp_path):
    folder = tmp_path / "trial"
    assert main(["new", str(folder), "--empty"]) == 0
    (folder / "forms" / "pain.toml").write_text(pain_form())
    store = make_sqlite_store(folder / "evidence.sqlite")
    small_history(store)
    store.close()
    return folder


def said(capsys, *words):
    capsys.readouterr()
    assert main(["store", "log", *map(str, words)], moment=AT) == 0
    return capsys.readouterr().out.splitlines()


def test_an_event_is_a_line(trial, capsys):
    count, heads, *lines = said(capsys, trial)
    assert count == "8 events:"
    assert heads.startswith("event  when (UTC)  who  what  where")
    assert (
        lines[-1]
        == "8  2026-03-02 08:04:00  Ann Miller (ann, coordinator)  changed  pain.vas P1 week_0  57  75  misread"
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (("--subject", "P1"), ["3", "4", "8"]),
        (("--form", "pain", "--subject", "P2"), ["5", "6", "7"]),
        (("--person", "Ann Miller", "--form", "pain"), ["2", "3", "4", "5", "6", "7", "8"]),
        (("--person", "ann", "--subject", "P1"), ["3", "4", "8"]),
        (("--since", "2026-03-02", "--until", "2026-03-02", "--subject", "P1"), ["3", "4", "8"]),
    ],
)
def test_some_of_it_can_be_asked_for(trial, capsys, asked, found):
    assert [line.partition("  ")[0] for line in said(capsys, trial, *asked)[2:]] == found


@pytest.mark.parametrize(
    "asked", [("--person", "Bob"), ("--since", "2026-03-03"), ("--until", "2026-03-01")]
)
def test_nothing_found_is_said(trial, capsys, asked):
    assert said(capsys, trial, *asked) == ["No event of this kind is in the log."]


def test_the_file_has_every_column_and_harmless_cells(trial, capsys, tmp_path):
    store = make_sqlite_store(tmp_path / "other.sqlite")
    small_history(store)
    evil = cell("P2", "vas", "31", "=HYPERLINK(1)", reason="@sum")
    append(store, entries([evil]), occasion(5))
    store.close()
    target = tmp_path / "log.csv"
    said(capsys, trial, "--url", tmp_path / "other.sqlite", "--to", target)
    with target.open(newline="") as file:
        heads, *rows = csv.reader(file)
    assert tuple(heads) == COLUMNS
    last = dict(zip(heads, rows[-1], strict=True))
    assert (last["old"], last["new"], last["reason"]) == ("31", "'=HYPERLINK(1)", "'@sum")
    assert [each[0] for each in rows] == [str(number) for number in range(1, 10)]


def test_answers_that_name_a_person_are_masked_and_what_left_is_said(trial, capsys):
    masked = said(capsys, trial, "--subject", "P2")
    assert not any("sat down" in line for line in masked)
    assert any("(not shown, " in line for line in masked)
    assert any("sat down" in line for line in said(capsys, trial, "--show-identifiers"))


def test_a_text_that_was_redacted_says_so(tmp_path, trial, capsys):
    path = tmp_path / "other.sqlite"
    store = make_sqlite_store(path)
    small_history(store)
    append(store, entries([row("P3"), cell("P3", "vas", "", "Smith")]), occasion(5))
    redact(store, 10, occasion(6), reason="a name")
    store.close()
    lines = said(capsys, trial, "--url", path)
    assert not any("Smith" in line for line in lines)
    assert any("pain.vas P3 week_0  -  (redacted)" in line for line in lines)
    assert any("redacted 10" in line and "a name" in line for line in lines)


def test_another_ending_is_refused(trial, capsys, tmp_path):
    assert main(["store", "log", str(trial), "--to", str(tmp_path / "log.docx")]) == 2
    assert "name a file that ends in .csv, .html or .pdf" in capsys.readouterr().err


def test_the_page_has_no_markup_that_was_entered(trial, capsys, tmp_path):
    path = tmp_path / "other.sqlite"
    store = make_sqlite_store(path)
    small_history(store)
    append(store, entries([cell("P2", "vas", "31", "<b>&", reason="<script>")]), occasion(5))
    store.close()
    target = tmp_path / "log.html"
    said(capsys, trial, "--url", path, "--to", target, "--subject", "P2")
    page = target.read_text()
    assert "<td>&lt;b&gt;&amp;</td><td>&lt;script&gt;</td>" in page
    assert "<script" not in page
    assert page.count("<tr>") == 1 + 4
    assert "<dt>Asked for</dt><dd>subject P2</dd>" in page
    assert "<h1>Log of the evidence store: trial</h1>" in page
    assert "<dt>Log</dt><dd>to event 9, whose hash is " in page
    assert "sat down" not in page


def pdf_of(path):
    return "".join(page.extract_text() for page in PdfReader(path).pages)


def test_the_pdf_says_which_log_it_is_who_printed_it_and_masks_who_is_named(
    trial, capsys, tmp_path, monkeypatch
):
    monkeypatch.setenv("TRIALKIT_BY", "Eve Auditor")
    monkeypatch.setenv("LOGNAME", "eve")
    target = tmp_path / "log.pdf"
    said(capsys, trial, "--to", target, "--subject", "P2")
    text = pdf_of(target)
    assert "Log of the evidence store: trial" in text
    assert "subject P2" in text
    assert "to event 8, whose hash is " in text
    assert "by Eve Auditor (eve), 2026-03-02 09:00:00 (UTC)" in text
    assert "sat down" not in text
    assert "(not shown, " in text
    first = target.read_bytes()
    said(capsys, trial, "--to", target, "--subject", "P2")
    assert target.read_bytes() == first
    said(capsys, trial, "--to", target, "--show-identifiers")
    assert "sat down" in pdf_of(target)


def test_what_no_font_has_is_told(trial, capsys, tmp_path):
    path = tmp_path / "other.sqlite"
    store = make_sqlite_store(path)
    small_history(store)
    append(store, entries([cell("P2", "vas", "31", "\U00012000")]), occasion(5))
    store.close()
    target = tmp_path / "log.pdf"
    warned = " ".join(said(capsys, trial, "--url", path, "--to", target))
    assert "no font of this computer has 1 character of the log" in warned
    assert "[U+12000]" in pdf_of(target)


def test_more_than_a_pdf_holds_leaves_no_file(trial, capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("trialkit.pages.log_document.MOST_PRINTED_EVENTS", 3)
    target = tmp_path / "log.pdf"
    assert main(["store", "log", str(trial), "--to", str(target)], moment=AT) == 2
    assert "a PDF holds 3 events" in capsys.readouterr().err
    assert not target.exists()
