import pytest

from tests.evidence.world import ANN, cell, every_event, occasion, opened, row, small_history
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import NOTHING_BEFORE, Actor, LogEnd, entries
from trialkit.evidence.writing.appending import append


def test_event_says_who_when_what_and_comes_after_the_one_before(kept):
    head = small_history(kept.store)

    found = every_event(kept.store)

    assert found["seq"].to_list() == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found["batch"].to_list() == [1, 2, 3, 3, 5, 5, 5, 8]
    assert found["before"].to_list() == [NOTHING_BEFORE, *found["hash"][:-1]]
    assert head == LogEnd(seq=8, hash=found["hash"][-1])
    last = found.row(-1, named=True)
    assert (last["person"], last["printed_name"], last["role"]) == (
        ANN.person, ANN.printed_name, ANN.role,
    )  # fmt: skip
    assert (last["at"], last["zone"]) == ("2026-03-02T08:04:00.000Z", "Europe/Berlin")
    assert (last["action"], last["old"], last["new"]) == (EventAction.CHANGED, "57", "75")
    assert last["reason"] == "misread"


def test_form_holds_what_the_events_come_to(kept):
    small_history(kept.store)

    source, _ = source_at(kept.store)

    assert source.tables["pain"].rows() == [
        ("P1", "week_0", "75", ""),
        ("P2", "week_0", "31", "sat down"),
    ]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (cell("P1", "vas", "75", "80", reason=" "), "needs a reason"),
        (cell("P1", "vas", "75", "", reason=""), "needs a reason"),
        (cell("P1", "vas", "57", "80"), "somebody changed it meanwhile"),
        (cell("P1", "note", "x", "y"), "somebody changed it meanwhile"),
        (cell("P9", "vas", "", "80"), "there is no such row"),
        (row("P1"), "somebody added this row before"),
        ({**row("P1"), "form": "sleep"}, "is not open in this store"),
        (row("P1") | {"action": EventAction.ROW_REMOVED, "reason": "twice"}, "still holds vas"),
    ],
    ids=[
        "change",
        "empty",
        "other text",
        "blank cell",
        "no row",
        "row twice",
        "closed form",
        "full row",
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_is_written(kept, said, message):
    head = small_history(kept.store)
    before = source_at(kept.store)[0].tables["pain"]

    with pytest.raises(EvidenceError, match=message):
        append(kept.store, entries([row("P3"), said]), occasion(9))

    assert every_event(kept.store).height == head.seq
    assert source_at(kept.store)[0].tables["pain"].equals(before)


def test_row_that_went_can_come_again_at_the_end(kept):
    small_history(kept.store)
    gone = {**row("P1"), "action": EventAction.ROW_REMOVED, "reason": "entered twice"}

    append(kept.store, entries([cell("P1", "vas", "75", ""), gone, row("P1")]), occasion(9))

    assert source_at(kept.store)[0].tables["pain"]["subject_id"].to_list() == ["P2", "P1"]


def test_form_that_gets_a_column_keeps_its_rows(kept):
    small_history(kept.store)

    append(
        kept.store,
        entries([opened(columns=("subject_id", "visit", "vas", "note", "side"))]),
        occasion(9),
    )

    table = source_at(kept.store)[0].tables["pain"]
    assert table["side"].to_list() == ["", ""]
    assert table["vas"].to_list() == ["75", "31"]


@pytest.mark.parametrize("lacking", ["person", "printed_name", "role"])
def test_nobody_is_no_author(lacking):
    said = {"person": "ann", "printed_name": "Ann Miller", "role": "coordinator", lacking: " "}

    with pytest.raises(EvidenceError, match="names who acts"):
        Actor(**said)


def test_moment_without_a_zone_is_refused(kept):
    when = occasion()
    naive = type(when)(author=ANN, at=when.at.replace(tzinfo=None), door=when.door)

    with pytest.raises(EvidenceError, match="time zone"):
        append(kept.store, entries([opened()]), naive)


def test_nothing_is_no_event(kept):
    head = small_history(kept.store)

    assert append(kept.store, entries([opened()]).clear(), occasion(9)) == head
