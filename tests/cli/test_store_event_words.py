"""The log says in words what a grant, a mark, a signature and a query were of."""

import json

import pytest

from trialkit.cli.store_event_words import became, by_whom, what_was_done

ROLE = {"arms": 0, "person": "ben", "printed_name": "Ben", "role": "monitor", "site": "north"}


def event(action, details="", *, about="0", new=""):
    said = json.dumps(details) if isinstance(details, dict) else details
    return {"action": action, "details": said, "about": about, "new": new}


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (event("granted", ROLE), "granted: monitor to ben at site north"),
        (
            event("granted", {**ROLE, "arms": 1, "site": ""}),
            "granted: monitor to ben, and reads arms",
        ),
        (event("revoked", {"person": "ben", "site": ""}, about="7"), "revoked 7: of ben"),
        (event("marked as reviewed", {"kind": "reviewed"}), "marked as reviewed: reviewed"),
        (
            event("signed", {"meaning": "approval", "by": "passphrase"}),
            "signed: approval, by passphrase",
        ),
        (event("signed", {}), "signed"),
        (
            event("passphrase refused", {"by": "database password"}),
            "passphrase refused: database password",
        ),
        (event("query opened", {"query_key": "q1"}), "query opened: q1"),
        (
            event("query answered", {"query_key": "q1", "answer": "corrected"}),
            "query answered: q1: corrected",
        ),
        (event("locked", {"site": "north"}), "locked: site north"),
        (event("frozen", {"site": ""}), "frozen: the database"),
        ({**event("frozen", {"site": ""}), "subject_id": "002"}, "frozen"),
        (event("slot used", {"line": "secret", "slot": 3}), "slot used"),
        (event("granted", "[withheld]"), "granted"),
        (event("granted", "[1]"), "granted"),
        (event("adjudicated", about="9"), "adjudicated 9"),
    ],
)
def test_action_says_what_it_was_of(of, words):
    assert what_was_done(of) == words


@pytest.mark.parametrize(
    ("of", "words"),
    [
        (event("query opened", new='{"message":"Is 93 right?","value":"93"}'), "Is 93 right?"),
        (event("query opened", new="[withheld]"), "[withheld]"),
        (event("query answered", new='{"value":"54"}'), "right value 54"),
        (event("query answered", new="[withheld]"), "[withheld]"),
        (event("filled", new='{"message":"an answer"}'), '{"message":"an answer"}'),
    ],
)
def test_words_of_a_query_are_no_json(of, words):
    assert became(of) == words


@pytest.mark.parametrize(
    ("printed", "account", "role", "words"),
    [
        ("ben", "ben", "no role", "ben"),
        ("Ben Okafor", "ben", "monitor", "Ben Okafor (ben, monitor)"),
        ("ben", "ben", "monitor", "ben (monitor)"),
    ],
)
def test_who_has_account_and_role(printed, account, role, words):
    assert by_whom({"printed_name": printed, "person": account, "role": role}) == words
