"""What the first grant takes, told of the people of a store."""

from dataclasses import replace

from trialkit.evidence.log.rights import Right
from trialkit.evidence.people.people import People, RoleGrant
from trialkit.evidence.people.roles_begin import roles_begin
from trialkit.protocol.trial.roles import TrialRole

BEGINNER = RoleGrant(
    seq=1, person="ann", printed_name="Ann", role="data manager", form="", site="", arms=False
)


def test_of_one_it_is_what_other_roles_may_and_which():
    found = roles_begin(People(grants=(BEGINNER,)))

    assert found is not None
    assert (found.beginner, found.role, found.is_open) == ("ann", "data manager", False)
    assert dict(found.lost) == {
        Right.READ_ARMS: (TrialRole.UNBLINDED_STATISTICIAN,),
        Right.SIGN: (TrialRole.INVESTIGATOR,),
        Right.ALLOCATE: (TrialRole.COORDINATOR, TrialRole.INVESTIGATOR),
        Right.UNBLIND: (TrialRole.INVESTIGATOR,),
    }


def test_beginner_who_reads_arms_by_the_protocol_keeps_that():
    found = roles_begin(People(grants=(replace(BEGINNER, arms=True, is_open=True),)))

    assert found is not None
    assert found.is_open
    assert Right.READ_ARMS not in dict(found.lost)


def test_later_and_before_there_is_anybody_nothing_begins():
    other = replace(BEGINNER, seq=2, person="ben", revoked=3)

    assert roles_begin(People(grants=())) is None
    assert roles_begin(People(grants=(BEGINNER, other))) is None
