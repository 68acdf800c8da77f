"""The history of queries as events of the log, and back, so that nothing of a line is lost.

Words of people and values of the data are texts of an event, from which they can be redacted; the rest
of a line stands in its columns and details.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from trialkit.checks.queries.queries import ASKING, Event, Happening
from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.kept_json import kept_object
from trialkit.evidence.people.sight import WITHHELD
from trialkit.protocol.tables.canonical import canonical

QUERY_ACTIONS = [each.value for each in EventAction if each.is_of_a_query]
ACTION_OF: Mapping[Happening, EventAction] = {
    Happening.CUT: EventAction.QUERY_CUT,
    Happening.OPENED: EventAction.QUERY_OPENED,
    Happening.CHANGED: EventAction.QUERY_CHANGED,
    Happening.REVISED: EventAction.QUERY_REVISED,
    Happening.ANSWERED: EventAction.QUERY_ANSWERED,
    Happening.REOPENED: EventAction.QUERY_REOPENED,
    Happening.RETURNED: EventAction.QUERY_RETURNED,
    Happening.CLOSED: EventAction.QUERY_RESOLVED,
    Happening.COMMENTED: EventAction.QUERY_COMMENTED,
    Happening.APPLIED: EventAction.QUERY_APPLIED,
    Happening.DISMISSED: EventAction.QUERY_CLOSED,
}
_HAPPENING_OF = {
    **{action: happening for happening, action in ACTION_OF.items()},
    EventAction.QUERY_DRAFTED: Happening.OPENED,
    EventAction.QUERY_CANCELLED: Happening.DISMISSED,
}
CANCELLED = "cancelled"
"""The note by which a line of a file says that the query should not have been asked."""
REDACTED = "(redacted)"
_PLACE = ("form", "subject_id", "visit", "repeat", "item")
_TEXTS = ("value", "grounds", "message", "note")
WORDS = ("message", "note", "reason")
"""Those that people read, in whose place it is said that something is withheld."""
SAYING = (*ASKING, Happening.REVISED, Happening.RETURNED)
"""What has the words of a finding, to ask or to say again what was asked."""
_DETAILS = (
    "on", "query_key", "asked", "severity", "site", "label", "rule_id", "missing_code", "answer",
    "answered_by",
)  # fmt: skip


def entry_of(
    event: Event,
    *,
    action: EventAction | None = None,
    more: Mapping[str, str] | None = None,
    apart: Sequence[str] = (),
) -> dict[str, object]:
    """A line of the history as what is appended; ``more`` is said in its details beside.

    ``apart`` names the words that it has, and that are kept elsewhere.
    """
    line = asdict(event)
    texts = {name: line[name] for name in _TEXTS if line[name]}
    is_cancelled = event.event is Happening.DISMISSED and event.note == CANCELLED
    usual = EventAction.QUERY_CANCELLED if is_cancelled else ACTION_OF[event.event]
    said = {name: line[name] for name in _DETAILS if line[name]}
    return {
        "action": action or usual,
        **{name: line[name] for name in _PLACE},
        "details": canonical(
            {
                **said,
                **({"more": dict(more)} if more else {}),
                **({"apart": list(apart)} if apart else {}),
            }
        ),
        "new": canonical(texts) if texts else "",
        "reason": event.reason,
    }


def event_of(row: Mapping[str, Any]) -> tuple[Event, Mapping[str, str]]:
    """The line that an event of the log is of, and what its details say beside it.

    In the place of words that are kept elsewhere stands that they are withheld.
    """
    said = kept_object(row["details"], of=f"the query of event {row['seq']}")
    more = said.pop("more", {})
    texts = {"message": REDACTED} if row["new"] is None and row["new_sha256"] else {}
    if row["new"]:
        texts = kept_object(row["new"], of=f"the query of event {row['seq']}")
    is_gone = row["reason"] is None and row["reason_sha256"]
    line = {
        **{name: str(said[name]) for name in _DETAILS if name in said},
        **{name: str(texts[name]) for name in _TEXTS if name in texts},
        **{name: row[name] for name in _PLACE},
        "on": str(said.get("on", "")),
        "event": _HAPPENING_OF[EventAction(row["action"])],
        "reason": REDACTED if is_gone else row["reason"] or "",
        **{name: WITHHELD for name in said.get("apart", ()) if name in WORDS},
    }
    return Event(**line), more if isinstance(more, dict) else {}
