"""The themes of the resolution workflow: who may do what with a query, and its way to its end."""

import pytest

from tests.evidence.acceptance.team import STORE, Team, query_key, read_table

pytestmark = pytest.mark.slow

CELL = ("--subject", "001", "--form", "demographics", "--item", "age_years")
CORRECTED = ("--answer", "corrected", "--right-value", "43", "--text", "misread")


@pytest.fixture
def asked(team: Team) -> str:
    return query_key(team.query("mona", "ask", *CELL, "--text", "Is 34 right?"))


@pytest.mark.parametrize(
    ("person", "may"),
    [
        ("ben", {"answer"}),
        ("mona", {"ask", "close"}),
        ("dora", {"ask", "answer", "close"}),
        ("eve", set()),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_c_4_18_1600_who_asks_answers_and_closes_is_a_matter_of_the_role(
    team: Team, asked: str, person: str, may: set[str]
) -> None:
    assert asked in team.query(person, "list")
    steps = {
        "ask": ("--subject", "002", *CELL[2:], "--text", "Is 52 right?"),
        "answer": (asked, *CORRECTED),
        "close": (asked, "--text", "seen"),
    }

    for step, words in steps.items():
        team.query(person, step, *words, code=0 if step in may else 2)


def test_c_4_18_1600_who_has_no_role_sees_no_query_and_a_granted_one_holds_at_once(
    team: Team, asked: str
) -> None:
    assert "zoe (no role) may not" in team.query("zoe", "list", code=2)

    granted = team.store("ann", "grant", "zoe", "monitor")
    assert asked in team.query("zoe", "list")
    team.query("zoe", "close", asked, "--text", "seen")

    event = granted.split("from event ")[1].split()[0]
    team.store("ann", "revoke", event, "--reason", "left the trial")
    assert "may not" in team.query("zoe", "list", code=2)


def test_c_4_18_1700_query_is_asked_answered_closed_and_the_value_verified(
    team: Team, asked: str
) -> None:
    assert f"{asked} Open" in team.query("mona", "list")
    team.query("ben", "answer", asked, *CORRECTED)
    assert f"{asked} Answered" in team.query("mona", "list")
    team.query("mona", "close", asked, "--text", "accepted")
    assert "No query waits for anybody" in team.query("mona", "list")
    team.store("mona", "mark", *CELL, "--as", "source")

    steps = [
        (each["person"], each["action"])
        for each in team.log()
        if each["item"] == "age_years"
        and each["subject_id"] == "001"
        and each["action"] != "filled"
    ]
    assert steps == [
        ("mona", "query opened"), ("ben", "query answered"), ("mona", "query closed"),
        ("mona", "marked as reviewed"),
    ]  # fmt: skip


def test_c_4_18_1800_query_of_a_finding_goes_with_it_to_its_end(team: Team) -> None:
    team.enters("dora", "demographics", "001,f,34", "001,f,90")
    key = query_key(team.query("dora", "check"))
    for person, step, words in (
        ("ben", "answer", CORRECTED),
        ("dora", "close", ("--text", "accepted")),
    ):
        team.query(person, step, key, *words)
    assert "No query waits for anybody" in team.query("dora", "check")

    team.query("dora", "export")
    team.does("dora", "validate", "trial", "--no-queries", *STORE)
    (row,) = (each for each in read_table("trial/output/findings.csv") if each["query_key"] == key)
    assert (row["value"], row["rule_id"]) == ("90", "unusual")
    history = read_table("trial/queries/history.csv")
    assert next(each["event"] for each in history if each["query_key"] == key) == "opened"
