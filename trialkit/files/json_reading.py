"""JSON as a file of ours holds it: one object, in UTF-8, and nothing that only Python would read."""

import json
from typing import Any, NoReturn


def json_object(content: str | bytes) -> dict[str, Any]:
    """The object that a text holds.

    Raises :class:`ValueError` that says why for everything else: bytes that are not UTF-8, what is
    no JSON or no object, what is nested too deep, ``NaN`` and ``Infinity``.
    """
    text = content if isinstance(content, str) else content.decode("utf-8")
    try:
        read = json.loads(text, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    if not isinstance(read, dict):
        raise ValueError("it is no object { }")  # noqa: TRY004 - what the file says is no type of ours
    return read


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
