"""JSON as a file of ours holds it: one object, in UTF-8, and nothing that only Python would read."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn


def json_object(content: str | bytes) -> dict[str, Any]:
    """The object that a text holds.

    Raises :class:`ValueError` that says why for everything else: bytes that are not UTF-8, what is
    no JSON or no object, what is nested too deep, ``NaN`` and ``Infinity``, and a name that stands
    twice, which two readers may take for either.
    """
    text = content if isinstance(content, str) else content.decode("utf-8")
    try:
        read = json.loads(text, parse_constant=_refuse, object_pairs_hook=_each_once)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(read, dict):
        raise ValueError("it is no object { }")  # noqa: TRY004 - what the file says is no type of ours
    return read


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")


def _each_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    for name, value in pairs:
        if name in table:
            raise ValueError(f"it says {repr(name)[:120]} twice")
        table[name] = value
    return table
