"""People ask, say and close things: each has a name, and a hard query is not closed by anybody."""

import pytest

from tests.checks.query_trial import SCHEMAS, QueryTrial, key_of
from tests.miniature import protocol
from trialkit.checks.listings.marking import listing
from trialkit.checks.queries.by_hand import (
    AskedCell,
    applied,
    commented,
    dismissed,
    raised,
    the_query,
)
from trialkit.checks.queries.queries import BY_HAND, Happening, Queries, QueryState
from trialkit.errors import DataFileError

VAS = AskedCell(subject_id="S2", form="pain", item="vas")


def odd() -> QueryTrial:
    trial = QueryTrial(
        values={"S1": "97", "S2": "40", "S3": "400"}, severities={"97": "soft", "400": "hard"}
    )
    trial.validate()
    return trial


def ask(trial: QueryTrial, text: str = "Left or right?", place: AskedCell = VAS) -> Queries:
    trial.queries = raised(
        trial.queries, place, text, snapshot=trial.snapshot(), schemas=SCHEMAS,
        protocol=protocol(), by="Mo", on="2025-03-02",
    )  # fmt: skip
    return trial.queries


def test_what_a_person_asks_stands_until_it_is_answered_or_the_value_changes() -> None:
    trial = odd()
    (query,) = (each for each in ask(trial).by_key.values() if each.rule_id == BY_HAND)

    assert (query.message, query.value, query.severity) == ("Left or right?", "40", "soft")
    after = trial.validate(later=1)
    assert after.by_key[query.query_key].state is QueryState.OPEN
    frame = listing(trial.findings(), after, "2025-03-02").frame
    assert frame.loc[frame["rule_id"] == BY_HAND, "message"].tolist() == ["Left or right?"]
    trial.values["S2"] = "41"
    closed = trial.validate(later=1).by_key[query.query_key]
    assert (closed.state, closed.resolution) == (QueryState.CLOSED, "data changed")
    assert (
        BY_HAND
        not in listing(trial.findings(), trial.queries, "2025-03-02").frame["rule_id"].tolist()
    )


def test_one_place_can_be_asked_about_twice_and_the_same_only_once() -> None:
    trial = odd()
    ask(trial)
    ask(trial, "And when?")

    assert len({each.query_key for each in trial.queries.by_key.values()}) == 4
    with pytest.raises(DataFileError, match="was asked before and is open: q"):
        ask(trial, " Left  or right?\n")


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (AskedCell(subject_id="S9", form="pain", item="vas"), "participant S9 has no row"),
        (AskedCell(subject_id="S2", form="pian", item="vas"), "did you mean 'pain'"),
        (AskedCell(subject_id="S2", form="pain", item="vaz"), "did you mean 'vas'"),
        (AskedCell(subject_id="", form="pain", item="vas"), "say which by the participant"),
    ],
)
def test_a_place_that_is_not_there_is_told_with_what_is(place: AskedCell, words: str) -> None:
    with pytest.raises(DataFileError) as error:
        ask(odd(), place=place)
    assert words in str(error.value)


def test_a_comment_changes_nothing_but_what_was_said() -> None:
    trial = odd()
    before = trial.queries.by_key[key_of("S1")]

    after = commented(trial.queries, key_of("S1")[:8].upper(), "=see the letter", by="Mo", on="")
    query = after.by_key[key_of("S1")]

    assert query.comments == ("Mo: '=see the letter",)
    assert (query.turn, query.state) == (before.turn, before.state)


def test_a_soft_query_is_closed_by_hand_while_its_value_stays() -> None:
    trial = odd()
    trial.queries = dismissed(trial.queries, key_of("S1"), "seen it", by="Mo", on="2025-03-02")

    query = trial.queries.by_key[key_of("S1")]
    assert (query.state, query.resolution) == (QueryState.CLOSED, Happening.DISMISSED)
    assert (query.dismissed_by, query.dismissed_for, query.closed_on) == (
        "Mo", "seen it", "2025-03-02",
    )  # fmt: skip
    assert trial.validate(later=1).by_key[key_of("S1")].state is QueryState.CLOSED
    trial.values["S1"] = "98"
    trial.severities["98"] = "soft"
    assert trial.validate(later=1).by_key[key_of("S1")].state is QueryState.OPEN


def test_who_closes_what_cannot_be_closed_is_told_why() -> None:
    trial = odd()
    hard = key_of("S3", "hard")
    with pytest.raises(DataFileError, match="is hard, which says that the value cannot be right"):
        dismissed(trial.queries, hard, "so be it", by="Mo", on="")
    once = dismissed(trial.queries, key_of("S1"), "seen", by="Mo", on="")
    with pytest.raises(DataFileError, match=r"is closed \(dismissed\)"):
        dismissed(once, key_of("S1"), "seen", by="Mo", on="")


@pytest.mark.parametrize(
    ("named", "words"),
    [("q", "is no query of this trial"), ("qffff", "is no query"), ("", "is no query")],
)
def test_a_name_that_is_none_or_too_short_is_no_query(named: str, words: str) -> None:
    with pytest.raises(DataFileError, match=words):
        the_query(odd().queries, named)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 2001])
def test_words_are_neither_empty_nor_a_page(text: str) -> None:
    with pytest.raises(DataFileError, match=r"the comment is (empty|longer)"):
        commented(odd().queries, key_of("S1"), text, by="Mo", on="")


def test_a_right_value_that_was_written_is_remembered() -> None:
    trial = odd()
    query = trial.queries.by_key[key_of("S1")]

    after = applied(trial.queries, [query], by="Bo", on="2025-03-03").by_key[key_of("S1")]

    assert after.applied_on == "2025-03-03"
    assert after.turns == query.turns + 1
