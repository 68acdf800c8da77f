"""Keys that several rows have, whatever the batches, counted as a dictionary counts them."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.protocol.trial.data_format import DataFormat
from trialkit.store.one_file import scanning
from trialkit.store.one_file.key_uniqueness import duplicate_keys
from trialkit.store.one_file.scanning import Scan

KEY = ("subject_id", "repeat")
SUBJECTS = [*(f"S{number}" for number in range(9)), " S1", "S1 ", "é", "", "  ", None]
ROWS = st.lists(st.tuples(st.sampled_from(SUBJECTS), st.sampled_from([1, 2, 3, None])), max_size=60)


def scan_of(path, frame):
    frame.write_parquet(path)
    data = DataFormat()
    return Scan(path=path, file=path.name, columns=KEY, optional=(), data=data, typed=True)


@settings(max_examples=examples(15), deadline=None)
@given(rows=ROWS, text=st.booleans())
def test_keys_are_counted_as_a_dictionary_counts_them(tmp_path_factory, rows, text):
    frame = pl.DataFrame(rows, schema={"subject_id": pl.String, "repeat": pl.Int64}, orient="row")
    if text:  # 1 and 01 are one number
        frame = frame.with_columns(pl.when(pl.int_range(pl.len()) % 2 == 0).then(
            pl.col("repeat").cast(pl.String)).otherwise("0" + pl.col("repeat").cast(pl.String)))  # fmt: skip
    whole = [(s.strip(), str(r)) for s, r in rows if s and s.strip() and r is not None]
    expected = {key: n for key, n in Counter(whole).items() if n > 1}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scanning, "ROWS", 7)
        found = duplicate_keys(
            scan_of(tmp_path_factory.mktemp("keys") / "pain.parquet", frame), KEY, limit=5
        )

    assert (found.keys, found.rows) == (len(expected), sum(expected.values()))
    assert found.listed.rows() == [(*key, n) for key, n in sorted(expected.items())][:5]


def test_many_keys_of_which_few_are_there_twice(tmp_path):
    numbers = [*range(20_000), 7, 19_999, 7]
    frame = pl.DataFrame({"subject_id": [f"S{n:06}" for n in numbers], "repeat": 1})

    found = duplicate_keys(scan_of(tmp_path / "pain.parquet", frame), KEY, limit=10)

    assert found.listed.rows() == [("S000007", "1", 3), ("S019999", "1", 2)]
    assert (found.keys, found.rows) == (2, 5)
