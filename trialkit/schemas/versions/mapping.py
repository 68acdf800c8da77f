"""What a person says of data entered by an older version of the forms: where answers go, what still holds."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from trialkit.errors import ProtocolError
from trialkit.schemas.versions.definition_change import ChangeWeight, DefinitionChange


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedItem:
    """Answers of an item that another item of the form takes, perhaps in another unit."""

    form: str
    item: str
    to: str
    """The item that takes them; the item itself where only the unit is another one."""
    factor: float = 1.0
    """What numbers are multiplied by."""

    def __post_init__(self) -> None:
        if not (isfinite(self.factor) and self.factor > 0):
            raise ProtocolError(f"factor is a number above 0, got {self.factor:g}")
        if self.to == self.item and self.factor == 1:
            raise ProtocolError(
                f"to is the item {self.item!r} itself; name another one, or a factor for its unit"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class RenamedCode:
    """Answers with a code that have another one from now on."""

    form: str
    item: str
    code: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DroppedItem:
    """Answers that leave the tables, and stay in the log."""

    form: str
    item: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedChange:
    """A change under which earlier answers stay what they are."""

    what: str
    """What changed, as ``trialkit forms diff`` names it."""
    form: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataMapping:
    """Everything that is said of the data entered before, and why."""

    reason: str
    moved: tuple[MovedItem, ...] = ()
    codes: tuple[RenamedCode, ...] = ()
    dropped: tuple[DroppedItem, ...] = ()
    accepted: tuple[AcceptedChange, ...] = ()

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ProtocolError("reason is blank; say why the forms change")
        leaving = self._leaving
        for form, item in leaving:
            if leaving.count((form, item)) > 1:
                raise ProtocolError(f"{form}.{item} is moved or dropped twice; say one thing of it")
        codes = [(each.form, each.item, each.code) for each in self.codes]
        if len(set(codes)) < len(codes):
            raise ProtocolError("codes has a code of an item twice; say one thing of it")

    def covers(self, change: DefinitionChange) -> bool:
        """Whether it says what becomes of earlier answers under a change."""
        if change.weight is ChangeWeight.SAFE:
            return True
        if change.weight is ChangeWeight.NEEDS_MAPPING and self._accepts(change):
            return True
        if change.what == "item" and not change.after:
            return (change.form, change.item) in self._leaving
        if change.what == "item":
            return any((each.form, each.to) == (change.form, change.item) for each in self.moved)
        if change.what == "choices" and not change.after:
            return any(
                (each.form, each.item) == (change.form, change.item) and each.code == change.code
                for each in self.codes
            )
        return change.what == "unit" and any(
            each.form == change.form and each.item == each.to == change.item for each in self.moved
        )

    @property
    def _leaving(self) -> list[tuple[str, str]]:
        """The items whose answers do not stay where they are, by form and item."""
        moved = [(each.form, each.item) for each in self.moved]
        return moved + [(each.form, each.item) for each in self.dropped]

    def _accepts(self, change: DefinitionChange) -> bool:
        return any(
            (each.form, each.item, each.what) == (change.form, change.item, change.what)
            for each in self.accepted
        )

    @property
    def said(self) -> Mapping[str, object]:
        """All of it as plain values, as an event keeps it."""
        return {
            name: [
                {key: getattr(each, key) for key in each.__slots__} for each in getattr(self, name)
            ]
            for name in ("moved", "codes", "dropped", "accepted")
        } | {"reason": self.reason}


def to_copy(change: DefinitionChange) -> str:
    """What a mapping says of a change, as TOML to copy, ``…`` for what is to be filled in; empty if nothing can be said."""
    place = {"form": change.form, "item": change.item}
    if change.what == "unit":
        return _as_toml("moved", {**place, "to": change.item, "factor": None})
    if change.weight is ChangeWeight.NEEDS_MAPPING:
        return _as_toml("accepted", {**place, "what": change.what})
    if change.what == "item":
        moved = _as_toml("moved", {**place, "to": None})
        return f"{moved} or {_as_toml('dropped', place)}"
    if change.what == "choices" and not change.after:
        return _as_toml("codes", {**place, "code": change.code, "to": None})
    return ""


def _as_toml(name: str, said: Mapping[str, str | None]) -> str:
    pairs = (
        f"{key} = {'…' if value is None else json.dumps(value, ensure_ascii=False)}"
        for key, value in said.items()
        if value != ""
    )
    return f"{name} = [{{ {', '.join(pairs)} }}]"


def left_open(
    changes: Sequence[DefinitionChange], mapping: DataMapping | None
) -> Iterator[DefinitionChange]:
    """The changes of which nobody said what they do to earlier answers."""
    for change in changes:
        is_said = mapping.covers(change) if mapping else change.weight is ChangeWeight.SAFE
        if not is_said:
            yield change
