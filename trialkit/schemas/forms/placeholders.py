"""The ``{item}`` places in a rule's message."""

import re

_PLACE = re.compile(r"\{([^{}]*)\}")


def placeholders(message: str) -> tuple[str, ...]:
    """The names in braces, in their order."""
    return tuple(match.group(1).strip() for match in _PLACE.finditer(message))


def pieces(message: str) -> tuple[str, ...]:
    """The message cut at its places: text, name, text, name … text."""
    return tuple(_PLACE.split(message))
