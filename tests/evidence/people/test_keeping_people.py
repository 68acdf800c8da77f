"""Grants, places and withheld items are kept as the log comes to them, and verify says where not."""

import pytest

from tests.evidence.world_of_people import FAY, by, with_arms
from trialkit.evidence.database.people_tables import ACTIONS, BEGINNER
from trialkit.evidence.log.reading import events
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.keeping_people import PeopleState, kept_people, people_differences
from trialkit.evidence.standing.verifying_rows import people_problems
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.granting import place, revoke


def test_tables_of_people_are_what_the_log_comes_to(kept):
    with_arms(kept.store, lambda _: "EG")
    revoke(kept.store, 7, by(FAY, 30), reason="left")
    place(kept.store, {"S1": "north"}, by(FAY, 31))

    with kept.store.reading() as connection:
        found = kept_people(connection)
        batches = list(events(connection, EVENT.c.action.in_(ACTIONS)))
        state = PeopleState()
        for batch in batches:
            state.carry_out(batch)
        assert list(people_differences(connection, batches)) == []

    assert found == state
    assert found.grants[1].role == BEGINNER
    assert found.grants[7].revoked
    assert found.sites["S1"][0] == "north"
    assert found.sites["N1"][0] == "north"
    assert found.withheld == {("arms", "arm"): 3}


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE person_grant SET role = 'data manager' WHERE person = 'eve'", "the grant of event 7"),
        ("UPDATE person_grant SET arms = 1 WHERE person = 'eve'", "the grant of event 7"),
        ("DELETE FROM person_grant WHERE person = 'eve'", "the grant of event 7"),
        ("UPDATE subject_site SET site = 'north'", "S1 is not at the site"),
        ("DELETE FROM withheld_item", "arms, arm: is not withheld"),
    ],
)  # fmt: skip
def test_what_an_owner_gives_past_the_log_is_told(kept, statement, told):
    with_arms(kept.store, lambda _: "EG")
    assert not kept.by_force(statement, guarded=True)

    found = [each.told for each in verify(kept.store.by("fay")).problems]

    assert any(each.startswith(told) for each in found), found
    with kept.store.reading() as connection:
        assert next(each.told for each in people_problems(connection)).startswith(told)
