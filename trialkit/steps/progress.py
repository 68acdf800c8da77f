"""How a step that takes long says what it is at."""

from collections.abc import Callable

Progress = Callable[[str], None]
"""Called with a few words before each step that may take long."""


def silently(_: str) -> None:
    """Progress that nobody watches."""
