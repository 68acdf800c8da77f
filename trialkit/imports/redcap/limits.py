"""REDCap's text validation: what an item holds, and between which ends.

REDCap only warns outside the minimum and maximum, so they become the expected range; with the
action tag ``@FORCE-MINMAX`` it takes nothing else, and they become the range. The ends of a slider
cannot be passed at all.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from trialkit.errors import ProtocolError
from trialkit.schemas.forms.forms import ItemType, Range

_DECIMAL = re.compile(r"number(_[1-4]dp)?(_comma_decimal)?")
_SIZE = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
_KNOWN: Mapping[str, ItemType] = {
    "": ItemType.TEXT,
    "integer": ItemType.INTEGER,
    "int": ItemType.INTEGER,
    "float": ItemType.DECIMAL,
    "time": ItemType.TIME,
    "signature": ItemType.TEXT,
    **{f"date_{order}": ItemType.DATE for order in ("ymd", "mdy", "dmy")},
    **{f"datetime_{order}": ItemType.DATE_TIME for order in ("ymd", "mdy", "dmy")},
    **{f"datetime_seconds_{order}": ItemType.DATE_TIME for order in ("ymd", "mdy", "dmy")},
}
_DATES = {
    "ymd": re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"),
    "dmy": re.compile(r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
    "mdy": re.compile(r"(?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
}


def text_type(validation: str) -> ItemType | None:
    """What a text field with this validation holds; None where we have no such type."""
    if _DECIMAL.fullmatch(validation):
        return ItemType.DECIMAL
    return _KNOWN.get(validation)


def has_decimal_comma(validation: str) -> bool:
    """Whether values of this validation are written with a decimal comma."""
    return validation.endswith("_comma_decimal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The ends of a range, and those that could not be read."""

    range: Range
    unread: tuple[str, ...] = ()


def limits(low: str, high: str, kind: ItemType, validation: str) -> Limits:
    """The range that a minimum and a maximum of REDCap make."""
    ends = {"the minimum": low, "the maximum": high}
    read = {name: _end(text, kind, validation) for name, text in ends.items()}
    unread = tuple(f"{name} {text!r}" for name, text in ends.items() if text and read[name] is None)
    try:
        found = Range(low=read["the minimum"], high=read["the maximum"])
    except ProtocolError:
        return Limits(range=Range(), unread=(f"the range from {low!r} to {high!r}",))
    return Limits(range=found, unread=unread)


def _end(text: str, kind: ItemType, validation: str) -> float | date | None:
    if kind is ItemType.DATE:
        return _day(text, validation)
    if kind in {ItemType.INTEGER, ItemType.DECIMAL, ItemType.VISUAL_ANALOGUE}:
        return float(text.replace(",", ".")) if _SIZE.fullmatch(text) else None
    return None


def _day(text: str, validation: str) -> date | None:
    """A date as REDCap keeps it, or in the order that the field itself has."""
    order = validation.rpartition("_")[2]
    for pattern in (_DATES["ymd"], _DATES.get(order, _DATES["ymd"])):
        if match := pattern.fullmatch(text):
            parts = {name: int(each) for name, each in match.groupdict().items()}
            try:
                return date(parts["year"], parts["month"], parts["day"])
            except ValueError:
                return None
    return None
