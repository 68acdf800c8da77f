"""JSON that the store itself wrote, and that somebody may have changed in the database since."""

import json
from collections.abc import Collection
from typing import Any

from trialkit.errors import EvidenceError


def kept_object(text: str, *, of: str, having: Collection[str] = ()) -> dict[str, Any]:
    """The object in a text of the database; ``of`` is what the text is of, ``having`` what it names.

    Raises :class:`EvidenceError` where it is none any more.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or any(name not in found for name in having):
        raise EvidenceError(
            f"{of}: found {text[:80]!r}, which the store did not write; 'verify' says what was changed"
        )
    return found


def kept_columns(text: str, *, of: str) -> tuple[str, ...]:
    """The columns of a form in such a text."""
    columns = kept_object(text, of=of).get("columns")
    if not isinstance(columns, list) or not all(isinstance(each, str) for each in columns):
        raise EvidenceError(f"{of}: names no columns any more; 'verify' says what was changed")
    return tuple(columns)


def kept_or_nothing(text: str) -> dict[str, Any]:
    """What the store wrote; nothing where somebody wrote something else there."""
    try:
        return kept_object(text, of="")
    except EvidenceError:
        return {}
