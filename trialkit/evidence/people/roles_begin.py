"""What the first grant of a store takes from those who could do everything until then.

Whoever begins a store does everything in it; from the first grant on roles bind everybody, and there is
no way back, since a grant that ends was one all the same.
"""

from dataclasses import dataclass

from trialkit.evidence.log.rights import RIGHTS_OF, Right
from trialkit.evidence.people.people import People
from trialkit.protocol.trial.roles import TrialRole


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesBegin:
    """What changes with the first grant."""

    beginner: str
    """The account of whoever began the store."""
    role: str
    """The one that binds the beginner then."""
    lost: tuple[tuple[Right, tuple[TrialRole, ...]], ...]
    """What the beginner may not do any more, and which roles may."""
    is_open: bool
    """Whether others could act too, who have no role then."""


def roles_begin(people: People) -> RolesBegin | None:
    """What the next grant changes; None where roles bind already, or nobody has begun."""
    if not people.is_of_one:
        return None
    (first,) = people.grants
    lost = [right for right in Right if right not in first.rights]
    may = [tuple(role for role, rights in RIGHTS_OF.items() if right in rights) for right in lost]
    return RolesBegin(
        beginner=first.person,
        role=first.role,
        lost=tuple(zip(lost, may, strict=True)),
        is_open=first.is_open,
    )
