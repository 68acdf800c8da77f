"""An attacker who is blinded, with trialkit and with SQL, at questions whose findings rest on an arm."""

import json
from dataclasses import replace

import polars as pl
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from tests.evidence.world import every_event
from tests.evidence.world_of_answers import answered
from tests.evidence.world_of_people import (
    ANN,
    BEN,
    FAY,
    by,
    logged_in,
    with_arms,
    with_two_sites,
)
from trialkit.checks.queries.queries import Event, Happening, asked_mark, mark_with
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.log_selection import LogSelection, selected
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries
from trialkit.evidence.people.sight import WITHHELD
from trialkit.evidence.queries.query_log import (
    ask_drafted,
    draft,
    import_history,
    queries_of,
    record,
    standing_queries,
)
from trialkit.evidence.queries.query_steps import reopened
from trialkit.evidence.queries.query_words_apart import (
    is_name,
    parted,
    restored,
    tells_all,
    words_of,
)
from trialkit.evidence.standing.query_events import entry_of, event_of
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.redacting import redact
from trialkit.protocol.tables.canonical import canonical

ARM, OTHER = "hamstring curls", "balance board"


def asked(key: str, grounds: str = "", *, item: str = "vas", value: str = "57", **more) -> Event:
    form = "arms" if item in ("arm", "day") else "pain"
    code = ARM if item == "arm" else ""
    mark = asked_mark(value=value, missing_code=code, grounds=grounds)
    line = Event(
        on="2026-03-02", event=Happening.OPENED, query_key=key, asked=mark, severity="soft",
        subject_id="N1", form=form, item=item, value=value, missing_code=code, grounds=grounds,
        rule_id="rule", message=f"Is {value} right for {grounds or item}?",
        visit="week_0" if form == "pain" else "",
    )  # fmt: skip
    return replace(line, **more)


TOLD = asked("q3", f"arms.arm={ARM}")
OF_ARM = asked("q1", item="arm", value=ARM)
BESIDE = asked("q8", value="31")
WITH_OTHERS = replace(BESIDE, asked=mark_with(BESIDE.asked, [f"q3{TOLD.asked}"]))
PLAIN = asked("q2", item="day", value="2026-03-02")
LINES = (
    TOLD, OF_ARM, WITH_OTHERS, PLAIN,
    replace(TOLD, event=Happening.REVISED, severity="hard"),
    replace(TOLD, event=Happening.ANSWERED, answer="corrected", value="75", message="", grounds="",
            reason="misread", answered_by="Ben"),
    replace(TOLD, event=Happening.REOPENED, reason=f"not on {ARM}", answered_by="Fay"),
    replace(OF_ARM, event=Happening.CHANGED, value=OTHER, asked="vffffffff"),
    replace(TOLD, event=Happening.CHANGED, value="58", grounds="", message="Is 58 right?",
            asked=asked_mark(value="58", missing_code="", grounds="")),
)  # fmt: skip
GUESSES = {
    *(each.asked for each in LINES if each.query_key in ("q1", "q3")),
    WITH_OTHERS.asked, WITH_OTHERS.asked.split(".")[1], ARM, OTHER,
}  # fmt: skip


@pytest.fixture
def queried(kept):
    """A store in which somebody who reads arms asked all of this."""
    with_arms(kept.store, lambda subject: ARM if subject == "N1" else OTHER)
    fay = logged_in(kept, "fay")
    nothing = queries_of(fay)
    record(fay, nothing.followed_by(LINES), before=nothing, occasion=by(FAY, 22))
    draft(fay, replace(TOLD, query_key="q5"), by(FAY, 23))
    return kept


def rows_by_sql(kept, person: str, table: str) -> list[tuple]:
    if kept.path is not None:
        pytest.skip("a file is read by whoever has it")
    url = kept.application_url.replace("//ann@", f"//{person}@")
    with psycopg.connect(url) as connection:
        return connection.execute(f"SELECT * FROM {table}").fetchall()


@pytest.mark.parametrize("person", ["eve", "ben"])
@pytest.mark.parametrize("table", ["event", "content", "standing_query"])
def test_blinded_account_with_sql_of_its_own_reads_no_arm_of_a_query(queried, person, table):
    everything = str(rows_by_sql(queried, "fay", table))
    found = str(rows_by_sql(queried, person, table))

    assert any(each in everything for each in GUESSES) is (table == "content")
    assert "q2" in found or table == "content"
    assert [each for each in GUESSES if each in found] == []


@pytest.mark.parametrize("person", ["eve", "ben"])
def test_blinded_person_reads_no_arm_of_a_query_through_trialkit(queried, person):
    store = logged_in(queried, person)
    log = pl.concat(selected(store, LogSelection())).filter(
        pl.col("action").str.starts_with("query")
    )
    said = f"{queries_of(store)} {standing_queries(store)} {log.rows()}"

    assert [each for each in GUESSES if each in said] == []
    assert "2026-03-02" in said


def test_who_may_read_arms_has_every_line_as_it_was_written(queried):
    history = queries_of(logged_in(queried, "dan")).history

    assert history == LINES
    assert queries_of(logged_in(queried, "dan")).by_key["q3"].grounds == ""
    assert verify(queried.store).problems == ()


def test_line_says_that_its_words_are_withheld_and_what_is_not_of_an_arm(queried):
    lines = queries_of(logged_in(queried, "ben")).history
    told, of_arm, with_others, plain, revised, answer, again, _, after = lines

    assert (told.message, told.value, told.grounds, told.missing_code) == (WITHHELD, "", "", "")
    assert tells_all(told.asked)
    assert (of_arm.asked, of_arm.message) == (WITHHELD, WITHHELD)
    assert with_others.asked.startswith(f"{BESIDE.asked}.w")
    assert with_others.message == BESIDE.message
    assert plain == PLAIN
    assert revised.severity == "hard"
    assert (answer.answer, answer.value, answer.reason) == ("corrected", "75", "misread")
    assert answer.asked == told.asked
    assert again.reason == WITHHELD
    assert (after.message, is_name(after.asked)) == ("Is 58 right?", True)


def test_two_questions_of_one_mark_have_two_names(queried):
    told, *_, again, _, _ = queries_of(logged_in(queried, "ben")).history

    assert told.asked != again.asked


def test_name_and_number_of_events_are_the_same_whatever_the_arm(queried):
    """What is drawn by chance apart, rows of the log differ in nothing that a blinded person sees."""
    log = pl.concat(selected(logged_in(queried, "eve"), LogSelection()))
    kept = log.filter(action=EventAction.QUERY_KEPT_APART)

    assert kept["new"].unique().to_list() == [WITHHELD]
    assert kept["details"].unique().to_list() == [""]
    assert kept["new_salt"].null_count() == kept.height == 8
    assert kept.select("form", "item").unique().rows() == [("arms", "arm")]


def test_blinded_coordinator_answers_by_the_name(queried):
    ben = logged_in(queried, "ben")
    before = queries_of(ben)
    after = answered(before, "q8", "confirmed", by="Ben")
    record(ben, after, before=before, occasion=by(BEN, 30))

    assert queries_of(logged_in(queried, "dan")).history[-1].asked == WITH_OTHERS.asked
    for person in ("dan", "ben", "fay"):
        store = logged_in(queried, person)
        (standing,) = (each for each in standing_queries(store) if each.query.query_key == "q8")
        assert standing.query.answer == queries_of(store).by_key["q8"].answer == "confirmed"
    assert verify(queried.store).problems == ()


def test_words_that_are_withheld_are_asked_again_by_their_name(queried):
    ann = logged_in(queried, "ann")
    before = queries_of(ann)
    answered = replace(
        before.by_key["q3"].happens(Happening.ANSWERED, on="2026-03-03"), answer="confirmed",
        answered_by="Ann",
    )  # fmt: skip
    after = before.followed_by([answered])
    record(ann, after, before=before, occasion=by(ANN, 41))
    again = reopened(queries_of(ann), "q3", "why?", by="Ann", on="2026-03-05")
    record(ann, again, before=queries_of(ann), occasion=by(ANN, 42))

    last = queries_of(logged_in(queried, "dan")).history[-1]
    assert (last.message, last.asked, last.reason) == ("Is 58 right?", LINES[-1].asked, "why?")
    assert verify(queried.store).problems == ()


def test_draft_that_rests_on_an_arm_is_asked_in_its_words_by_whoever_may_ask(queried):
    ask_drafted(logged_in(queried, "ann"), "q5", by(ANN, 41), on="2026-03-04")

    last = queries_of(logged_in(queried, "dan")).history[-1]
    assert (last.message, last.value, last.on) == (TOLD.message, "57", "2026-03-04")
    assert [each for each in GUESSES if each in str(queries_of(logged_in(queried, "eve")))] == []


def test_history_of_a_file_is_taken_in_with_its_words_apart(kept):
    with_arms(kept.store, lambda _: ARM)
    fay = logged_in(kept, "fay")
    nothing = queries_of(fay)
    import_history(fay, nothing.followed_by(LINES), by(FAY, 22))

    assert queries_of(fay).history == LINES
    import_history(fay, nothing.followed_by(LINES), by(FAY, 23))
    assert queries_of(fay).history == LINES
    assert [each for each in GUESSES if each in str(queries_of(logged_in(kept, "eve")))] == []


def test_redacted_words_are_gone_and_the_query_stands(queried):
    log = every_event(logged_in(queried, "fay"))
    first = log.filter(action=EventAction.QUERY_KEPT_APART)["seq"][0]
    redact(logged_in(queried, "fay"), first, by(FAY, 50), reason="a name stood there")

    told = queries_of(logged_in(queried, "dan")).history[0]
    assert (told.message, told.value, is_name(told.asked)) == ("(redacted)", "", True)
    assert verify(queried.store).problems == ()


def test_nothing_is_kept_apart_where_nothing_tells_an_arm(kept):
    with_two_sites(kept.store)
    fay = logged_in(kept, "fay")
    nothing = queries_of(fay)
    record(fay, nothing.followed_by([BESIDE]), before=nothing, occasion=by(FAY, 22))

    log = every_event(fay).filter(pl.col("action").str.starts_with("query"))
    assert log["action"].to_list() == [EventAction.QUERY_OPENED]
    assert json.loads(log["details"][0])["asked"] == BESIDE.asked


@given(
    head=st.from_regex(r"v[0-9a-f]{8}", fullmatch=True),
    following=st.lists(st.text(min_size=1), max_size=60),
)
@settings(max_examples=examples(100))
def test_no_mark_is_taken_for_a_name(head, following):
    assert not is_name(mark_with(head, following))


APART = {
    "action": EventAction.QUERY_KEPT_APART, "form": "arms", "item": "arm", "subject_id": "N1",
    "new": '{"asked":"v00000000","message":"Forged"}',
}  # fmt: skip


def apart(name: str, key: str = "q3") -> dict[str, object]:
    return {**APART, "details": canonical({"query_key": key, "asked": name})}


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ([apart("w0123456789abcdef")], "the line that they are of does not follow"),
        ([{**apart("w0123456789abcdef"), "form": "pain", "item": "vas"}], "this tells none"),
        (
            [apart("w0123456789abcdef"), entry_of(replace(PLAIN, asked="w0123456789abcdef"))],
            "the line that they are of does not follow",
        ),
        (
            [apart("w0123456789abcdef"),
             entry_of(replace(TOLD, event=Happening.COMMENTED, asked="w0123456789abcdef"))],
            "the line that they are of does not follow",
        ),
    ],
    ids=["alone", "in the open", "of another query", "before a comment"],
)  # fmt: skip
def test_words_are_kept_apart_of_the_line_that_follows_alone(queried, said, why):
    with pytest.raises(EvidenceError, match=why):
        append(logged_in(queried, "fay"), entries(said), by(FAY, 60))
    assert verify(queried.store).problems == ()


def test_words_of_a_name_that_was_given_stay_and_verify_tells_of_others(queried):
    """Who may read arms and ask could keep other words apart under the name of a line of before."""
    fay = logged_in(queried, "fay")
    name = queries_of(logged_in(queried, "ben")).history[0].asked
    again = entry_of(
        replace(TOLD, event=Happening.REVISED, asked=name, message="", grounds="", value=""),
        apart=("message",),
    )
    append(fay, entries([apart(name), again]), by(FAY, 60))

    assert queries_of(fay).history[0] == TOLD
    assert "Forged" not in str(queries_of(fay))
    (problem,) = verify(queried.store).problems
    assert "keeps apart what was kept before" in problem.told


def test_event_of_another_place_changes_no_query(queried):
    fay = logged_in(queried, "fay")
    elsewhere = replace(
        TOLD, event=Happening.ANSWERED, answer="confirmed", subject_id="N2", message="", grounds=""
    )
    with pytest.raises(EvidenceError, match=r"is about pain, N1|of the participant and the form"):
        append(fay, entries([entry_of(elsewhere)]), by(FAY, 60))


_TEXT = st.text(max_size=12)


@given(
    line=st.builds(
        Event, on=_TEXT, event=st.just(Happening.OPENED), query_key=_TEXT,
        asked=st.from_regex(r"v[0-9a-f]{8}(\.[0-9a-f]{6}){0,2}", fullmatch=True),
        subject_id=_TEXT, value=_TEXT, missing_code=_TEXT, grounds=_TEXT, message=_TEXT,
        note=_TEXT, reason=_TEXT,
    ),
    words=st.booleans(), whole=st.booleans(),
)  # fmt: skip
@settings(max_examples=examples(150))
def test_what_is_parted_is_put_together_again(line, words, whole):
    name, said = parted(line, ("arms", "arm"), words=words, whole=whole, action=None, more=None)
    kept, rest = (
        {**row, "seq": 1, "new_sha256": "x" if row["new"] else "", "reason_sha256": ""}
        for row in entries(said).iter_rows(named=True)
    )
    open_line, _ = event_of(rest)
    place, texts = words_of(kept)

    assert place == (line.query_key, name)
    assert restored(open_line, texts) == line
    assert is_name(name)
    assert tells_all(name) is whole
    if words:
        assert (open_line.value, open_line.grounds, open_line.missing_code) == ("", "", "")
