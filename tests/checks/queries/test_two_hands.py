"""Two people, two files, two orders: no answer is lost, and no older file wins over a newer one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks.query_trial import SCHEMAS, QueryTrial, key_of
from tests.conftest import examples
from trialkit.checks.queries.answer_files import AnswerRow
from trialkit.checks.queries.answering import RecordedAnswers, record_answers
from trialkit.checks.queries.queries import Happening, Queries, QueryAnswer, QueryState
from trialkit.errors import DataFileError

PEOPLE = "ABC"
RIGHT = ("", "41", "42")


def asked() -> Queries:
    trial = QueryTrial(
        values=dict.fromkeys(PEOPLE, "97"), severities={"97": "soft"}, cut=date(2025, 3, 1)
    )
    return trial.validate()


def row(
    queries: Queries, subject: str, answer: str, *, by="Ana", right="", turn: str | None = None
) -> AnswerRow:
    """A row of a workbook that was made when the queries stood so."""
    key = key_of(subject)
    query = queries.by_key[key]
    return AnswerRow(
        place=f"{by}, row of {subject}", query_key=key, asked=query.asked, trial="T",
        answer=answer, reason="as in the source", answered_by=by, right_value=right,
        turn=query.turn if turn is None else turn,
    )  # fmt: skip


def recorded(rows: Sequence[AnswerRow], queries: Queries) -> RecordedAnswers:
    return record_answers(rows, queries, trial="T", schemas=SCHEMAS)


@dataclass(frozen=True)
class Outcome:
    queries: Queries
    refused: str = ""


def one_after_the_other(first: Sequence[AnswerRow], second: Sequence[AnswerRow]) -> Outcome:
    queries = recorded(first, asked()).queries
    try:
        return Outcome(recorded(second, queries).queries)
    except DataFileError as error:
        return Outcome(queries, str(error))


def answers(by: str):
    """A file that one person sends: for some of the queries what they say."""
    settling = st.tuples(st.sampled_from(["confirmed", "unresolvable"]), st.just(""))
    correcting = st.tuples(st.just("corrected"), st.sampled_from(RIGHT))
    said = st.dictionaries(st.sampled_from(PEOPLE), st.one_of(settling, correcting))
    return said.map(
        lambda each: [
            row(asked(), subject, answer, by=by, right=right)
            for subject, (answer, right) in each.items()
        ]
    )


def told(queries: Queries) -> set[tuple[str, str, str, str]]:
    return {
        (event.query_key, event.answer, event.answered_by, event.value)
        for event in queries.history
        if event.event is Happening.ANSWERED
    }


def said(rows: Sequence[AnswerRow]) -> set[tuple[str, str, str, str]]:
    return {(each.query_key, each.answer, each.answered_by, each.right_value) for each in rows}


@settings(deadline=None, max_examples=examples(60))
@given(ana=answers("Ana"), bo=st.one_of(answers("Bo"), answers("Ana")))
def test_no_answer_is_lost_in_either_order(ana: list[AnswerRow], bo: list[AnswerRow]) -> None:
    forth, back = one_after_the_other(ana, bo), one_after_the_other(bo, ana)
    try:
        recorded([*ana, *bo], asked())
        together = ""
    except DataFileError as error:
        together = str(error)

    assert bool(forth.refused) == bool(back.refused) == bool(together)
    if not forth.refused:
        assert told(forth.queries) == told(back.queries) == said([*ana, *bo])
        assert {key: query.answer for key, query in forth.queries.by_key.items()} == {
            key: query.answer for key, query in back.queries.by_key.items()
        }
        return
    assert told(forth.queries) == said(ana)
    assert told(back.queries) == said(bo)
    for one in ana:
        for other in bo:
            if one.query_key == other.query_key and said([one]) != said([other]):
                assert other.place in forth.refused
                assert one.place in back.refused


def test_a_newer_workbook_may_say_otherwise_and_an_older_one_never_again() -> None:
    start = asked()
    older = [row(start, "A", "confirmed", by="Bo")]
    queries = recorded([row(start, "A", "corrected")], start).queries
    newer = [row(queries, "A", "confirmed", by="Bo")]

    with pytest.raises(DataFileError, match=r"Ana answered 'corrected' on 2025-03-01") as error:
        recorded(older, queries)
    assert "send the site a new workbook" in str(error.value)
    after = recorded(newer, queries).queries
    assert after.by_key[key_of("A")].state is QueryState.CLOSED
    with pytest.raises(DataFileError, match="Bo answered 'confirmed'"):
        recorded([row(start, "A", "corrected")], after)


def test_a_list_without_turns_does_not_overrule_an_answer() -> None:
    queries = recorded([row(asked(), "A", "corrected", right="41")], asked()).queries

    with pytest.raises(DataFileError, match=r"\(right value 41\)"):
        recorded([row(queries, "A", "corrected", by="Bo", right="42", turn="")], queries)
    again = recorded([row(queries, "A", "corrected", right="41", turn="")], queries)
    assert (again.known, again.queries) == (1, queries)


def test_a_list_from_before_a_query_came_back_is_older() -> None:
    trial = QueryTrial(values={"A": "97"}, severities={"97": "soft"})
    start = trial.validate()
    older = [row(start, "A", "confirmed")]
    trial.values["A"] = "40"
    trial.validate(later=1)
    trial.values["A"] = "97"
    again = trial.validate(later=1)

    assert again.by_key[key_of("A")].asked == start.by_key[key_of("A")].asked
    with pytest.raises(DataFileError, match="was asked again since the list was made"):
        recorded(older, again)
    assert recorded([row(again, "A", "confirmed")], again).count(QueryState.CLOSED) == 1


def test_a_right_value_goes_with_corrected_alone() -> None:
    queries = asked()

    with pytest.raises(DataFileError) as error:
        recorded(
            [row(queries, "A", "confirmed", right="41"), row(queries, "B", "", right="41")], queries
        )
    assert "row of A: confirmed, but a right value is given" in str(error.value)
    assert "row of B: has a right value and no answer; write corrected" in str(error.value)


def test_what_the_data_could_not_hold_is_refused_in_the_words_of_a_finding() -> None:
    queries = asked()

    with pytest.raises(DataFileError) as error:
        recorded([row(queries, "A", "corrected", right="4l")], queries)
    assert "row of A: Pain: '4l' cannot be read as" in str(error.value)
    taken = recorded([row(queries, "A", "corrected", right="(Blank)")], queries).queries
    assert taken.by_key[key_of("A")].right_value == "(blank)"
    assert taken.by_key[key_of("A")].answer == QueryAnswer.CORRECTED
