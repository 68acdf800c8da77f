"""The lock of the database: refused until its checklist is met, and of nothing that came in meanwhile."""

import re
from collections.abc import Iterable

from trialkit.errors import EvidenceError
from trialkit.evidence.closing.lock_checklist import (
    ChecklistItem,
    ChecklistLine,
    LineState,
    LockFacts,
    checklist,
)
from trialkit.evidence.database.opening import Store
from trialkit.evidence.log.events import LogEnd, Occasion
from trialkit.evidence.log.reaches import Reach
from trialkit.evidence.log.reading import head_of
from trialkit.evidence.standing.holds import HoldKind
from trialkit.evidence.writing.holding import place_hold
from trialkit.grammar import by_number

_SHA256 = re.compile(r"[0-9a-f]{64}")
_LISTED = 5


def lock_database(store: Store, facts: LockFacts, occasion: Occasion, *, reason: str) -> LogEnd:
    """Lock everything, as it stood when ``facts`` were looked at; the event says how each line stood.

    Raises :class:`EvidenceError` with what is open, and where the log has gone on since.
    """
    _refuse_facts(facts)
    lines = checklist(store, facts)
    if open_lines := [line for line in lines if line.state is LineState.OPEN]:
        raise EvidenceError(f"the database is not locked, since this is open:\n{_told(open_lines)}")
    more = {
        "checklist": [line.record for line in lines], "as_of": facts.as_of,
        "definition": facts.definition, "backup_sha256": facts.backup_sha256,
    }  # fmt: skip
    with store.by(occasion.author.person).writing() as connection:
        now = head_of(connection).seq
        if now != facts.as_of:
            raise EvidenceError(
                f"the log has gone on from event {facts.as_of} to {now} while the checklist was made, so "
                "nothing was locked; run it again"
            )
        return place_hold(connection, Reach(), HoldKind.LOCK, occasion, reason=reason, more=more)


def _refuse_facts(facts: LockFacts) -> None:
    if facts.backup_sha256 and not _SHA256.fullmatch(facts.backup_sha256):
        raise EvidenceError(
            f"the hash of the backup is {facts.backup_sha256[:80]!r}; expected are the 64 digits that "
            "'trialkit store backup' prints"
        )
    for item, reason in facts.waived.items():
        if not item.can_be_waived:
            named = ", ".join(each.name.lower() for each in ChecklistItem if each.can_be_waived)
            raise EvidenceError(
                f"{item.name.lower()}: nobody can go without it; what can be waived is {named}"
            )
        if not reason.strip():
            raise EvidenceError(f"{item.name.lower()}: is waived without a reason; say why")


def _told(lines: Iterable[ChecklistLine]) -> str:
    said = []
    for line in lines:
        said.append(
            f"  - {line.item}: {len(line.told)} {by_number(len(line.told), 'is', 'are')} open"
        )
        said += [f"      {each}" for each in line.told[:_LISTED]]
        if len(line.told) > _LISTED:
            said.append(f"      and {len(line.told) - _LISTED} more")
    return "\n".join(said)
