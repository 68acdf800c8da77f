"""The stream: its test vector, and that every draw is as likely as it should be."""

import hashlib
import hmac
from collections import Counter
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from tests.design.randomisation.reference import EXACT
from trialkit.design.randomisation.schemes import PermutedBlocks, arms_of, sequence
from trialkit.design.randomisation.stream import Stream
from trialkit.errors import DesignError

VECTOR = EXACT["stream"]


def test_the_vector_of_the_stream() -> None:
    stream = Stream(VECTOR["key"].encode(), VECTOR["stratum"])
    slots = sequence(PermutedBlocks(lengths=tuple(VECTOR["lengths"])), arms_of((1, 1)), stream)

    assert "".join(slot.arm for slot in islice(slots, 12)) == VECTOR["first_12"]


def test_words_are_those_of_the_definition() -> None:
    stream = Stream(b"key", "a stratum")
    words = [stream.word() for _ in range(20)]

    expected = []
    for counter in range(3):
        message = b"tk1|a stratum|" + counter.to_bytes(8, "big")
        digest = hmac.new(b"key", message, hashlib.sha256).digest()
        expected += [int.from_bytes(digest[at : at + 4], "big") for at in range(0, 32, 4)]
    assert words == expected[:20]


def test_all_patterns_of_a_block_are_equally_likely_over_keys() -> None:
    counts: Counter[str] = Counter()
    for number in range(12_000):
        slots = sequence(
            PermutedBlocks(lengths=(4,)), arms_of((1, 1)), Stream(str(number).encode(), "all")
        )
        counts["".join(slot.arm for slot in islice(slots, 4))] += 1
    statistic = sum((count - 2000) ** 2 / 2000 for count in counts.values())

    assert len(counts) == 6
    assert chi2.sf(statistic, 5) > 0.001


@given(st.binary(min_size=1), st.text(max_size=20), st.integers(1, 2**32))
def test_a_draw_stays_below_its_limit(key: bytes, stratum: str, limit: int) -> None:
    assert 0 <= Stream(key, stratum).below(limit) < limit


def test_words_too_high_are_rejected_so_that_no_number_is_favoured() -> None:
    limit = 2**31 + 1  # half of all words are too high for it
    stream, words = Stream(b"k", "s"), Stream(b"k", "s")
    drawn = [stream.below(limit) for _ in range(50)]

    kept = [word for word in (words.word() for _ in range(200)) if word < limit]
    assert drawn == kept[:50]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6).filter(any), st.binary(min_size=1))
def test_a_weight_of_zero_is_never_drawn(weights: list[int], key: bytes) -> None:
    stream = Stream(key, "s")
    assert all(weights[stream.weighted(weights)] for _ in range(20))


def test_strata_have_streams_of_their_own() -> None:
    first = [Stream(b"k", stratum).word() for stratum in ("site=A", "site=B")]
    assert first[0] != first[1]
    assert Stream(b"k", "site=A").word() == first[0]


@pytest.mark.parametrize("limit", [0, 2**32 + 1])
def test_an_impossible_limit_is_refused(limit: int) -> None:
    with pytest.raises(DesignError, match="limit"):
        Stream(b"k", "s").below(limit)


def test_an_empty_key_and_impossible_weights_are_refused() -> None:
    with pytest.raises(DesignError, match="key"):
        Stream(b"", "s")
    with pytest.raises(DesignError, match="weights"):
        Stream(b"k", "s").weighted([0, 0])
