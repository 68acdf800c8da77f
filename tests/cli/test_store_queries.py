"""``trialkit store query`` on a trial's store: asked, answered, entered, and out again as a file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from trialkit.cli.main import main
from trialkit.cli.store_control_options import QUERY_STEPS
from trialkit.cli.store_queries import STEPS

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CELL = ("--subject", "001", "--form", "demographics", "--item", "age_years")
HISTORY = Path("trial/queries/history.csv")


def query(code, step, *words):
    assert main(("store", "query", "trial", step, *words), moment=AT) == code, words


def key(said: str) -> str:
    return next(word for word in said.split() if word.startswith("q") and len(word) == 16)


@pytest.fixture
def asked(stored, capsys):
    query(0, "ask", *CELL, "--text", "Is 34 right?")
    return key(capsys.readouterr().out)


def test_right_value_of_an_answer_comes_into_the_data(asked, capsys):
    query(0, "answer", asked, "--answer", "corrected", "--right-value", "43", "--text", "misread")
    assert "Answered" in capsys.readouterr().out
    query(0, "apply", asked)
    said = " ".join(capsys.readouterr().out.split())
    assert (
        "demographics.age_years 001: 34 → 43, event 226 'trialkit store query trial check'" in said
    )

    assert main(("store", "export", "trial", "out"), moment=AT) == 0
    assert "001,f,43" in Path("out/data/demographics.csv").read_text(encoding="utf-8")


def test_whole_history_of_a_query_is_shown_with_answers_and_comments(asked, capsys):
    query(0, "answer", asked, "--answer", "corrected", "--right-value", "43", "--text", "misread")
    query(0, "comment", asked, "--text", "by phone")
    query(0, "answer", asked, "--answer", "confirmed", "--text", "as on paper")
    capsys.readouterr()
    query(0, "show", asked[:6])

    said = capsys.readouterr().out
    assert "Is 34 right?" in said
    assert "query answered: corrected" in said
    assert "right value 43  misread" in said
    assert "by phone" in said
    assert "query answered: confirmed" in said

    assert main(("store", "log", "trial", "--subject", "001"), moment=AT) == 0
    logged = capsys.readouterr().out
    assert f"query answered: {asked}: corrected" in logged
    assert "right value 43  misread" in logged


def test_list_of_all_has_those_that_are_over_and_the_number_of_the_row(asked, capsys):
    query(0, "close", asked, "--text", "seen on paper")
    words = ("--subject", "005", "--form", "adverse_events", "--item", "term", "--number", "1")
    query(0, "ask", *words, "--text", "Which one?")
    capsys.readouterr()
    query(0, "list", "--all")

    said = capsys.readouterr().out
    assert f"{asked}  Closed" in said
    assert "005  -  1  adverse_events.term" in said


def test_values_that_name_a_person_are_masked_in_the_history_unless_they_are_asked_for(
    stored, capsys
):
    form = Path("trial/forms/demographics.toml")
    text = form.read_text(encoding="utf-8")
    at = text.index('id = "age_years"')
    form.write_text(f"{text[:at]}identifier = true\n{text[at:]}", encoding="utf-8")
    query(0, "ask", *CELL, "--text", "Is it right?")
    asked = key(capsys.readouterr().out)
    query(0, "answer", asked, "--answer", "corrected", "--right-value", "43", "--text", "misread")
    capsys.readouterr()
    query(0, "show", asked)
    assert "43" not in capsys.readouterr().out.replace(asked, "")
    query(0, "show", asked, "--show-identifiers")
    assert "right value 43" in capsys.readouterr().out


def test_history_goes_out_as_a_file_and_in_again(asked, capsys):
    query(0, "comment", asked, "--text", "asked by phone")
    query(0, "export")
    assert "asked by phone" in HISTORY.read_text(encoding="utf-8")

    capsys.readouterr()
    query(0, "import")
    assert "0 lines of queries/history.csv" in capsys.readouterr().out


def test_file_that_the_log_does_not_tell_of_is_not_written_over(asked, capsys):
    query(0, "export")
    before = HISTORY.read_bytes()
    HISTORY.write_bytes(before + before.splitlines(keepends=True)[-1].replace(b"opened", b"closed"))
    query(2, "export")

    assert "tells of what the log does not" in capsys.readouterr().err
    query(0, "import")
    query(0, "export")


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ((("close", "seen on paper"),), ""),
        ((("close", "seen on paper"), ("reopen", "looked again")), "Open"),
        ((("cancel", "wrong participant"),), ""),
    ],
    ids=["closed", "reopened", "cancelled"],
)
def test_query_is_closed_reopened_and_taken_back(asked, capsys, steps, state):
    for step, words in steps:
        query(0, step, asked[:8], "--text", words)
    capsys.readouterr()
    query(0, "list")

    said = capsys.readouterr().out
    assert (f"{asked}  {state}" in said) if state else ("No query waits for anybody." in said)


@pytest.mark.parametrize("step", ["close", "cancel"])
def test_what_is_refused_says_the_state_in_the_word_of_the_list(asked, capsys, step):
    query(0, "answer", asked, "--answer", "confirmed", "--text", "seen on paper")
    assert f"{asked}  Resolved" in capsys.readouterr().out

    query(2, step, asked, "--text", "again")

    did = {"close": "closed", "cancel": "cancelled"}[step]
    assert f"{asked}: is Resolved, which does not go with: query {did}; expected" in " ".join(
        capsys.readouterr().err.split()
    )


def test_draft_is_no_query_to_be_closed(stored, capsys):
    query(0, "ask", *CELL, "--text", "Is 34 right?", "--draft")
    drafted = key(capsys.readouterr().out)

    query(2, "close", drafted, "--text", "not needed")

    assert (
        "is Candidate, which does not go with: query closed; expected Open or Answered"
        in " ".join(capsys.readouterr().err.split())
    )


def test_draft_is_asked_or_taken_back_later(stored, capsys):
    query(0, "ask", *CELL, "--text", "Is 34 right?", "--draft")
    drafted = key(capsys.readouterr().out)
    query(0, "list")
    assert f"{drafted}  Candidate" in capsys.readouterr().out

    query(0, "ask", drafted)
    assert f"{drafted}  Open" in capsys.readouterr().out
    query(0, "cancel", drafted, "--text", "was seen")


def test_draft_that_was_never_asked_is_taken_back(stored, capsys):
    query(0, "ask", *CELL, "--text", "Is 34 right?", "--draft")
    query(0, "cancel", key(capsys.readouterr().out), "--text", "was seen")

    assert "Cancelled" in capsys.readouterr().out


def test_what_the_checks_find_is_asked_once(stored, capsys):
    Path("trial/data/demographics.csv").write_text(
        Path("trial/data/demographics.csv")
        .read_text(encoding="utf-8")
        .replace("001,f,34", "001,f,94"),
        encoding="utf-8",
    )
    words = ("store", "import", "folder", "trial", "--write", "--reason", "typed anew")
    assert main(words, moment=AT) == 0
    for _ in range(2):
        capsys.readouterr()
        query(0, "check")
        said = capsys.readouterr().out

        assert said.count("System") == 1
        assert "001" in said


@pytest.mark.parametrize(
    "step",
    [each for each in QUERY_STEPS if each not in ("list", "check", "import", "export", "ask")],
)
def test_step_without_a_query_says_how_to_find_one(stored, capsys, step):
    query(2, step)

    assert f"{step}: names no query" in capsys.readouterr().err


def test_every_step_of_the_options_can_be_carried_out():
    assert set(STEPS) == set(QUERY_STEPS)
