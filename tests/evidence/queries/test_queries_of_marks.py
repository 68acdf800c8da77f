"""An attacker who is blinded looks for whose form of some arms alone a query says that it was not done."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
import sqlalchemy as sa

from tests.evidence.contents.test_half_sight import FIRST, OTHER, judged
from tests.evidence.people.test_marks_apart import HEAD, filled
from tests.evidence.standing.test_withholding import RANDOM
from tests.evidence.world import close_all, on_engine
from tests.evidence.world_of_answers import answered
from tests.evidence.world_of_people import ANN, BEN, FAY, by, logged_in
from trialkit.checks.queries.queries import Event, Happening, Queries, QueryState
from trialkit.checks.queries.reconciling import reconcile
from trialkit.cli.store_event_words import what_was_done
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.comparing import difference
from trialkit.evidence.contents.log_selection import LogSelection, selected
from trialkit.evidence.log.actions import Door
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.marks_apart import APART
from trialkit.evidence.people.sight import sight_of
from trialkit.evidence.queries.queries_of_marks import QueriesOfMarks, queries_of_marks
from trialkit.evidence.queries.query_log import (
    import_history,
    queries_of,
    record,
    standing_queries,
)
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.granting import grant
from trialkit.protocol.trial.roles import TrialRole
from trialkit.store.sources.folder_source import FolderSource

WRONG = "no device"
READS_ARMS = replace(FAY, role="data manager")
PEOPLE = (
    (FAY, TrialRole.DATA_MANAGER, True), (BEN, TrialRole.MONITOR, False),
    (ANN, TrialRole.COORDINATOR, False),
)  # fmt: skip


def queried(kept, folder, arms, *, marks="S3,W6,pain,no time\n"):
    """A store with marks whose reasons are no missing codes, and who reads arms asked about them."""
    trial, schemas, folder = filled(kept, folder, arms, marks=marks)
    for minute, (who, role, reads) in enumerate(PEOPLE, start=20):
        grant(kept.store, who.person, by(FAY if who is ANN else ANN, minute),
              printed_name=who.printed_name, role=role, arms=reads)  # fmt: skip
    wrong = (folder / "data/not_done.csv").read_text().replace("diary,ND", f"diary,{WRONG}")
    marked(kept, folder, schemas, wrong, 30)
    return trial, schemas, folder


def marked(kept, folder, schemas, text, minute):
    """The marks of a file, entered by who reads arms."""
    (folder / "data/not_done.csv").write_text(text)
    store = logged_in(kept, "fay")
    found = difference(
        store, FolderSource(folder=folder), schemas, reason="read again", removing=True
    )
    append(store, found.entries, by(READS_ARMS, minute, Door.IMPORT))


def checked(kept, trial, schemas, person, minute, *, role="data manager"):
    """What 'trialkit store query check' does for somebody about marks; the queries afterwards.

    That a query stands about an item that some arms alone are asked is no secret, so those are left out.
    """
    store = logged_in(kept, person)
    before = queries_of(store)
    part, snapshot, findings = judged(kept, trial, schemas, person)
    frame = findings.to_frame()
    frame = frame[frame["form"].isin(["not_done", "screening"])].reset_index(drop=True)
    findings = replace(findings, frame=frame)
    after = reconcile(
        before, findings, snapshot, part.schemas, today=date(2026, 3, 2), left_out=part.left_out
    )
    author = {"fay": FAY, "ben": replace(BEN, site="")}[person]
    record(store, after, before=before, occasion=by(replace(author, role=role), minute))
    return queries_of(store)


def about_marks(queries):
    return [each for each in queries.by_key.values() if each.form in ("not_done", APART)]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def two_stores(request, tmp_path):
    """The same trial with the arms exchanged."""
    made = []
    for name, arms in (("one", FIRST), ("two", OTHER)):
        kept = on_engine(request, tmp_path / name)
        made.append((kept, *queried(kept, tmp_path / f"trial_{name}", arms)))
    yield made
    for kept, *_ in made:
        close_all(kept)


def seen_by(kept, person):
    """All that somebody gets to see of queries."""
    store = logged_in(kept, person)
    log = pl.concat(selected(store, LogSelection()))
    log = log.filter(pl.col("action").str.starts_with("query"))
    history = [replace(each, asked="") for each in queries_of(store).history]
    standing = [replace(each.query, asked="") for each in standing_queries(store)]
    with store.reading() as connection:
        kept_of = queries_of_marks(connection, sight_of(connection, person))
        by_sql = connection.execute(
            sa.select(EVENT.c.seq, EVENT.c.form, EVENT.c.subject_id).where(EVENT.c.form == APART)
        ).all() if store.is_served else []  # fmt: skip
    return history, standing, log.drop(RANDOM).drop("details"), kept_of, by_sql


@pytest.mark.parametrize("person", ["ben", "eve", "ann"])
def test_blinded_person_sees_the_same_queries_whoever_has_the_form(two_stores, person):
    for kept, trial, schemas, _ in two_stores:
        checked(kept, trial, schemas, "fay", 40)
    one, two = (seen_by(kept, person) for kept, *_ in two_stores)

    assert one[:2] == two[:2]
    assert one[2].equals(two[2])
    assert one[3:] == two[3:]
    assert one[4] == []
    assert WRONG not in str(one)
    assert [each.value for each in one[1] if each.form == "not_done"] == ["no time"]
    assert "S1" not in str([each for each in one[0] if each.form == "not_done"])
    for kept, *_ in two_stores:
        assert len(about_marks(queries_of(logged_in(kept, "dan")))) == 2


def test_who_reads_arms_asks_answers_and_has_it_closed_by_the_name_of_its_finding(kept, tmp_path):
    trial, schemas, folder = queried(kept, tmp_path / "trial", FIRST)
    asked = checked(kept, trial, schemas, "fay", 40)
    _, _, findings = judged(kept, trial, schemas, "fay")
    frame = findings.to_frame()

    of_marks = {each.subject_id: each for each in about_marks(asked)}
    assert {each.form for each in of_marks.values()} == {"not_done"}
    assert {*asked.by_key} <= {*frame["query_key"]}
    query = of_marks["S1"]
    assert (query.value, query.item) == (WRONG, "reason")
    fay = logged_in(kept, "fay")
    told = answered(
        asked, query.query_key, "corrected", by="Fay Lund", reason="a slip", schemas=schemas
    )
    record(fay, told, before=asked, occasion=by(READS_ARMS, 41))
    (standing,) = (e for e in standing_queries(fay) if e.query.query_key == query.query_key)
    assert (standing.query.answer, standing.query.form) == ("corrected", "not_done")
    assert checked(kept, trial, schemas, "fay", 42).history == queries_of(fay).history

    marked(kept, folder, schemas, HEAD + "S3,W6,pain,ND\nS1,,diary,ND\n", 43)
    after = checked(kept, trial, schemas, "fay", 44)
    assert {each.state for each in about_marks(after)} == {QueryState.CLOSED}
    log = pl.concat(selected(fay, LogSelection(form="not_done"))).filter(action="query opened")
    log = log.select("action", "details", "form", pl.col("about").cast(pl.String))
    named = " ".join(map(what_was_done, log.iter_rows(named=True)))
    assert query.query_key in named
    grant(kept.store, "ann", by(FAY, 70), printed_name="Ann Miller", role=TrialRole.DATA_MANAGER,
          arms=True)  # fmt: skip
    assert verify(logged_in(kept, "ann")).problems == ()


def test_blinded_person_asks_about_the_other_mark_of_a_participant_as_if_it_were_alone(
    kept, tmp_path
):
    """The same participant, rule and reason; the finding of what is open to all has the first name."""
    trial, schemas, folder = queried(kept, tmp_path / "trial", FIRST, marks="")
    (apart,) = about_marks(checked(kept, trial, schemas, "fay", 40))
    marked(
        kept, folder, schemas,
        HEAD + f"S1,,end_of_study,{WRONG}\nS1,,diary,{WRONG}\n", 41,
    )  # fmt: skip

    (asked,) = about_marks(checked(kept, trial, schemas, "ben", 42, role="monitor"))
    both = about_marks(checked(kept, trial, schemas, "fay", 43))

    assert asked.query_key == apart.query_key
    assert asked.form == "not_done"
    waiting = [each for each in both if each.state is QueryState.OPEN]
    assert len(waiting) == 2
    assert {each.value for each in waiting} == {WRONG}
    assert len(about_marks(queries_of(logged_in(kept, "ben")))) == 1
    assert (
        checked(kept, trial, schemas, "fay", 44).history
        == queries_of(logged_in(kept, "fay")).history
    )


def history_of(*lines):
    return Queries().followed_by(
        Event(on="2026-03-02", event=Happening.OPENED, query_key=f"q{who}", asked="v0", form="not_done",
              severity="hard", subject_id=who, item="reason", value=value, message=value, visit=visit)
        for who, visit, value in lines
    )  # fmt: skip


def test_history_of_a_file_is_taken_in_with_such_queries_apart(kept, tmp_path):
    queried(kept, tmp_path / "trial", FIRST)
    history = history_of(("S3", "W6", "no time"), ("S1", "", WRONG), ("S2", "", "gone by now"))
    fay = logged_in(kept, "fay")
    import_history(fay, history, by(READS_ARMS, 40, Door.IMPORT))

    assert queries_of(fay).history == history.history
    import_history(fay, history, by(READS_ARMS, 41, Door.IMPORT))
    assert queries_of(fay).history == history.history
    assert {*queries_of(logged_in(kept, "eve")).by_key} == {"qS3"}


def test_blinded_person_takes_in_no_query_about_a_mark_that_is_not_theirs(kept, tmp_path):
    queried(kept, tmp_path / "trial", FIRST)
    ben, monitor = logged_in(kept, "ben"), replace(BEN, role="monitor", site="")
    refused = []
    for who in ("S1", "S2"):
        with pytest.raises(EvidenceError, match="read arms") as found:
            record(
                ben, history_of((who, "", WRONG)), before=queries_of(ben), occasion=by(monitor, 40)
            )
        refused.append(str(found.value))

    assert refused[0] == refused[1]
    record(
        ben, history_of(("S3", "W6", "no time")), before=queries_of(ben), occasion=by(monitor, 41)
    )
    assert {*queries_of(ben).by_key} == {"qS3"}


def test_where_no_mark_is_kept_apart_a_query_is_as_it_is_written():
    line = history_of(("S1", "", WRONG)).history[0]

    assert QueriesOfMarks().kept(line, {"source": "System"}) == (line, {"source": "System"})
    assert QueriesOfMarks().told(line, {}) == line
