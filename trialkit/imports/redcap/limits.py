"""REDCap's text validation: what an item holds, and between which ends.

REDCap only warns outside the minimum and maximum, so they become the expected range; with the
action tag ``@FORCE-MINMAX`` it takes nothing else, and they become the range. The ends of a slider
cannot be passed at all.
"""

import re
from dataclasses import dataclass
from datetime import date

from trialkit.errors import ProtocolError
from trialkit.schemas.items.answers import Range
from trialkit.schemas.items.item_types import ItemType
from trialkit.schemas.items.kind import ItemKind, Nature

_SIZE = re.compile(r"[+-]?[0-9]{1,15}([.,][0-9]{1,15})?")
_TIME = re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?")
_DATES = {
    "ymd": re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"),
    "dmy": re.compile(r"(?P<day>[0-9]{1,2})[-/.](?P<month>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
    "mdy": re.compile(r"(?P<month>[0-9]{1,2})[-/.](?P<day>[0-9]{1,2})[-/.](?P<year>[0-9]{4})"),
}


def text_type(validation: str) -> ItemType | None:
    """What a text field with this validation holds; None where we have no such type."""
    known = (
        each for each in ItemType if any(re.fullmatch(p, validation) for p in each.kind.redcap)
    )
    return next(known, None)


def has_decimal_comma(validation: str) -> bool:
    """Whether values of this validation are written with a decimal comma."""
    return validation.endswith("_comma_decimal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The ends of a range, and those that could not be read."""

    range: Range
    unread: tuple[str, ...] = ()


def limits(low: str, high: str, kind: ItemKind, validation: str) -> Limits:
    """The range that a minimum and a maximum of REDCap make."""
    ends = {"the minimum": low, "the maximum": high}
    read = {name: _end(text, kind, validation) for name, text in ends.items()}
    unread = tuple(f"{name} {text!r}" for name, text in ends.items() if text and read[name] is None)
    try:
        found = Range(low=read["the minimum"], high=read["the maximum"])
    except ProtocolError:
        return Limits(range=Range(), unread=(f"the range from {low!r} to {high!r}",))
    return Limits(range=found, unread=unread)


def _end(text: str, kind: ItemKind, validation: str) -> float | date | None:
    if kind.nature is Nature.DAY:
        return _day(text, validation)
    if kind.is_number:
        return float(text.replace(",", ".")) if _SIZE.fullmatch(text) else None
    return None


def _day(text: str, validation: str) -> date | None:
    """A date as REDCap keeps it, or in the order that the field itself has."""
    order = validation.rpartition("_")[2]
    if "." in text and order == "ymd":  # with points the day comes first wherever people write so
        order = "dmy"
    for pattern in (_DATES["ymd"], _DATES.get(order, _DATES["ymd"])):
        if match := pattern.fullmatch(text):
            parts = {name: int(each) for name, each in match.groupdict().items()}
            try:
                return date(parts["year"], parts["month"], parts["day"])
            except ValueError:
                return None
    return None


def moment_in(text: str, validation: str) -> str:
    """A date and time as rules write it, from REDCap's or the field's own order; else as it stands."""
    date_part, _, time_part = text.strip().partition(" ")
    found = _day(date_part, validation) if _TIME.fullmatch(time_part) else None
    return f"{found.isoformat()} {time_part}" if found else text
