"""The actions of ``trialkit store`` and what each asks for."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

import pytest

from trialkit.cli.commands.store import ACTIONS
from trialkit.cli.store_ends import STORE_ENDS
from trialkit.cli.store_options import add_store_actions


@pytest.fixture
def parser() -> ArgumentParser:
    made = ArgumentParser()
    add_store_actions(made, folder=Path, day=date.fromisoformat)
    return made


def test_the_store_is_the_trials_own_unless_another_is_named(parser: ArgumentParser) -> None:
    assert parser.parse_args(["log", "T"]).url == ""
    assert parser.parse_args(["log", "T", "--url", "postgresql://h/d"]).url == "postgresql://h/d"


def test_who_begins_a_store_says_who_they_are(parser: ArgumentParser) -> None:
    begun = parser.parse_args(["init", "T", "--person", "Ann Miller", "--role", "data manager"])
    assert (begun.action, begun.person, begun.role, begun.site, begun.application) == (
        "init", "Ann Miller", "data manager", "", "",
    )  # fmt: skip


def test_the_log_is_asked_by_participant_form_person_and_day(parser: ArgumentParser) -> None:
    log = parser.parse_args(
        ["log", "T", "--subject", "001", "--form", "pain", "--person", "Ann", "--since", "2026-03-01",
         "--to", "log.csv"]
    )  # fmt: skip
    assert (log.subject, log.form, log.person, log.since, log.until, log.to) == (
        "001", "pain", "Ann", date(2026, 3, 1), None, Path("log.csv"),
    )  # fmt: skip
    assert not log.show_identifiers


def test_every_action_has_its_end() -> None:
    assert {name.split()[1] for name in STORE_ENDS} == set(ACTIONS)
    assert all(each.findings != each.cannot for each in STORE_ENDS.values())


@pytest.mark.parametrize("number", ["9" * 20, "-1", "1.5", "four", "\u0663"])
@pytest.mark.parametrize(
    "words",
    [
        ("redact", "T", "{}", "--reason", "x"),
        ("unlock", "T", "{}"),
        ("revoke", "T", "{}", "--reason", "x"),
        ("freeze", "T", "--lift={}"),
        ("mark", "T", "--withdraw={}"),
        ("mark", "T", "--as-of={}"),
        ("sign", "T", "--meaning", "review", "--as-of={}"),
        ("export", "T", "out", "--as-of={}"),
        ("diff", "T", "{}", "4"),
    ],
    ids=" ".join,
)
def test_number_that_no_log_has_is_refused_where_it_is_typed(
    parser: ArgumentParser,
    words: tuple[str, ...],
    number: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parser.parse_args([each.format(number) for each in words])
    assert "is no event" in capsys.readouterr().err or number != "9" * 20
