"""Texts that stand in many rows are held once."""

from pathlib import Path

import pandas as pd
import polars as pl
import pytest

from tests.miniature import Miniature
from trialkit.store.freezing import freeze
from trialkit.store.snapshot import as_pandas, each_text_once
from trialkit.store.sources.folder_source import FolderSource


def test_equal_texts_of_a_column_are_one_object() -> None:
    column = as_pandas(pl.Series("subject_id", ["S-1", None, "S-1", "S-2"]))
    assert column.tolist()[0] is column.tolist()[2]
    assert column.isna().tolist() == [False, True, False, False]
    assert column.dtype == "str"


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(["S-1", None, "S-2", "", "S-1"] * 1000, id="few texts, often"),
        pytest.param([None, *(f"S-{each}" for each in range(4000))], id="many texts, once"),
        pytest.param([None] * 4000, id="nothing"),
    ],
)
def test_a_long_column_says_what_it_said(texts: list[str | None]) -> None:
    column = as_pandas(pl.Series("subject_id", texts, dtype=pl.String))
    pd.testing.assert_series_equal(column, pd.Series(texts, dtype="str"))
    assert len({id(text) for text in column.dropna()}) == len(set(texts) - {None})


def test_columns_share_what_is_known() -> None:
    known: dict[str | None, str | None] = {}
    one, other = (each_text_once([f"W{week}"], known) for week in (6, 6))
    assert one == ["W6"]
    assert one[0] is other[0]


def test_frames_that_were_let_go_of_are_made_again_the_same(tmp_path: Path) -> None:
    snapshot = freeze(FolderSource(folder=tmp_path), Miniature().schemas(tmp_path))
    form = snapshot["pain"]
    before = {name: getattr(form, name) for name in ("raw", "values", "codes")}
    snapshot.let_go_of_frames()
    assert not before.keys() & vars(form).keys()
    for name, frame in before.items():
        assert getattr(form, name) is not frame
        pd.testing.assert_frame_equal(getattr(form, name), frame)
