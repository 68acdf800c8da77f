"""Texts that stand in many rows are held once."""

import polars as pl

from trialkit.store.snapshot import as_pandas, each_text_once


def test_equal_texts_of_a_column_are_one_object() -> None:
    column = as_pandas(pl.Series("subject_id", ["S-1", None, "S-1", "S-2"]))
    assert column.tolist()[0] is column.tolist()[2]
    assert column.isna().tolist() == [False, True, False, False]
    assert column.dtype == "str"


def test_columns_share_what_is_known() -> None:
    known: dict[str | None, str | None] = {}
    one, other = (each_text_once([f"W{week}"], known) for week in (6, 6))
    assert one == ["W6"]
    assert one[0] is other[0]
