import pytest

from tests.evidence.world import cell, opened, row
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import entries, of_actions, with_blanks

SAID = [opened(), row("S1"), cell("S1", "vas", "", "57"), cell("S1", "vas", "57", "75"), row("S2")]


@pytest.mark.parametrize("times", [1, 40])
@pytest.mark.parametrize(
    "actions",
    [[EventAction.ROW_ADDED], [EventAction.SIGNED], list(EventAction), ["filled", "changed"]],
)
def test_entries_are_picked_alike_whether_few_or_many(times, actions):
    said = entries(SAID * times)

    found = of_actions(said, actions)

    wanted = [each for each in said.iter_rows(named=True) if each["action"] in actions]
    assert found.schema == said.schema
    assert found.rows(named=True) == wanted


def test_what_an_entry_leaves_out_says_nothing():
    (said,) = entries([{"action": EventAction.ROW_ADDED, "about": None}]).rows(named=True)

    assert said.pop("action") == "row added"
    assert (said.pop("about"), said.pop("copy")) == (0, 0)
    assert set(said.values()) == {""}


def test_entries_are_those_of_a_frame_with_blanks():
    said = entries(SAID)

    assert with_blanks(said.select("action", "subject_id", "item", "old", "new", "form", "visit",
        "reason", "repeat", "details")).equals(said)  # fmt: skip


def test_entry_says_nothing_that_no_event_has():
    with pytest.raises(RuntimeError, match="entries have no colour"):
        entries([{"action": EventAction.ROW_ADDED, "colour": "red"}])
