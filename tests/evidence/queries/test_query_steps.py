"""A query is asked again, taken back, and its answer entered: with words, and through the door of queries."""

import pytest

from tests.checks.query_trial import FORM, SCHEMAS, QueryTrial, key_of
from tests.evidence.world import ANN, cell, every_event, occasion, opened, row
from trialkit.checks.queries.answer_files import AnswerRow
from trialkit.checks.queries.answering import record_answers
from trialkit.checks.queries.queries import Queries
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.queries.query_log import queries_of, record, standing_queries
from trialkit.evidence.queries.query_steps import apply_answer, cancelled, reopened
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.standing.query_states import ALLOWED, OdmState
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin
from trialkit.evidence.writing.holding import hold

KEY = key_of("P1")
BY = {"by": ANN.printed_name, "on": "2026-03-03"}
WHO = {"visit": ""}


def asked(kept, *, severity: str = "soft") -> str:
    """A store in which the 97 of P1 was asked about; the name of the query."""
    begin(kept.store, trial="T", occasion=occasion(0, door=Door.STORE), is_open=True)
    said = [opened(FORM.id, ("subject_id", "vas", "before")), row("P1", **WHO)]
    append(kept.store, entries([*said, cell("P1", "vas", "", "97", **WHO)]), occasion(1))
    trial = QueryTrial(values={"P1": "97"}, severities={"97": severity})
    record(kept.store, trial.validate(), before=Queries(), occasion=occasion(2, door=Door.STORE))
    return key_of("P1", severity)


def answer(kept, key: str, what: str = "corrected", *, right: str = "79", minute: int = 3):
    before = queries_of(kept.store)
    query = before.by_key[key]
    said = AnswerRow(
        place="row 2", query_key=key, asked=query.asked, trial="T", answer=what, reason="misread",
        answered_by="Ann", turn=query.turn, right_value=right,
    )  # fmt: skip
    after = record_answers([said], before, trial="T", schemas=SCHEMAS).queries
    return record(kept.store, after, before=before, occasion=occasion(minute, door=Door.QUERY))


def state(kept) -> OdmState:
    (found,) = standing_queries(kept.store)
    return found.state


def step(kept, made, reason="seen", minute=5):
    before = queries_of(kept.store)
    after = made(before, KEY, reason, **BY)
    return record(kept.store, after, before=before, occasion=occasion(minute))


def test_right_value_of_an_answer_is_an_entry_by_the_door_of_queries(kept):
    key = asked(kept)
    answered = answer(kept, key)
    assert state(kept) is OdmState.ANSWERED

    apply_answer(kept.store, key, SCHEMAS, occasion(4), **BY)

    entry, after = every_event(kept.store).tail(2).iter_rows(named=True)
    assert (entry["action"], entry["old"], entry["new"]) == ("changed", "97", "79")
    assert (entry["door"], entry["about"]) == ("query", answered.seq)
    assert entry["reason"] == f"answer to query {key}: misread"
    assert (after["action"], after["batch"]) == ("answer applied", entry["batch"])
    assert source_at(kept.store)[0].tables["pain"]["vas"].to_list() == ["79"]
    with pytest.raises(EvidenceError, match="no answer to it has a right value that waits"):
        apply_answer(kept.store, key, SCHEMAS, occasion(5), **BY)
    assert verify(kept.store).holds


def test_blank_as_the_right_value_empties_the_cell(kept):
    key = asked(kept)
    answer(kept, key, right="(blank)")

    apply_answer(kept.store, key, SCHEMAS, occasion(4), **BY)

    assert source_at(kept.store)[0].tables["pain"]["vas"].to_list() == [""]


def test_value_that_is_another_by_now_is_not_overwritten(kept):
    key = asked(kept)
    answer(kept, key)
    append(kept.store, entries([cell("P1", "vas", "97", "96", **WHO)]), occasion(4))

    with pytest.raises(EvidenceError, match="hold '96' by now, which is not what was asked about"):
        apply_answer(kept.store, key, SCHEMAS, occasion(5), **BY)


def test_value_that_is_right_already_is_only_noted(kept):
    key = asked(kept)
    answer(kept, key)
    append(kept.store, entries([cell("P1", "vas", "97", "79", **WHO)]), occasion(4))

    apply_answer(kept.store, key, SCHEMAS, occasion(5), **BY)

    assert every_event(kept.store)["action"].to_list()[-2:] == ["changed", "answer applied"]


@pytest.mark.parametrize("kind", HoldKind)
def test_answer_is_applied_under_a_freeze_and_not_under_a_lock(kept, kind):
    key = asked(kept)
    answer(kept, key)
    hold(kept.store, Reach(subject_id="P1"), kind, occasion(4))

    if kind is HoldKind.FREEZE:
        apply_answer(kept.store, key, SCHEMAS, occasion(5), **BY)
    else:
        with pytest.raises(EvidenceError, match="was locked"):
            apply_answer(kept.store, key, SCHEMAS, occasion(5), **BY)
    assert verify(kept.store).holds


def test_confirmed_query_is_resolved_and_can_be_asked_again(kept):
    answer(kept, asked(kept), "confirmed", right="")
    assert state(kept) is OdmState.RESOLVED

    step(kept, reopened, "source says otherwise")

    assert state(kept) is OdmState.OPEN
    query = queries_of(kept.store).by_key[KEY]
    assert query.message == "Pain: 97 is odd."
    last = every_event(kept.store).row(-1, named=True)
    assert (last["action"], last["reason"]) == ("query reopened", "source says otherwise")
    assert verify(kept.store).holds


def test_query_is_taken_back_with_a_reason_and_stays_so(kept):
    asked(kept)

    step(kept, cancelled, "asked of the wrong participant")

    assert state(kept) is OdmState.CANCELLED
    with pytest.raises(EvidenceError, match="is Cancelled, which does not go with: query reopened"):
        step(kept, reopened)
    with pytest.raises(
        EvidenceError, match="is Cancelled, which does not go with: query cancelled"
    ):
        step(kept, cancelled)
    assert verify(kept.store).holds


def test_hard_query_is_not_taken_back(kept):
    key = asked(kept, severity="hard")

    with pytest.raises(EvidenceError, match="is hard"):
        cancelled(queries_of(kept.store), key, "no", **BY)


def test_open_query_is_not_asked_again_nor_without_a_word(kept):
    asked(kept)

    with pytest.raises(EvidenceError, match="is Open, which does not go with: query reopened"):
        step(kept, reopened)
    with pytest.raises(EvidenceError, match="give the reason"):
        step(kept, reopened, " ")


def test_table_of_what_may_happen_names_every_state_and_ends_nowhere():
    named = {state for states in ALLOWED.values() for state in states}

    assert named == {None, *OdmState}
    assert all(ALLOWED.values())
