"""What a file is to hold: its bytes, or pieces of them that are made while they are written."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Pieces:
    """Content that nobody holds in memory as a whole; asked again, it is made again, the same."""

    make: Callable[[], Iterator[bytes]]


Content: TypeAlias = bytes | Pieces


def pieces_of(content: Content) -> Iterable[bytes]:
    """The content in order, for who writes it."""
    return content.make() if isinstance(content, Pieces) else (content,)


def whole(content: Content) -> bytes:
    """The content at once, for who compares it."""
    return b"".join(pieces_of(content))
