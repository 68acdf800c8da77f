"""What the log comes to beside the forms: grants, the sites of participants, and what tells an arm."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import polars as pl
import sqlalchemy as sa

from trialkit.evidence.database.people_tables import (
    ACTIONS,
    BEGINNER,
    PERSON_GRANT,
    SUBJECT_SITE,
    WITHHELD_ITEM,
)
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import of_actions
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.people.people import RoleGrant, people_of
from trialkit.evidence.people.sight import places_of

_READ = ("seq", "action", "person", "printed_name", "form", "subject_id", "about", "details")


@dataclass(slots=True)
class PeopleState:
    """Grants, places and withheld items, made from events."""

    grants: dict[int, RoleGrant] = field(default_factory=dict)
    sites: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Site and event, by participant."""
    withheld: dict[tuple[str, str], int] = field(default_factory=dict)
    """The event that first withheld an item of a form."""

    def carry_out(self, events: pl.DataFrame) -> None:
        """Every event in turn that is about people.

        Raises :class:`~trialkit.errors.EvidenceError` for one that does not say what it should.
        """
        asked = of_actions(events, ACTIONS)
        for seq, action, person, name, form, subject, about, details in asked[
            list(_READ)
        ].iter_rows():
            said = kept_object(details, of=f"event {seq}") if details else {}
            match action:
                case EventAction.BEGAN:
                    self._grant(seq, form="", said={**said, "person": person, "printed_name": name})
                case EventAction.GRANTED:
                    self._grant(seq, form=form, said=said)
                case EventAction.REVOKED if about in self.grants:
                    self.grants[about] = replace(self.grants[about], revoked=seq)
                case EventAction.PLACED:
                    self.sites[subject] = (str(said.get("site", "")), seq)
                case EventAction.FORM_OPENED:
                    for item in said.get("withheld") or ():
                        self.withheld.setdefault((form, str(item)), seq)

    def _grant(self, seq: int, *, form: str, said: Mapping[str, object]) -> None:
        self.grants[seq] = RoleGrant(
            seq=seq,
            person=str(said.get("person", "")),
            printed_name=str(said.get("printed_name", "")),
            role=str(said.get("role", BEGINNER)),
            form=form,
            site=str(said.get("site", "")),
            arms=bool(said.get("arms")),
            is_open=bool(said.get("is_open")),
        )


def keep_people(connection: sa.Connection, events: pl.DataFrame) -> None:
    """Write what these events say of people, which have just been written; a server does it itself."""
    if connection.dialect.name == "postgresql" or of_actions(events, ACTIONS).is_empty():
        return
    placed = of_actions(events, [EventAction.PLACED])["subject_id"].unique()
    state = kept_people(connection, of=placed)
    before = PeopleState(
        grants=dict(state.grants), sites=dict(state.sites), withheld=dict(state.withheld)
    )
    state.carry_out(events)
    write_people(connection, state, before)


def write_people(connection: sa.Connection, state: PeopleState, before: PeopleState) -> None:
    """Keep what became of it since ``before``."""
    for seq, grant in state.grants.items():
        if before.grants.get(seq) != grant:
            connection.execute(PERSON_GRANT.delete().where(PERSON_GRANT.c.seq == seq))
            connection.execute(PERSON_GRANT.insert().values(_record(grant)))
    for subject, (site, seq) in state.sites.items():
        if before.sites.get(subject) != (site, seq):
            connection.execute(SUBJECT_SITE.delete().where(SUBJECT_SITE.c.subject_id == subject))
            connection.execute(SUBJECT_SITE.insert().values(subject_id=subject, site=site, seq=seq))
    for (form, item), seq in state.withheld.items():
        if (form, item) not in before.withheld:
            connection.execute(WITHHELD_ITEM.insert().values(form=form, item=item, seq=seq))


def kept_people(connection: sa.Connection, *, of: Iterable[str] | None = None) -> PeopleState:
    """The same as the tables have it, with the places of some participants or of all."""
    withheld = connection.execute(
        sa.select(WITHHELD_ITEM.c.form, WITHHELD_ITEM.c.item, WITHHELD_ITEM.c.seq)
    )
    return PeopleState(
        grants={each.seq: each for each in people_of(connection).grants},
        sites=places_of(connection, of),
        withheld={(form, item): seq for form, item, seq in withheld},
    )


def people_differences(connection: sa.Connection, batches: Iterable[pl.DataFrame]) -> Iterator[str]:
    """Where the tables of people are not what the log comes to, in words."""
    state = PeopleState()
    for batch in batches:
        state.carry_out(batch)
    found = kept_people(connection)
    for seq in sorted(found.grants.keys() | state.grants.keys()):
        if found.grants.get(seq) != state.grants.get(seq):
            yield f"the grant of event {seq} is not as the log has it"
    for subject in sorted(found.sites.keys() | state.sites.keys()):
        if found.sites.get(subject) != state.sites.get(subject):
            yield f"{subject} is not at the site that the log has"
    for form, item in sorted(found.withheld.keys() ^ state.withheld.keys()):
        yield f"{form}, {item or 'as a whole'}: is not withheld as the log has it"


def _record(grant: RoleGrant) -> dict[str, object]:
    return {
        "seq": grant.seq, "person": grant.person, "printed_name": grant.printed_name,
        "role": grant.role, "form": grant.form, "site": grant.site, "arms": int(grant.arms),
        "is_open": int(grant.is_open),
        "revoked": grant.revoked,
    }  # fmt: skip
