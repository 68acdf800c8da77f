"""The log beside the allocation list: which participant has which slot, and never an arm.

The list stands in a vault, a folder of its own (:mod:`trialkit.design.randomisation.vault`), and the trail
of its use in the trial's folder. An event names the line of the trail by its hash, so that each of the
two records tells what the other one lacks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import LogEnd, Occasion, entries
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.log.reading import events
from trialkit.evidence.log.rights import Right
from trialkit.evidence.log.tables import EVENT
from trialkit.evidence.people.gate import permit
from trialkit.evidence.people.sight import sites_of
from trialkit.evidence.writing.appending import append
from trialkit.protocol.tables.canonical import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedSlot:
    """A place on the list that somebody has."""

    subject: str
    slot: int
    stratum: Mapping[str, str]
    at: str
    """When, as the trail says."""
    line: str
    """The hash of the line of the trail."""


def permit_for(store: Store, account: str, right: Right, subject: str) -> None:
    """Ask whether somebody may randomise or unblind a participant, by the site where that is.

    Raises :class:`~trialkit.errors.EvidenceError` where not.
    """
    with store.by(account).reading() as connection:
        site = sites_of(connection, [subject]).get(subject, "")
        permit(connection, account, right, site=site)


def logged_lines(store: Store) -> frozenset[str]:
    """The lines of the trail that the log knows, of the participants whom the person sees."""
    with store.reading() as connection:
        found = list(events(connection, EVENT.c.action == EventAction.SLOT_USED.value))
    return frozenset(
        str(kept_object(details, of="a slot").get("line"))
        for batch in found
        for details in batch["details"]
    )


def log_slots(store: Store, slots: Sequence[UsedSlot], occasion: Occasion) -> LogEnd:
    """Write that these slots are used, in their order; at least one."""
    said: list[dict[str, object]] = [
        {
            "action": EventAction.SLOT_USED,
            "subject_id": each.subject,
            "details": canonical(
                {"at": each.at, "line": each.line, "slot": each.slot, "stratum": dict(each.stratum)}
            ),
        }
        for each in slots
    ]
    return append(store, entries(said), occasion)


def log_unblinding(
    store: Store, subject: str, line: str, occasion: Occasion, *, reason: str
) -> LogEnd:
    """Write that the arm of one participant is told to who acts, and why."""
    said: dict[str, object] = {
        "action": EventAction.UNBLINDED,
        "subject_id": subject,
        "reason": reason,
        "details": canonical({"line": line}),
    }
    return append(store, entries([said]), occasion)
