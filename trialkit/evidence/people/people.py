"""The people of a store and what they were granted, as it stands and as the log comes to it."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from trialkit.evidence.database.people_tables import PERSON_GRANT
from trialkit.evidence.log.rights import RIGHTS_OF, Right
from trialkit.protocol.trial.roles import TrialRole


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGrant:
    """A role that somebody was given, at a site and for a form or everywhere."""

    seq: int
    """The event that granted it."""
    person: str
    printed_name: str
    role: str
    form: str
    """Empty for every form."""
    site: str
    """Empty for every site."""
    arms: bool
    """Whether arms may be read beside what the role may do."""
    is_open: bool = False
    """Of the beginner's: whether others act too, as long as nobody was granted anything."""
    revoked: int = 0
    """The event that ended it; 0 while it holds."""

    @property
    def rights(self) -> frozenset[Right]:
        """What it gives; a role that this version does not know gives nothing."""
        try:
            rights = RIGHTS_OF[TrialRole(self.role)]
        except ValueError:
            return frozenset()
        return rights | {Right.READ_ARMS} if self.arms else rights

    def covers(self, *, form: str, site: str) -> bool:
        """Whether it holds for this form at this site; ``""`` asks for all of them."""
        return self.form in ("", form) and self.site in ("", site)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorePerson:
    """Somebody who acts, with what was granted and is not revoked."""

    account: str
    grants: tuple[RoleGrant, ...]
    is_alone: bool = False
    """Whether the store was begun by this person, and nobody was ever granted anything."""
    is_guest: bool = False
    """Whether another began it so that whoever reaches it acts, as long as nothing is granted."""

    def may(self, right: Right, *, form: str = "", site: str = "") -> bool:
        """Whether this is allowed, for a form and at a site; ``""`` asks for all of them."""
        if self.is_alone or (self.is_guest and right is not Right.GRANT):
            return True
        return any(
            right in grant.rights and grant.covers(form=form, site=site) for grant in self.grants
        )

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role once, in the order of the grants."""
        return tuple(dict.fromkeys(grant.role for grant in self.grants))

    @property
    def sites(self) -> tuple[str, ...]:
        """Every site once, ``""`` for all."""
        return tuple(dict.fromkeys(grant.site for grant in self.grants))


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Everybody who was ever granted something; the first one by beginning the store."""

    grants: tuple[RoleGrant, ...]

    @property
    def has_begun(self) -> bool:
        """Whether there is anybody."""
        return bool(self.grants)

    @property
    def is_of_one(self) -> bool:
        """Whether the beginner works alone: nothing was ever granted to anybody else."""
        return len(self.grants) == 1

    def person(self, account: str) -> StorePerson:
        """Somebody by the account, with all that holds now."""
        held = tuple(each for each in self.grants if each.person == account and not each.revoked)
        is_guest = self.is_of_one and self.grants[0].is_open and not held
        return StorePerson(
            account=account, grants=held, is_alone=self.is_of_one and bool(held), is_guest=is_guest
        )

    def can_grant_without(self, seq: int) -> bool:
        """Whether somebody could still grant anything, everywhere, if this grant did not hold."""
        return any(
            Right.GRANT in each.rights and each.covers(form="", site="")
            for each in self.grants
            if not each.revoked and each.seq != seq
        )


def people_of(connection: sa.Connection) -> People:
    """Everybody, as the store stands; on a server, those whom the account may see."""
    return People(grants=tuple(_granted(connection)))


def _granted(connection: sa.Connection) -> Iterable[RoleGrant]:
    for row in connection.execute(sa.select(PERSON_GRANT).order_by(PERSON_GRANT.c.seq)):
        yield RoleGrant(
            seq=row.seq, person=row.person, printed_name=row.printed_name, role=row.role,
            form=row.form, site=row.site, arms=bool(row.arms), is_open=bool(row.is_open),
            revoked=row.revoked,
        )  # fmt: skip
