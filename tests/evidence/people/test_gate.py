"""Every door asks the gate: what a role may not do is refused, and nothing is written."""

import pytest

from tests.evidence.world_of_people import (
    ANN,
    BEN,
    CLEO,
    DAN,
    EVE,
    FAY,
    allocated,
    begun,
    by,
    entered,
    with_arms,
    with_two_sites,
)
from trialkit.errors import EvidenceError
from trialkit.evidence.contents.tables_at import source_at
from trialkit.evidence.log.actions import Door, EventAction
from trialkit.evidence.log.events import Actor, entries
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.log.rights import NEEDED, OF_ANYBODY, RIGHTS_OF, Right
from trialkit.evidence.people.gate import permit, permit_somewhere
from trialkit.evidence.verifying.verifying import verify
from trialkit.evidence.writing.appending import append
from trialkit.evidence.writing.beginning import begin, publish_definition
from trialkit.evidence.writing.granting import grant
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.roles import TrialRole

CHANGE = {
    "action": EventAction.CHANGED, "form": "pain", "subject_id": "N1", "visit": "week_0",
    "item": "vas", "old": "57", "new": "58", "reason": "misread",
}  # fmt: skip


def test_every_action_but_the_first_needs_a_right_and_every_role_has_some():
    assert NEEDED.keys() | OF_ANYBODY == set(EventAction) - {EventAction.BEGAN}
    assert RIGHTS_OF.keys() == set(TrialRole)
    assert {right for rights in RIGHTS_OF.values() for right in rights} == set(Right)


def test_blinded_roles_may_read_no_arms():
    may = {role for role, rights in RIGHTS_OF.items() if Right.READ_ARMS in rights}

    assert may == {TrialRole.UNBLINDED_STATISTICIAN}


@pytest.mark.parametrize(
    ("author", "said", "message"),
    [
        (EVE, entered("N9", "1"), "eve .blinded statistician. may not enter in form pain"),
        (DAN, [CHANGE], "dan .unblinded statistician. may not change in form pain; nothing"),
        (CLEO, [CHANGE], "cleo .coordinator. may not change in form pain: a row that is not of site south; nothing was done$"),
        (CLEO, [{"action": EventAction.ANCHORED, "about": 1}], "may not anchor"),
        (BEN, allocated("N1", "EG"), "ben .coordinator. may not read arms in form arms at site"),
        (FAY, allocated("N1", "EG"), "fay .data manager. may not read arms in form arms"),
        (
            Actor(person="gus", printed_name="Gus", role="auditor"),
            [CHANGE],
            "gus has no role in this store|may not act as gus",
        ),
        (
            Actor(person="ben", printed_name="Ben", role="data manager", site="north"),
            [CHANGE],
            "acts as 'data manager' here, and was granted coordinator",
        ),
        (
            Actor(person="ben", printed_name="Ben", role="coordinator", site="south"),
            entered("S9", "1"),
            "acts at site 'south' here, and was granted a role at north",
        ),
        (BEN, [{"action": EventAction.BEGAN, "details": "{}"}], "a store is begun once"),
    ],
    ids=[
        "blinded enters", "statistician changes", "other site", "anchor", "arm", "arm by manager",
        "nobody", "other role", "site of others", "begun twice",
    ],
)  # fmt: skip
def test_what_a_role_may_not_is_refused_and_nothing_is_written(kept, author, said, message):
    head = with_two_sites(kept.store)

    with pytest.raises(EvidenceError, match=message):
        append(kept.store, entries(said), by(author, 20))

    with kept.store.reading() as connection:
        assert head_of(connection) == head


def test_who_may_enters_changes_and_is_verified(kept):
    with_two_sites(kept.store)

    append(kept.store, entries([CHANGE]), by(BEN, 20))
    append(kept.store, entries([{**CHANGE, "old": "58", "new": "59"}]), by(FAY, 21))

    assert source_at(kept.store)[0].tables["pain"]["vas"].to_list() == ["59", "31"]
    assert verify(kept.store).holds


def test_right_that_was_revoked_counts_no_more(kept):
    from trialkit.evidence.writing.granting import revoke

    with_two_sites(kept.store)
    revoke(kept.store, 4, by(ANN, 19), reason="left the trial")

    with pytest.raises(EvidenceError, match="ben has no role in this store"):
        append(kept.store, entries([CHANGE]), by(BEN, 20))


def test_import_needs_its_own_right(kept):
    with_two_sites(kept.store)
    monitor_like = by(EVE, 20, Door.IMPORT)

    with pytest.raises(EvidenceError, match="may not change"):
        append(kept.store, entries([CHANGE]), monitor_like)


def test_definitions_are_published_by_who_may(kept):
    with_two_sites(kept.store)

    with pytest.raises(EvidenceError, match="may not publish definitions"):
        publish_definition(kept.store.by("ben"), {"protocol.toml": "x"}, by(BEN, 20))
    publish_definition(kept.store, {"protocol.toml": "x"}, by(FAY, 21))


def test_one_person_alone_may_everything(kept):
    begin(kept.store, trial="ISRCTN00000000", occasion=by(ANN))
    said = [
        {"action": EventAction.FORM_OPENED, "form": "arms",
         "details": canonical({"columns": ["subject_id", "day", "arm"], "withheld": ["arm"]})},
        *allocated("N1", "EG"),
    ]  # fmt: skip

    append(kept.store, entries(said), by(ANN, 1))

    assert source_at(kept.store)[0].tables["arms"]["arm"].to_list() == ["EG"]
    assert verify(kept.store).holds


def test_nobody_else_may_anything_in_a_store_of_one(kept):
    begin(kept.store, trial="ISRCTN00000000", occasion=by(ANN))

    with pytest.raises(EvidenceError, match="ben has no role"):
        append(kept.store, entries(entered("N1", "5")), by(BEN, 1))


def test_open_store_lets_others_act_until_something_is_granted_and_never_grant(kept):
    from trialkit.evidence.writing.granting import grant

    begin(kept.store, trial="ISRCTN00000000", occasion=by(ANN), is_open=True)
    opened = {"action": EventAction.FORM_OPENED, "form": "pain",
              "details": canonical({"columns": ["subject_id", "visit", "vas"]})}  # fmt: skip
    append(kept.store, entries([opened, *entered("N1", "57")]), by(FAY, 1))
    with pytest.raises(EvidenceError, match="may not grant"):
        grant(kept.store, "cleo", by(FAY, 2), printed_name="Cleo", role=TrialRole.DATA_MANAGER)
    grant(kept.store, "cleo", by(ANN, 3), printed_name="Cleo", role=TrialRole.DATA_MANAGER)

    with pytest.raises(EvidenceError, match="fay has no role"):
        append(kept.store, entries([CHANGE]), by(FAY, 4))


def test_rights_of_no_form_are_asked_for_by_themselves(kept):
    begun(kept.store)

    with kept.store.reading() as connection:
        permit(connection, "fay", Right.BACK_UP)
        permit_somewhere(connection, "ben", Right.EXPORT)
        with pytest.raises(EvidenceError, match="may not back up"):
            permit(connection, "ben", Right.BACK_UP)
        with pytest.raises(EvidenceError, match="may not export"):
            permit(connection, "ben", Right.EXPORT)
        with pytest.raises(EvidenceError, match="may not verify"):
            permit_somewhere(connection, "ben", Right.VERIFY)


def test_who_may_read_arms_enters_them(kept):
    with_arms(kept.store, lambda _: "EG")

    assert source_at(kept.store.by("dan"))[0].tables["arms"]["arm"].to_list() == ["EG"] * 3
    assert verify(kept.store.by("fay")).holds


def test_right_that_does_not_reach_so_far_is_not_said_to_be_lacking(kept):
    with_two_sites(kept.store)
    grant(kept.store, "gus", by(ANN, 20), printed_name="Gus", role=TrialRole.COORDINATOR,
          forms=("arms",))  # fmt: skip
    gus = Actor(person="gus", printed_name="Gus", role="coordinator")

    with kept.store.reading() as connection:
        refused = "may not randomise: something that is not of site north; nothing was done$"
        with pytest.raises(EvidenceError, match=refused):
            permit(connection, "ben", Right.ALLOCATE, site="south")
    told = "may not change in form pain: the role was granted for form arms alone; nothing"
    with pytest.raises(EvidenceError, match=f"{told}|may not act as gus"):  # who has no login
        append(kept.store, entries([CHANGE]), by(gus, 21))
