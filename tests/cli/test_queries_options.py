"""The actions of ``trialkit queries`` and what each asks for."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path

import pytest

from trialkit.cli.queries_options import add_queries_actions


@pytest.fixture
def parser() -> ArgumentParser:
    made = ArgumentParser()
    add_queries_actions(made, folder=Path, day=date.fromisoformat)
    return made


def test_a_query_is_raised_about_a_cell_of_a_row(parser: ArgumentParser) -> None:
    asked = parser.parse_args(
        ["raise", "T", "0101", "pain.vas", "Left?", "--visit", "BL", "--number", "2", "--by", "Mo"]
    )
    assert (asked.action, asked.subject, asked.place, asked.text) == (
        "raise", "0101", "pain.vas", "Left?",
    )  # fmt: skip
    assert (asked.visit, asked.number, asked.by, asked.on) == ("BL", "2", "Mo", None)


@pytest.mark.parametrize("action", ["comment", "close"])
def test_what_is_said_is_about_a_query(parser: ArgumentParser, action: str) -> None:
    said = parser.parse_args([action, "T", "q3558", "Seen.", "--on", "2025-03-31"])
    assert (said.action, said.query, said.text, said.on) == (
        action, "q3558", "Seen.", date(2025, 3, 31),
    )  # fmt: skip


def test_nothing_is_applied_unless_it_is_confirmed(parser: ArgumentParser) -> None:
    plain = parser.parse_args(["apply", "T"])
    assert (plain.query, plain.confirm, plain.allow_hard, plain.by) == ([], False, False, "")
    some = parser.parse_args(["apply", "T", "--query", "qa", "--query", "qb", "--confirm"])
    assert (some.query, some.confirm) == (["qa", "qb"], True)
