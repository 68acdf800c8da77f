"""Nobody grants anything to themselves, and somebody can always grant."""

import pytest

from tests.evidence.world_of_people import ANN, BEN, FAY, begun, by, entered, with_two_sites
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import Actor, entries
from trialkit.evidence.log.rights import Right
from trialkit.evidence.people.grant_rules import places, refuse_grants
from trialkit.evidence.people.people import people_of
from trialkit.evidence.people.placing import placed_at
from trialkit.evidence.people.sight import sites_of
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.granting import grant, place, revoke
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.roles import TrialRole

MANAGER = TrialRole.DATA_MANAGER


def people(store):
    with store.reading() as connection:
        return people_of(connection)


def test_grant_is_an_event_and_gives_the_rights_of_the_role(kept):
    begun(kept.store)

    found = people(kept.store)

    ben, fay = found.person("ben"), found.person("fay")
    assert ben.may(Right.ENTER, form="pain", site="north")
    assert not ben.may(Right.ENTER, form="pain", site="south")
    assert not ben.may(Right.ENTER, form="pain")
    assert fay.may(Right.GRANT)
    assert not fay.may(Right.READ_ARMS)
    assert not found.is_of_one
    assert found.person("ann").roles == ("data manager",)
    assert not found.person("ann").may(Right.SIGN)


def test_grant_for_a_form_is_for_that_form_alone(kept):
    begun(kept.store)
    grant(
        kept.store, "gus", by(ANN, 20), printed_name="Gus", role=TrialRole.MONITOR, forms=("pain",)
    )

    gus = people(kept.store).person("gus")

    assert gus.may(Right.READ, form="pain", site="north")
    assert not gus.may(Right.READ, form="arms", site="north")
    assert not gus.may(Right.READ)


@pytest.mark.parametrize("account", ["fay", "FAY", "Fay"])
def test_nobody_grants_to_themselves(kept, account):
    begun(kept.store)

    with pytest.raises(EvidenceError, match="cannot grant a right to themselves"):
        grant(kept.store, account, by(FAY, 20), printed_name="F", role=MANAGER, arms=True)


def test_beginner_cannot_grant_to_themselves_either(kept):
    begun(kept.store)

    with pytest.raises(EvidenceError, match="cannot grant a right to themselves"):
        grant(kept.store, "ann", by(ANN, 20), printed_name="A", role=TrialRole.INVESTIGATOR)
    grant(kept.store, "ann", by(FAY, 21), printed_name="A", role=TrialRole.INVESTIGATOR)

    assert people(kept.store).person("ann").may(Right.SIGN)


@pytest.mark.parametrize("account", ["", " gus", "g\nus"])
def test_account_that_is_none_is_refused(kept, account):
    begun(kept.store)

    with pytest.raises(EvidenceError, match="is no account"):
        grant(kept.store, account, by(ANN, 20), printed_name="G", role=MANAGER)


def test_who_may_not_grant_is_refused(kept):
    begun(kept.store)

    with pytest.raises(EvidenceError, match="ben may not grant or revoke rights at site north"):
        grant(kept.store, "gus", by(BEN, 20), printed_name="G", role=MANAGER, site="north")
    with pytest.raises(EvidenceError, match="ben may not grant or revoke rights at every site"):
        grant(kept.store, "gus", by(BEN, 20), printed_name="G", role=MANAGER)


def test_manager_of_a_site_grants_at_this_site_alone(kept):
    begun(kept.store)
    grant(kept.store, "gus", by(ANN, 20), printed_name="G", role=MANAGER, site="north")
    found = people(kept.store)
    said = canonical({"arms": 0, "person": "eve", "printed_name": "E", "role": MANAGER, "site": ""})
    far = entries([{"action": EventAction.GRANTED, "details": said}])
    near = entries([{"action": EventAction.GRANTED, "details": said.replace('""', '"north"')}])

    refuse_grants(found, near, "gus")
    with pytest.raises(EvidenceError, match="gus may not grant or revoke rights at every site"):
        refuse_grants(found, far, "gus")


def test_last_who_can_grant_stays(kept):
    begun(kept.store)
    revoke(kept.store, 8, by(ANN, 20), reason="left")

    with pytest.raises(EvidenceError, match="ann is the last who may grant rights everywhere"):
        revoke(kept.store, 1, by(ANN, 21), reason="left too")
    with pytest.raises(EvidenceError, match="is no grant that holds"):
        revoke(kept.store, 8, by(ANN, 21), reason="twice")
    with pytest.raises(EvidenceError, match="needs a reason"):
        revoke(kept.store, 4, by(ANN, 21), reason=" ")


def test_first_grant_ends_the_time_alone(kept):
    begun(kept.store)

    with pytest.raises(EvidenceError, match="may not sign"):
        append(
            kept.store,
            entries([{"action": EventAction.SIGNED, "subject_id": "N1", "details": "{}"}]),
            by(ANN, 20),
        )


def test_participant_is_where_the_first_row_was_entered(kept):
    with_two_sites(kept.store)

    with kept.store.reading() as connection:
        assert sites_of(connection) == {"N1": "north", "S1": "south"}


def test_participant_whom_a_manager_entered_is_placed_by_one(kept):
    with_two_sites(kept.store)
    append(kept.store, entries(entered("X1", "5")), by(FAY, 20))
    row = {"action": EventAction.ROW_ADDED, "form": "pain", "subject_id": "X1", "visit": "week_1"}
    with pytest.raises(EvidenceError, match="may not"):
        append(kept.store, entries([row]), by(BEN, 21))
    with pytest.raises(EvidenceError, match="may not"):
        place(kept.store, {"X1": "north"}, by(BEN, 21))

    place(kept.store, {"X1": "north", "N1": "north"}, by(FAY, 22))
    append(kept.store, entries([row]), by(BEN, 23))

    assert source_at(kept.store.by("ben"))[0].tables["pain"].height == 3


def test_nobody_takes_participants_of_no_site_to_a_site_among_new_ones(kept):
    """Several at once: what is true of the first must be true of each."""
    with_two_sites(kept.store)
    append(kept.store, entries([*entered("X1", "5"), *entered("X2", "6")]), by(FAY, 20))
    rows = [
        {"action": EventAction.ROW_ADDED, "form": "pain", "subject_id": who, "visit": visit}
        for who, visit in (("N2", "week_0"), ("X1", "week_1"), ("X2", "week_1"))
    ]
    for some in (rows, rows[1:], rows[2:]):
        with pytest.raises(EvidenceError, match="may not"):
            append(kept.store, entries(some), by(BEN, 21))

    append(kept.store, entries(rows[:1]), by(BEN, 22))
    with kept.store.reading() as connection:
        assert sites_of(connection) == {"N1": "north", "N2": "north", "S1": "south"}


def test_place_that_nobody_may_give_is_refused(kept):
    with_two_sites(kept.store)
    ben = people(kept.store).person("ben")
    moved = placed_at({"S1": "north"})

    with pytest.raises(EvidenceError, match="ben may not say that S1 is at site north"):
        places(ben, moved, {"S1": "south"})
    assert places(ben, placed_at({"N7": "north"}), {}) == {"N7": "north"}


def test_actor_of_no_role_is_told_what_to_do(kept):
    begun(kept.store)
    nobody = Actor(person="gus", printed_name="Gus", role="monitor")
    with pytest.raises(EvidenceError, match=r"trialkit store grant|may not act as gus"):
        append(kept.store, entries(entered("N1", "5")), by(nobody, 20))
