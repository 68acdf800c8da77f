"""What an event of the log says beside its place and its values: who got which role, what was signed."""

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType

from trialkit.evidence.log.actions import EventAction
from trialkit.evidence.log.events import NO_ROLE


def what_was_done(event: Mapping[str, str]) -> str:
    """The action in words, with the event that it is about, and what its details say of it.

    What is withheld or was altered says nothing more: an action alone is always true.
    """
    about = f" {event['about']}" if event["about"] != "0" else ""
    more = _MORE.get(event["action"], _nothing)(_object(event["details"]))
    if event["action"] in _HOLDS and not (more or any(map(event.get, _PLACE))):
        more = "the database"
    return f"{event['action']}{about}{f': {more}' if more else ''}"


def became(event: Mapping[str, str]) -> str:
    """The value after it; of a query, what it says."""
    if event["action"] not in _OF_QUERIES:
        return event["new"]
    texts = _object(event["new"])
    if not texts:
        return event["new"]
    if event["action"] == EventAction.QUERY_ANSWERED and texts.get("value"):
        return f"right value {texts['value']}"
    return texts.get("message") or texts.get("note") or ""


def by_whom(event: Mapping[str, str]) -> str:
    """The printed name, the account where that is another, and the role."""
    who, account, role = event["printed_name"], event["person"], event["role"]
    beside = [account] if account != who else []
    beside += [role] if role not in ("", NO_ROLE) else []
    return f"{who} ({', '.join(beside)})" if beside else who


def _object(text: str) -> Mapping[str, str]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        name: json.dumps(said) if isinstance(said, dict) else str(said)
        for name, said in found.items()
    }


def _nothing(_: Mapping[str, str]) -> str:
    return ""


def _granted(details: Mapping[str, str]) -> str:
    if not details.get("role"):
        return ""
    arms = ", and reads arms" if details.get("arms") == "1" else ""
    return f"{details['role']} to {details.get('person', '')}{_at_site(details)}{arms}"


def _revoked(details: Mapping[str, str]) -> str:
    return f"of {details['person']}{_at_site(details)}" if details.get("person") else ""


def _at_site(details: Mapping[str, str]) -> str:
    return f" at site {details['site']}" if details.get("site") else ""


def _says(name: str) -> Callable[[Mapping[str, str]], str]:
    return lambda details: details.get(name, "")


def _query(details: Mapping[str, str]) -> str:
    """The name by which people know it, where the log has another one."""
    known = _object(details.get("more", "")).get("query_key")
    named = known or details.get("query_key", "")
    return ": ".join(filter(None, (named, details.get("answer", ""))))


def _stamped(details: Mapping[str, str]) -> str:
    if not details.get("stamped_at"):
        return ""
    return f"time stamp of {details['stamped_at']} by {details.get('authority', '')}"


def _tables(details: Mapping[str, str]) -> str:
    if not {"from", "to"} <= details.keys():
        return ""
    return f"from revision {details['from']} to {details['to']}"


def _held(details: Mapping[str, str]) -> str:
    return f"site {details['site']}" if details.get("site") else ""


def _signed(details: Mapping[str, str]) -> str:
    by = f"by {details['by']}" if details.get("by") else ""
    return ", ".join(filter(None, (details.get("meaning", ""), by)))


_HOLDS = (EventAction.FROZEN.value, EventAction.LOCKED.value)
_PLACE = ("form", "subject_id", "visit", "repeat")
_OF_QUERIES = frozenset(
    action.value
    for action in EventAction
    if action.is_of_a_query and action is not EventAction.QUERY_CUT
)
_MORE: Mapping[str, Callable[[Mapping[str, str]], str]] = MappingProxyType(
    {
        **dict.fromkeys(_OF_QUERIES, _query),
        EventAction.GRANTED.value: _granted,
        EventAction.REVOKED.value: _revoked,
        EventAction.PLACED.value: _says("site"),
        EventAction.MARKED.value: _says("kind"),
        EventAction.ANCHORED.value: _stamped,
        EventAction.SIGNED.value: _signed,
        EventAction.PASSPHRASE_REFUSED.value: _says("by"),
        EventAction.TABLES_MIGRATED.value: _tables,
        EventAction.FROZEN.value: _held,
        EventAction.LOCKED.value: _held,
    }
)
