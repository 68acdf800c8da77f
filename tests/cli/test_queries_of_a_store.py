"""A trial whose data are in a store has the queries of the store alone: no look of somebody changes a file."""

from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from trialkit.cli.main import main

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DEMOGRAPHICS = Path("trial/data/demographics.csv")
HISTORY = Path("trial/queries/history.csv")
PROTOCOL = Path("trial/protocol.toml")


def call(*words, code=0, by="ann"):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOGNAME", by)
        assert main([*map(str, words)], moment=AT) == code, words


def told(capsys) -> str:
    said = capsys.readouterr()
    return " ".join((said.out + said.err).split())


@pytest.fixture
def dirty(tmp_path, monkeypatch):
    """The data are in a store, and one value in it cannot be right."""
    monkeypatch.chdir(tmp_path)
    call("new", "trial")
    text = DEMOGRAPHICS.read_text("utf-8")
    DEMOGRAPHICS.write_text(text.replace("001,f,34", "001,f,abc"), "utf-8")
    PROTOCOL.write_text(
        PROTOCOL.read_text("utf-8").replace("[data]\n", '[data]\nstore = "evidence.sqlite"\n')
    )
    call("store", "init", "trial")
    call("store", "import", "folder", "trial", "--write")


@pytest.fixture
def history(dirty):
    """A history of the folder, from before its data were in a store."""
    text = PROTOCOL.read_text("utf-8")
    PROTOCOL.write_text(text.replace('store = "evidence.sqlite"\n', ""), "utf-8")
    call("validate", "trial", code=1)
    PROTOCOL.write_text(text, "utf-8")
    return HISTORY.read_bytes()


@pytest.fixture
def people(dirty):
    call("store", "grant", "trial", "ben", "coordinator", "--at", "north", "--begin-roles")
    call("store", "grant", "trial", "eve", "auditor")


def test_who_sees_a_part_or_only_reads_leaves_the_history_of_the_folder(history, people, capsys):
    call("store", "query", "trial", "import")
    for person, code in (("ben", 0), ("eve", 1), ("ann", 1)):
        call("validate", "trial", by=person, code=code)

    assert HISTORY.read_bytes() == history
    assert "row gone" not in HISTORY.read_text("utf-8")


def test_what_a_site_does_not_see_stays_asked(people, capsys):
    call("store", "query", "trial", "check")
    call("validate", "trial", by="ben")
    call("store", "query", "trial", "check", by="ben", code=0)
    capsys.readouterr()
    call("store", "query", "trial", "list")

    assert "Open" in capsys.readouterr().out


def test_validation_says_how_queries_stand_and_who_writes_them(dirty, capsys):
    call("validate", "trial", code=1)
    said = told(capsys)
    assert "The store has no query." in said
    assert "would be 1 opened: 'trialkit store query trial check' writes that." in said
    assert not HISTORY.exists()

    call("store", "query", "trial", "check")
    capsys.readouterr()
    call("validate", "trial", code=1)
    assert "Queries of the store: 1 open, 0 answered, 0 closed. By these findings nothing" in told(
        capsys
    )


def test_data_as_they_were_have_the_queries_of_then(dirty, capsys):
    call("store", "query", "trial", "check")
    capsys.readouterr()
    call("validate", "trial", "--as-of", 200, code=1)

    said = told(capsys)
    assert "The store had no query then. That was then; nobody is asked" in said


def test_history_from_before_is_named_and_taken_in(history, capsys):
    capsys.readouterr()
    call("validate", "trial", code=1)
    assert "'trialkit store query trial import' takes it in" in told(capsys)

    call("store", "query", "trial", "import")
    capsys.readouterr()
    call("validate", "trial", code=1)
    assert "Queries of the store: 1 open" in told(capsys)


def test_two_histories_that_parted_have_a_way_on(history, capsys):
    call("store", "query", "trial", "check")
    key = HISTORY.read_text("utf-8").splitlines()[-1].split(",")[2]
    call("store", "query", "trial", "comment", key, "--text", "by letter")
    HISTORY.write_bytes(
        history + history.splitlines(keepends=True)[-1].replace(b"opened", b"commented")
    )
    for step in ("import", "export"):
        capsys.readouterr()
        call("store", "query", "trial", step, code=2)
        said = told(capsys)
        assert "move the folder queries/ away and keep it" in said
        assert f"1 line 'commented', of {key}" in said

    Path("trial/queries").rename("kept")
    call("store", "query", "trial", "check")
    call("store", "query", "trial", "comment", key, "--text", "by phone")
    call("store", "query", "trial", "export")
    assert "by phone" in HISTORY.read_text("utf-8")


def test_list_and_workbooks_are_of_the_store(dirty, capsys):
    call("queries", "list", "trial")
    assert "'trialkit store query trial check' asks" in told(capsys)
    call("queries", "send", "trial", code=2)
    assert "Call 'trialkit store query trial check', then send" in told(capsys)

    call("store", "query", "trial", "check")
    capsys.readouterr()
    call("queries", "list", "trial")
    assert "demographics.age_years" in told(capsys)
    call("queries", "send", "trial")
    assert not HISTORY.exists()

    (path,) = Path("trial/output/sites").iterdir()
    book = openpyxl.load_workbook(path)
    sheet, line, heads = _answering(book)
    for head, words in (("answer", "corrected"), ("right value", "43"), ("answered by", "Cora")):
        sheet.cell(line, heads[head]).value = words
    book.save("back.xlsx")
    call("queries", "answer", "trial", "back.xlsx", code=2)
    assert "trialkit store query TRIAL answer --from FILE" in told(capsys)
    call("store", "query", "trial", "answer", "--from", "back.xlsx")
    assert "1 right value: 'trialkit store query trial apply QUERY' enters each." in told(capsys)
    call("store", "query", "trial", "answer", "--from", "back.xlsx", "--text", "x", code=2)
    call("store", "query", "trial", "answer", "--from", "back.xlsx")
    assert "1 had been recorded before." in told(capsys)


def _answering(book):
    """The sheet, the first row below its heads, and the columns of these."""
    for sheet in book:
        for row in sheet.iter_rows():
            heads = {cell.value: cell.column for cell in row if cell.value}
            if {"answer", "reason"} <= heads.keys():
                return sheet, row[0].row + 1, heads
    raise AssertionError


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        (("raise", "trial", "001", "demographics.sex", "right?"), "ask"),
        (("comment", "trial", "q1234", "by phone"), "comment"),
        (("close", "trial", "q1234", "seen"), "close"),
        (("apply", "trial"), "apply QUERY"),
    ],
)
def test_what_changes_queries_says_which_command_of_the_store_does_it(
    dirty, capsys, words, instead
):
    call("queries", *words, code=2)

    assert f"trialkit store query TRIAL {instead}" in told(capsys)
    assert not HISTORY.exists()
