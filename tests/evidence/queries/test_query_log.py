"""Queries live in the log as they live in their file: nothing of a line is lost, and none is made up."""

import itertools
import random
from dataclasses import fields, replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.checks.queries.test_queries import odd, say
from tests.checks.query_trial import QueryTrial, key_of
from tests.conftest import examples
from tests.evidence.world import every_event, occasion, small_history
from trialkit.checks.queries.by_hand import commented, dismissed
from trialkit.checks.queries.queries import (
    Event,
    Happening,
    Queries,
    QueryAnswer,
    QueryState,
)
from trialkit.checks.queries.query_files import QueryFolder
from trialkit.errors import DataFileError, EvidenceError
from trialkit.evidence.log.actions import Door
from trialkit.evidence.queries.query_log import (
    ask_drafted,
    cancel_draft,
    draft,
    import_history,
    queries_of,
    record,
    standing_queries,
)
from trialkit.evidence.standing.query_events import ACTION_OF, REDACTED, entry_of, event_of
from trialkit.evidence.standing.query_states import OdmState, QueryType
from trialkit.evidence.standing.standing_queries import standing, touched_queries
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.redacting import redact
from trialkit.schemas.forms.forms import Severity

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=8)
BACK = occasion(9, door=Door.IMPORT)


def lived(seed: int, steps: int = 30) -> list[Queries]:
    """What a trial's queries come to, step by step: values change, sites answer, people close."""
    chance, trial = random.Random(seed), odd()
    states = [trial.queries]
    for _ in range(steps):
        subject, severity = chance.choice("ABS"), chance.choice(["soft", "hard"])
        try:
            match chance.randrange(6):
                case 0:
                    trial.values[subject] = chance.choice(["40", "97", "98", "400", "401"])
                case 1:
                    trial.values.pop(subject, None)
                case 2:
                    say(trial, chance.choice(list(QueryAnswer)), subject=subject, severity=severity)
                case 3:
                    key = key_of(subject, severity)
                    trial.queries = commented(trial.queries, key, "who?", by="Ana", on="")
                case 4:
                    key = key_of(subject, severity)
                    trial.queries = dismissed(trial.queries, key, "seen", by="Ben", on="")
                case _:
                    trial.validate(later=chance.randrange(3))
        except (DataFileError, KeyError):
            pass
        states.append(trial.queries)
    return states


@given(
    st.lists(
        st.builds(
            Event,
            event=st.sampled_from(list(Happening)),
            on=st.sampled_from(["", "2026-03-02"]),
            severity=st.sampled_from(list(Severity)),
            answer=st.sampled_from(["", *QueryAnswer]),
            **{
                each.name: TEXT
                for each in fields(Event)
                if each.name not in ("event", "on", "severity", "answer")
            },
        ),
        max_size=4,
    )
)
@settings(max_examples=examples(100))
def test_line_comes_back_from_its_entry_whatever_it_says(lines):
    for line in lines:
        entry = entry_of(line)
        row = {**entry, "seq": 1, "new_sha256": "x", "reason_sha256": "x"}

        assert event_of(row) == (replace(line, severity=str(line.severity)), {})


def test_every_happening_has_an_action_of_its_own():
    assert set(ACTION_OF) == set(Happening)
    assert len(set(ACTION_OF.values())) == len(Happening)


def test_history_goes_in_and_comes_out_to_the_byte(kept, tmp_path):
    small_history(kept.store)
    queries = lived(1, steps=150)[-1]
    file, again = QueryFolder(trial=tmp_path / "a"), QueryFolder(trial=tmp_path / "b")
    for folder in (file, again):
        folder.trial.mkdir()
    file.write(queries, before=Queries())

    import_history(kept.store, file.read(), BACK)
    again.write(queries_of(kept.store), before=Queries())

    assert len(queries.history) > 30
    assert again.history.read_bytes() == file.history.read_bytes()
    assert again.state.read_bytes() == file.state.read_bytes()
    assert verify(kept.store).holds


def test_history_that_goes_on_is_taken_in_from_where_it_was(kept):
    small_history(kept.store)
    states = lived(2)
    import_history(kept.store, states[15], BACK)
    import_history(kept.store, states[30], BACK)
    head = import_history(kept.store, states[30], BACK)

    assert queries_of(kept.store).history == states[30].history
    assert head.seq == every_event(kept.store).height
    assert import_history(kept.store, states[15], BACK) == head, "it has all of an earlier file"


def test_histories_that_have_both_gone_on_are_refused_with_a_way_on(kept):
    small_history(kept.store)
    states = lived(2)
    import_history(kept.store, states[15], BACK)
    *_, last = states[15].history
    other = states[15].followed_by([replace(last, event=Happening.COMMENTED, reason="by phone")])
    import_history(kept.store, states[30], BACK)
    head = len(queries_of(kept.store).history)

    with pytest.raises(EvidenceError, match=f"since line {len(states[15].history)}") as refused:
        import_history(kept.store, other, BACK)

    assert "move the folder queries/ away and keep it" in str(refused.value)
    assert f"1 line 'commented', of {last.query_key}" in str(refused.value)
    assert len(queries_of(kept.store).history) == head


def test_queries_of_some_events_are_those_that_are_looked_at(kept):
    small_history(kept.store)
    queries = lived(3)[-1]
    head = record(kept.store, queries, before=Queries(), occasion=occasion(9, door=Door.STORE))
    (key, *_) = queries.by_key
    about = pl.col("details").str.contains(key)
    last = every_event(kept.store).filter(about & (pl.col("seq") <= head.seq)).tail(1)

    with kept.store.reading() as connection:
        touched, every = touched_queries(connection, last), standing(connection)

    assert set(touched.queries) == {key}
    assert touched.queries.items() < every.queries.items()


AS_FILE = {
    OdmState.OPEN: QueryState.OPEN,
    OdmState.ANSWERED: QueryState.ANSWERED,
    OdmState.RESOLVED: QueryState.CLOSED,
    OdmState.CLOSED: QueryState.CLOSED,
}


@pytest.mark.parametrize("seed", range(3))
def test_state_in_the_log_is_that_of_the_file_after_every_step(kept, seed):
    """The second route: the file's queries, which know nothing of the log."""
    small_history(kept.store)
    states = lived(seed)
    for number, (before, after) in enumerate(itertools.pairwise(states)):
        record(kept.store, after, before=before, occasion=occasion(10 + number, door=Door.STORE))

    found = {each.query.query_key: each for each in standing_queries(kept.store)}
    assert {key: AS_FILE[each.state] for key, each in found.items()} == {
        key: query.state for key, query in states[-1].by_key.items()
    }
    assert {key: each.query for key, each in found.items()} == dict(states[-1].by_key)
    assert all(each.type is QueryType.SYSTEM for each in found.values())
    assert verify(kept.store).holds


def test_what_has_changed_meanwhile_is_not_overwritten(kept):
    small_history(kept.store)
    trial = odd()
    first = trial.validate()
    record(kept.store, first, before=Queries(), occasion=occasion(9))

    with pytest.raises(EvidenceError, match="have changed while this command ran"):
        record(kept.store, first, before=Queries(), occasion=occasion(9))


def by_hand() -> Event:
    trial = QueryTrial(values={"P1": "75"}, severities={"75": "soft"})
    event = trial.validate().history[-1]
    return replace(event, rule_id="by_hand", message="Is 75 right? Ask Mrs Miller.")


def test_draft_is_a_candidate_that_nobody_was_asked(kept):
    small_history(kept.store)
    event = by_hand()
    more = {"source": "Site Monitor", "target": "investigator"}
    draft(kept.store, event, occasion(9), more)

    (found,) = standing_queries(kept.store)
    assert (found.state, found.type, found.source) == ("Candidate", "Manual", "Site Monitor")
    assert queries_of(kept.store).history == ()

    ask_drafted(kept.store, event.query_key, occasion(10), on="2026-03-02")
    (found,) = standing_queries(kept.store)
    assert (found.state, found.waits_for, found.target) == ("Open", "investigator", "investigator")
    assert found.age("2026-03-09") == 7
    assert queries_of(kept.store).history == (replace(event, on="2026-03-02"),)
    with pytest.raises(EvidenceError, match="is Open, which does not go with: query opened"):
        ask_drafted(kept.store, event.query_key, occasion(11), on="2026-03-02")
    assert verify(kept.store).holds


def test_draft_can_be_taken_back_and_is_in_no_file(kept):
    small_history(kept.store)
    event = by_hand()
    draft(kept.store, event, occasion(9))

    cancel_draft(kept.store, event.query_key, occasion(10), reason="seen twice", on="2026-03-02")

    (found,) = standing_queries(kept.store)
    assert (found.state, found.waits_for, found.age("2026-03-09")) == ("Cancelled", "", None)
    assert queries_of(kept.store).history == ()
    with pytest.raises(EvidenceError, match="is no draft"):
        cancel_draft(kept.store, event.query_key, occasion(11), reason="again", on="")
    assert verify(kept.store).holds


def test_words_of_a_query_can_be_redacted_and_the_query_stands(kept):
    small_history(kept.store)
    trial = QueryTrial(values={"P1": "75"}, severities={"75": "soft"})
    head = record(kept.store, trial.validate(), before=Queries(), occasion=occasion(9))

    redact(kept.store, head.seq, occasion(10), reason="a name")

    (found,) = standing_queries(kept.store)
    assert found.state is OdmState.OPEN
    assert found.query.message == REDACTED
    assert "75" not in str(queries_of(kept.store).history)
    assert verify(kept.store).holds


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE standing_query SET state = 'Closed'",
        "DELETE FROM standing_query",
        "UPDATE standing_query SET kept = '{}'",
        "UPDATE standing_query SET query_key = 'q'",
    ],
)
def test_query_that_was_changed_in_the_database_is_told(kept, statement):
    small_history(kept.store)
    trial = QueryTrial(values={"P1": "75"}, severities={"75": "soft"})
    record(kept.store, trial.validate(), before=Queries(), occasion=occasion(9))
    assert not kept.by_force(statement, guarded=False)

    problems = verify(kept.store).problems

    assert {each.trace for each in problems} == {"projection edited"}
    assert all(each.told.startswith("query q") for each in problems)


def test_harmed_query_says_why_it_cannot_be_read(kept):
    small_history(kept.store)
    trial = QueryTrial(values={"P1": "75"}, severities={"75": "soft"})
    record(kept.store, trial.validate(), before=Queries(), occasion=occasion(9))
    kept.by_force("UPDATE standing_query SET kept = '{}'", guarded=False)

    with pytest.raises(EvidenceError, match="'verify' says what was changed"):
        standing_queries(kept.store)
