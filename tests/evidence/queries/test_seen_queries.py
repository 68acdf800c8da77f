"""An attacker who is blinded, or of one site, at the listings: double entry, queries, marks, holds."""

from dataclasses import replace

import polars as pl
import pytest

from tests.evidence.world import on_sqlite
from tests.evidence.world_of_answers import answered
from tests.evidence.world_of_people import (
    ANN,
    BEN,
    EVE,
    FAY,
    by,
    entered,
    form_of_some_arms,
    injected,
    logged_in,
    with_arms,
)
from trialkit.checks.queries.queries import Event, Happening, asked_mark, mark_with
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.log_selection import LogSelection, selected
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.review_kinds import ReviewKind
from trialkit.evidence.people.people import StorePerson
from trialkit.evidence.people.sight import WITHHELD, Sight, sight_of
from trialkit.evidence.queries.query_log import queries_of, record, standing_queries
from trialkit.evidence.queries.query_steps import reopened
from trialkit.evidence.queries.seen_queries import QueryLines, seen_line
from trialkit.evidence.standing.entries_compared import compare_entries
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.standing.query_events import entry_of
from trialkit.evidence.standing.signatures import signatures
from trialkit.evidence.standing.standing_holds import seen_holds
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.adjudicating import adjudicate
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.granting import grant
from trialkit.evidence.writing.holding import hold
from trialkit.evidence.writing.review_marks import mark, marks
from trialkit.evidence.writing.second_entries import enter_again
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.protocol.trial.roles import TrialRole
from trialkit.schemas.forms.forms import Expected, Form, FormKind, Item, Schemas
from trialkit.schemas.items.item_types import ItemType

ARM, OTHER = "EG", "a much longer control group"
ARMS = Form(
    id="arms", title="Arms", kind=FormKind.RANDOMISATION, expected=Expected.RANDOMISED,
    visits=(), repeating=False, rules=(), file="forms/arms.toml", sha256="",
    items=(
        Item(id="day", label="Day", type=ItemType.TEXT),
        Item(id="arm", label="Arm", type=ItemType.TEXT),
    ),
)  # fmt: skip
SCHEMAS = Schemas(forms=(ARMS,), data=DataFormat())
OF_ARM = Reach(subject_id="N1", form="arms", item="arm")


def asked(key: str, item: str, value: str, *, form: str = "arms", grounds: str = "") -> Event:
    return Event(
        on="2026-03-02", event=Happening.OPENED, query_key=key, asked=f"mark of {value}",
        severity="soft", subject_id="N1", form=form, item=item, value=value, missing_code=value,
        grounds=grounds, rule_id="rule", message=f"Is {value} right?",
        visit="week_0" if form == "pain" else "",
    )  # fmt: skip


@pytest.fixture
def listed(kept):
    """Arms that were entered twice and asked about, and a row of the south that is marked and held."""
    with_arms(kept.store, lambda subject: ARM if subject == "N1" else OTHER)
    grant(kept.store, "ann", by(FAY, 20), printed_name="Ann Miller", role=TrialRole.DATA_MANAGER,
          arms=True)  # fmt: skip
    again = [("N1", "2026-03-02", OTHER), ("S1", "2026-03-03", OTHER), ("N2", "2026-03-02", OTHER)]
    rows = pl.DataFrame(again, schema=["subject_id", "day", "arm"], orient="row")
    enter_again(kept.store, ARMS, rows, by(ANN, 21))
    lines = (
        asked("q1", "arm", ARM), asked("q2", "day", "2026-03-02"),
        asked("q3", "vas", "57", form="pain", grounds=f"arms.arm={ARM}"),
    )  # fmt: skip
    append(kept.store, entries([entry_of(each) for each in lines]), by(FAY, 22))
    mark(kept.store, Reach(subject_id="S1"), ReviewKind.DATA, by(ANN, 23))
    hold(kept.store, Reach(subject_id="S1"), HoldKind.FREEZE, by(FAY, 24))
    return kept


def texts(store) -> str:
    return f"{queries_of(store)} {standing_queries(store)} {compare_entries(store, SCHEMAS).cells.rows()}"


@pytest.mark.parametrize("person", ["eve", "ben"])
def test_blinded_person_reads_no_arm_in_a_listing(listed, person):
    said = texts(logged_in(listed, person))

    assert ARM not in said
    assert OTHER not in said
    assert "2026-03-02" in said


def test_blinded_person_reads_no_arm_of_a_query_in_the_log(listed):
    log = pl.concat(selected(logged_in(listed, "eve"), LogSelection()))
    of_queries = log.filter(pl.col("action") == EventAction.QUERY_OPENED)

    assert ARM not in str(of_queries.filter(item="arm").rows())
    assert of_queries.filter(item="arm")["new"].to_list() == [WITHHELD]
    assert of_queries.filter(item="arm")["details"].to_list() == [""]
    assert ARM not in str(of_queries.filter(item="vas").rows())


def test_second_entry_of_an_arm_is_told_to_who_reads_arms(listed):
    found = compare_entries(logged_in(listed, "dan"), SCHEMAS)
    of_arm = found.cells.filter(item="arm").select("subject_id", "first", "second", "now", "agreed")

    assert of_arm.rows() == [
        ("N1", ARM, OTHER, ARM, False), ("S1", OTHER, OTHER, OTHER, True),
        ("N2", OTHER, OTHER, OTHER, True),
    ]  # fmt: skip
    assert found.withheld == 0
    assert ARM in texts(logged_in(listed, "dan"))


def test_blinded_person_learns_that_arms_were_entered_twice_and_not_whether_they_agree(listed):
    found = compare_entries(logged_in(listed, "eve"), SCHEMAS)

    assert found.cells["item"].unique().to_list() == ["day"]
    assert found.withheld == 3


def test_query_about_an_arm_stands_without_its_words(listed):
    found = {each.query.query_key: each for each in standing_queries(logged_in(listed, "eve"))}
    query = found["q1"].query

    assert (query.value, query.missing_code, query.message, query.asked) == (
        "", "", WITHHELD, WITHHELD,
    )  # fmt: skip
    assert (found["q3"].query.message, found["q3"].query.grounds) == (WITHHELD, "")
    assert found["q2"].query.message == "Is 2026-03-02 right?"


def test_person_of_one_site_sees_nothing_of_another_in_a_listing(listed):
    ben, eve = logged_in(listed, "ben"), logged_in(listed, "eve")

    assert (marks(ben), seen_holds(ben), signatures(ben)) == ((), (), ())
    assert [each.reach.subject_id for each in marks(eve)] == ["S1"]
    assert [each.reach.subject_id for each in seen_holds(eve)] == ["S1"]
    assert "S1" not in texts(ben)


def test_participant_who_is_at_no_site_is_in_no_listing_of_one(listed):
    """Whoever sees every site sees who is nowhere yet, and nobody else."""
    mark(listed.store, Reach(subject_id="N2"), ReviewKind.DATA, by(ANN, 30))
    hold(listed.store, Reach(subject_id="N2"), HoldKind.FREEZE, by(FAY, 31))
    ben, eve = logged_in(listed, "ben"), logged_in(listed, "eve")

    assert (marks(ben), seen_holds(ben)) == ((), ())
    assert [each.reach.subject_id for each in marks(eve)] == ["S1", "N2"]
    assert [each.reach.subject_id for each in seen_holds(eve)] == ["S1", "N2"]


def test_refusals_of_a_decision_tell_nothing_of_an_arm(listed):
    said = []
    for subject in ("N1", "N2"):  # of one the entries differ, of the other they agree
        where = Reach(subject_id=subject, form="arms", item="arm")
        with pytest.raises(EvidenceError) as refused:
            adjudicate(logged_in(listed, "eve"), SCHEMAS, where, ARM, by(EVE, 30), reason="guess")
        said.append(str(refused.value).replace(subject, "SUBJECT"))

    assert said[0] == said[1]
    adjudicate(listed.store, SCHEMAS, OF_ARM, OTHER, by(FAY, 31), reason="by the list")
    assert compare_entries(listed.store, SCHEMAS).differences.filter(item="arm").is_empty()


def test_form_that_some_arms_alone_have_is_in_no_listing(listed):
    said = [form_of_some_arms(), *injected("N1")]
    mark(listed.store, Reach(subject_id="N1"), ReviewKind.DATA, by(FAY, 32))
    append(listed.store, entries(said), by(FAY, 33))

    (_, seen_by_eve), (_, seen_by_dan) = (marks(logged_in(listed, each)) for each in ("eve", "dan"))
    assert seen_by_eve.is_valid
    assert not seen_by_dan.is_valid
    form = Form(
        id="injections", title="I", kind=FormKind.ASSESSMENT, expected=Expected.RANDOMISED,
        visits=(), repeating=False, rules=(), file="", sha256="",
        items=(Item(id="dose", label="Dose", type=ItemType.TEXT),),
    )  # fmt: skip
    append(logged_in(listed, "ben"), entries(entered("N3", "5")), by(BEN, 33))
    refused = []
    for subject in ("N1", "N3"):  # of whom one was given it
        rows = pl.DataFrame({"subject_id": [subject], "dose": ["5"]})
        with pytest.raises(EvidenceError) as told:
            enter_again(logged_in(listed, "ben"), form, rows, by(BEN, 34))
        refused.append(str(told.value).replace(subject, "SUBJECT"))
    assert refused[0] == refused[1]
    assert "read arms" in refused[0]


def test_owner_of_the_file_reads_lines_as_they_are(listed):
    with listed.store.reading() as connection:
        line = asked("q1", "arm", ARM)
        assert seen_line(line, sight_of(connection, "")) is line
        assert seen_line(line, sight_of(connection, "dan")) is line
        assert seen_line(line, sight_of(connection, "eve")).message == WITHHELD


GUESSES = [
    asked_mark(value="57", missing_code="", grounds=f"arms.arm={arm}") for arm in (ARM, OTHER)
]
"""What whoever knows all but the arm may try."""


def asked_of_arm(arm: str) -> Event:
    grounds = f"arms.arm={arm}"
    line = asked("q9", "vas", "57", form="pain", grounds=grounds)
    mark_of_it = asked_mark(value="57", missing_code="", grounds=grounds)
    return replace(line, asked=mark_of_it, missing_code="")


@pytest.fixture
def of_both_arms(tmp_path):
    """Two stores that differ in an arm alone, on which a finding rests, and another follows from one."""
    made = []
    for arm in (ARM, OTHER):
        (tmp_path / arm[:2]).mkdir()
        kept = on_sqlite(tmp_path / arm[:2])
        with_arms(kept.store, lambda _, arm=arm: arm)
        of_arm = asked_of_arm(arm)
        beside = asked("q8", "vas", "31", form="pain")
        marked = mark_with("v12345678", [f"q7{of_arm.asked}"])
        said = [of_arm, replace(beside, asked=marked)]
        said.append(replace(of_arm, event=Happening.COMMENTED, grounds="", message="", value="",
                            reason="look again", answered_by="Fay Lund"))  # fmt: skip
        append(kept.store, entries([entry_of(each) for each in said]), by(FAY, 22))
        made.append((kept, marked))
    yield made
    for kept, _ in made:
        kept.store.close()


def test_arm_cannot_be_guessed_from_the_mark_of_a_question(of_both_arms):
    said = []
    for kept, marked in of_both_arms:
        eve = kept.store.by("eve")
        log = pl.concat(selected(eve, LogSelection()))
        of_queries = log.filter(pl.col("action").str.starts_with("query"))
        told = f"{queries_of(eve)} {standing_queries(eve)} {of_queries['details'].to_list()}"
        assert not any(each in told for each in (*GUESSES, marked.split(".")[1]))
        assert marked in str(queries_of(kept.store))
        said.append(told)

    assert said[0] == said[1]
    assert "look again" in said[0]


def test_who_may_read_arms_has_the_history_as_it_was_written(of_both_arms):
    kept, marked = of_both_arms[0]
    dan, owner = (queries_of(kept.store.by(each)).history for each in ("dan", ""))

    assert dan == owner
    assert [each.asked for each in dan] == [GUESSES[0], marked, GUESSES[0]]
    assert verify(kept.store.by("fay")).problems == ()


def test_blinded_coordinator_answers_by_the_mark_that_is_shown(of_both_arms):
    kept, _ = of_both_arms[0]
    ben = kept.store.by("ben")
    before = queries_of(ben)
    query = before.by_key["q9"]
    after = answered(before, "q9", "confirmed", by="Ben", schemas=SCHEMAS)
    record(ben, after, before=before, occasion=by(BEN, 30))
    again = reopened(queries_of(ben), "q8", "really?", by="Fay", on="2026-03-04")

    assert query.asked.startswith("e")
    assert queries_of(kept.store.by("dan")).history[-1].asked == GUESSES[0]
    assert queries_of(kept.store.by("dan")).by_key["q9"].answer == "confirmed"
    assert queries_of(ben).by_key["q9"].answer == "confirmed"
    assert again.by_key["q8"].asked == "v12345678"
    assert verify(kept.store.by("fay")).problems == ()


def test_words_that_are_withheld_are_not_lost_by_who_asks_again(of_both_arms):
    kept, _ = of_both_arms[0]
    grant(kept.store, "gus", by(ANN, 40), printed_name="Gus", role=TrialRole.DATA_MANAGER)
    gus = kept.store.by("gus")
    settled = replace(asked_of_arm(ARM), event=Happening.ANSWERED, answer="confirmed", grounds="")
    append(kept.store, entries([entry_of(settled)]), by(FAY, 41))
    before = queries_of(gus)
    author = replace(ANN, person="gus", printed_name="Gus")
    record(gus, reopened(before, "q9", "why?", by="Gus", on="2026-03-05"), before=before,
           occasion=by(author, 42))  # fmt: skip

    last = queries_of(kept.store.by("dan")).history[-1]
    assert (last.message, last.grounds, last.asked) == (
        "Is 57 right?", f"arms.arm={ARM}", GUESSES[0],
    )  # fmt: skip


@pytest.mark.parametrize(
    "grounds",
    ["arms.arm=EG", "pain.a=1; counted: none of injections", "pain.a=1 to… #0123456789ab"],
)
def test_finding_that_rests_on_what_is_withheld_is_told_however_its_grounds_are_written(grounds):
    withheld = {"arms": frozenset({"arm"}), "injections": frozenset({""})}
    sight = Sight(person=StorePerson(account="gus", grants=()), sites={}, withheld=withheld)
    line = asked("q1", "vas", "57", form="pain", grounds=grounds)

    assert QueryLines(sight=sight).seen(line, 12).asked == "e12"
    assert seen_line(line, sight).message == WITHHELD
    assert QueryLines(sight=replace(sight, person=None)).seen(line, 12) is line
