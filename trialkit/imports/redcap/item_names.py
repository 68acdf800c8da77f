"""Names of REDCap's fields and forms as the trial can have them."""

import re
from collections.abc import Iterable
from itertools import count

from trialkit.schemas.rules.grammar import WORDS
from trialkit.schemas.rules.names import ENTRY_DAY, KEYS

_LONGEST = 60
_TAKEN = frozenset(KEYS) | {word.lower() for word in WORDS} | {"date", ENTRY_DAY}
_DEVICES = frozenset({"con", "prn", "aux", "nul"})


def item_names(fields: Iterable[str]) -> dict[str, str]:
    """For each field of a form the name of its item: its own, unless our rules need that name.

    ``__`` becomes ``_``, a name too long is cut, ``visit`` becomes ``visit_item``; a second field
    that would get the same name gets a number.
    """
    fields = list(fields)
    names = {field: field for field in fields if _is_usable(field)}
    given = GivenNames(names)
    for field in fields:
        if field not in names:
            names[field] = given.give(_usable(field))
    return names


def form_name(form: str) -> str:
    """The name of a form as a file can have it."""
    if not form[0].isalpha():
        return f"form_{form}"
    device = form in _DEVICES or re.fullmatch(r"(com|lpt)[0-9]", form)
    return f"{form}_form" if device else form


def _is_usable(name: str) -> bool:
    return "__" not in name and len(name) <= _LONGEST and name not in _TAKEN


def _usable(name: str) -> str:
    short = re.sub("_+", "_", name)[:_LONGEST].rstrip("_")
    return f"{short}_item" if short in _TAKEN else short


class GivenNames:
    """Names that are given once each: one that was asked for before has a number behind it."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._given = set(names)
        self._next: dict[str, int] = {}

    def give(self, name: str) -> str:
        """The name, with the first number behind it that makes it one of its own."""
        free = name
        if name in self._given:
            numbers = count(self._next.get(name, 2))
            number = next(each for each in numbers if f"{name}_{each}" not in self._given)
            self._next[name] = number + 1
            free = f"{name}_{number}"
        self._given.add(free)
        return free
