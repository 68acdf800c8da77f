import hashlib

import polars as pl
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.evidence.log.events import NOTHING_BEFORE
from trialkit.evidence.log.hashing import BEFORE, CHAINED, chain, digests, own_hashes, salts

WHOLE = {"about", "batch", "copy", "seq"}
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
EVENT = st.fixed_dictionaries(
    {
        name: st.integers(0, 2**53 - 1) if name in WHOLE else TEXT
        for name in CHAINED
        if name != BEFORE
    }
)


def frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    schema = {name: pl.Int64 if name in WHOLE else pl.String for name in rows[0]}
    return pl.DataFrame(rows, schema=schema)


@given(rows=st.lists(EVENT, min_size=1, max_size=4))
@settings(max_examples=examples(100))
def test_chain_is_sha256_of_the_canonical_json_of_rfc_8785(rows):
    before, expected = NOTHING_BEFORE, []
    for row in rows:
        written = rfc8785.dumps({**row, BEFORE: before})
        before = hashlib.sha256(written).hexdigest()
        expected.append(before)

    assert chain(frame(rows), NOTHING_BEFORE) == expected


@given(rows=st.lists(EVENT, min_size=2, max_size=4))
@settings(max_examples=examples(40))
def test_own_hash_takes_the_stated_one_before(rows):
    events = frame([{**row, BEFORE: f"{number}"} for number, row in enumerate(rows)])

    one_by_one = [
        chain(events[at : at + 1].drop(BEFORE), events[BEFORE][at])[0] for at in range(len(rows))
    ]

    assert own_hashes(events) == one_by_one


def test_names_of_what_is_hashed_are_sorted_as_canonical_json_sorts_them():
    assert list(CHAINED) == sorted(CHAINED)


def test_one_text_has_another_digest_with_another_salt():
    texts = pl.Series(["57", "57", "", None])
    drawn = salts(texts)

    found = digests(texts, drawn)

    assert drawn[2] is None
    assert drawn[3] is None
    assert found[0] != found[1]
    assert found[0] == hashlib.sha256((drawn[0] or b"") + b"57").hexdigest()
    assert found[2:] == ["", ""]
