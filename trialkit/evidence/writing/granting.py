"""Roles are granted and revoked, and participants placed at sites, each by an event.

Nobody grants anything to themselves: the first person has a role by beginning the store, everybody
else by somebody who may grant. The last grant by which anything can be granted stays.
"""

from collections.abc import Mapping

from trialkit.errors import EvidenceError
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.people.people import people_of
from trialkit.evidence.people.placing import placed_at
from trialkit.evidence.people.sight import sites_of
from trialkit.evidence.writing.appending import append, append_to
from trialkit.printable import is_printable
from trialkit.protocol.tables.canonical import canonical
from trialkit.protocol.trial.roles import TrialRole


def grant(
    store: Store, person: str, occasion: Occasion, *, printed_name: str, role: TrialRole,
    site: str = "", forms: tuple[str, ...] = ("",), arms: bool = False,
) -> LogEnd:  # fmt: skip
    """Give somebody a role, at a site and for some forms or everywhere.

    ``arms`` lets the person read arms beside what the role may do; the protocol says for which roles
    that may be (``[data] arms_seen_by``), which whoever calls this asks. A grant that covers a site
    or a form needs one that covers it too.

    Raises :class:`EvidenceError` for a grant to oneself, and one that the author may not give.
    """
    _refuse_no_account(person)
    said = {"arms": int(arms), "person": person, "printed_name": printed_name, "role": role.value,
            "site": site}  # fmt: skip
    granted: list[dict[str, object]] = [
        {"action": EventAction.GRANTED, "form": form, "details": canonical(said)} for form in forms
    ]
    return append(store, entries(granted), occasion)


def revoke(store: Store, seq: int, occasion: Occasion, *, reason: str) -> LogEnd:
    """End the grant that an event gave.

    Raises :class:`EvidenceError` where there is none, and for the last that can grant anything.
    """
    with store.by(occasion.author.person).writing() as connection:
        people = people_of(connection)
        held = next((each for each in people.grants if each.seq == seq and not each.revoked), None)
        if held is None:
            raise EvidenceError(
                f"event {seq} is no grant that holds; 'trialkit store people' lists them with their "
                "numbers"
            )
        said = canonical({"person": held.person, "site": held.site})
        ended = {"action": EventAction.REVOKED, "about": seq, "form": held.form, "reason": reason,
                 "details": said}  # fmt: skip
        return append_to(connection, entries([ended]), occasion)


def place(store: Store, sites: Mapping[str, str], occasion: Occasion) -> LogEnd:
    """Say at which site participants are, those alone who are not there already."""
    with store.by(occasion.author.person).writing() as connection:
        known = sites_of(connection, sites)
        moved = {subject: site for subject, site in sites.items() if known.get(subject) != site}
        return append_to(connection, placed_at(moved), occasion) if moved else head_of(connection)


def _refuse_no_account(person: str) -> None:
    if not person or person != person.strip() or not is_printable(person):
        raise EvidenceError(
            f"{person!r} is no account; give the one by which the person is logged in"
        )
