"""What differs between two plans, table by table."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from trialkit.protocol.locks.written_plan import MANY, Written


class ChangeKind(StrEnum):
    """What became of a part of the plan."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanChange:
    """One part of the plan that is not what it was."""

    table: str
    name: str
    """Which entry of the table; empty for a table that stands once."""
    kind: ChangeKind
    keys: tuple[str, ...] = ()
    """What in it changed."""
    label: str = ""
    """What the plan itself calls the entry, where it calls it anything but its name."""


def plan_changes(before: Written, after: Written) -> tuple[PlanChange, ...]:
    """What was added, removed and changed, in the order of the tables and of their names."""
    return tuple(_changes(before, after))


def _changes(before: Written, after: Written) -> Iterator[PlanChange]:
    for table in dict.fromkeys((*after, *before)):
        then, now = before.get(table), after.get(table)
        if table not in MANY:
            if then != now:
                yield _change(table, "", then, now)
            continue
        for name in dict.fromkeys((*(now or {}), *(then or {}))):
            old, new = (then or {}).get(name), (now or {}).get(name)
            if old != new:
                yield _change(table, name, old, new)


def _change(table: str, name: str, then: Any, now: Any) -> PlanChange:
    if then is None or now is None:
        kind = ChangeKind.ADDED if then is None else ChangeKind.REMOVED
        return PlanChange(table=table, name=name, kind=kind, label=_label(now or then))
    return PlanChange(
        table=table,
        name=name,
        kind=ChangeKind.CHANGED,
        keys=tuple(_changed_keys(then, now)),
        label=_label(now),
    )


def _label(entry: Any) -> str:
    found = entry.get("label") if isinstance(entry, Mapping) else None
    return found if isinstance(found, str) else ""


def _changed_keys(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    """The keys that differ, those of a table within it by ``table.key``."""
    for key in dict.fromkeys((*now, *then)):
        old, new = then.get(key), now.get(key)
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from (f"{key}.{inner}" for inner in _changed_keys(old, new))
        else:
            yield key
