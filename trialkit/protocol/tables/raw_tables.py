"""The tables of a protocol as they were written, before anybody knows that they are right.

A key may hold anything: a text where a list belongs, a list where a text belongs. What is asked for
here comes back as what it should be, or not at all; the complaint is made where the noun is read.
"""

from collections.abc import Mapping

from trialkit.protocol.tables.definitions import is_bounded, place

Table = Mapping[str, object]


def rows(raw: Table, name: str) -> list[tuple[str, Table]]:
    """The tables of an array that are tables at all, each with the name messages give it."""
    tables = raw.get(name)
    if not isinstance(tables, list):
        return []
    numbered = enumerate(tables, start=1)
    return [(place(name, n, each), each) for n, each in numbered if isinstance(each, Mapping)]


def text(table: Table, key: str) -> str:
    """The text under a key, empty where there is none."""
    value = table.get(key)
    return value if isinstance(value, str) else ""


def texts(table: Table, key: str) -> list[str]:
    """The texts in the list under a key."""
    value = table.get(key)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def numbers(table: Table, key: str) -> list[float]:
    """The numbers in the list under a key."""
    value = table.get(key)
    found = value if isinstance(value, list) else []
    return [
        float(each)
        for each in found
        if isinstance(each, int | float) and not isinstance(each, bool) and is_bounded(each)
    ]


def codes(raw: Table, name: str, key: str = "code") -> list[str]:
    """The codes of an array's tables that are texts."""
    return [code for _, each in rows(raw, name) if isinstance(code := each.get(key), str)]


def characteristic(table: Table) -> str:
    """The name of a baseline characteristic: its form and its item."""
    return f"{text(table, 'form')}.{text(table, 'item')}"


def visits_around_baseline(raw: Table) -> tuple[list[str], list[str], list[str]]:
    """The visits before, at and after the baseline visit, where exactly one is the baseline."""
    visits = [each for _, each in rows(raw, "visits")]
    marked = [number for number, each in enumerate(visits) if each.get("baseline") is True]
    if len(marked) != 1:
        return [], [], []
    names = [text(each, "code") for each in visits]
    return names[: marked[0]], names[marked[0] : marked[0] + 1], names[marked[0] + 1 :]
