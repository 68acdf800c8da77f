"""The stream of random words that a list is made from, the same in any language for ever.

Block *i* of the stream of a stratum is HMAC-SHA256(key, ``tk1|<stratum>|`` + *i* as 8 bytes, most
significant first), read as eight 32-bit words, most significant byte first. Numpy's generators are
not used: their streams may change with a version, and a list must be reproducible for decades.
"""

import hashlib
import hmac
import struct
from collections.abc import Sequence
from typing import TypeVar

from trialkit.errors import DesignError

VERSION = "tk1"
_WORD = 2**32
_WORDS = struct.Struct(">8I")

T = TypeVar("T")


class Stream:
    """The random words of one stratum, in order; the one thing here that is used up."""

    def __init__(self, key: bytes, stratum: str) -> None:
        if not key:
            raise DesignError("the key of a randomisation list must not be empty")
        self._key = key
        self._prefix = f"{VERSION}|{stratum}|".encode()
        self._counter = 0
        self._words: list[int] = []

    def word(self) -> int:
        """The next 32-bit word."""
        if not self._words:
            message = self._prefix + self._counter.to_bytes(8, "big")
            digest = hmac.digest(self._key, message, hashlib.sha256)
            self._words = list(reversed(_WORDS.unpack(digest)))
            self._counter += 1
        return self._words.pop()

    def below(self, limit: int) -> int:
        """A whole number from 0 to ``limit`` − 1, each equally likely: words too high are rejected."""
        if not 1 <= limit <= _WORD:
            raise DesignError(f"a draw needs a limit from 1 to 2^32, got {limit}")
        highest = _WORD - _WORD % limit
        word = self.word()
        while word >= highest:
            word = self.word()
        return word % limit

    def shuffle(self, items: Sequence[T]) -> list[T]:
        """The items in random order, by Fisher and Yates from the last place down."""
        shuffled = list(items)
        for place in range(len(shuffled) - 1, 0, -1):
            other = self.below(place + 1)
            shuffled[place], shuffled[other] = shuffled[other], shuffled[place]
        return shuffled

    def weighted(self, weights: Sequence[int]) -> int:
        """A place, each as likely as its whole-number weight says; exact, without any rounding."""
        if min(weights) < 0 or not any(weights):
            raise DesignError(f"weights must be 0 or more and not all 0, got {list(weights)}")
        drawn = self.below(sum(weights))
        for place, weight in enumerate(weights):
            if drawn < weight:
                return place
            drawn -= weight
        raise AssertionError("weights that sum to the limit hold every draw")
