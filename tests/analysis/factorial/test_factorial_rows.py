"""Factors read with their reference first, whatever the order of the data."""

import pandas as pd
import pytest

from tests.analysis.factorial.factorial_cases import made_up
from trialkit.analysis.factorial.factorial_rows import read_factorial_rows, with_stated_levels
from trialkit.errors import AnalysisError


def test_the_reference_is_the_first_level_and_rows_stay_in_their_cell() -> None:
    frame = made_up(1)
    stated, names = with_stated_levels(
        frame, ["education", "exercise"], {"education": "yes", "exercise": "no"}, None
    )
    assert names == ("education", "exercise")
    assert stated["education"].cat.categories.tolist() == ["yes", "no"]
    assert (stated["education"].astype(str) == frame["education"]).all()
    rows, table, covariates = read_factorial_rows(
        frame, outcome="y", factors=names, reference={"education": "yes", "exercise": "no"},
        covariates=["x"], categories=(), subject=None, order=None,
    )  # fmt: skip
    assert [each.name for each in covariates] == ["x"]
    assert len(rows.outcome) == len(frame)
    for level, wanted in (("yes", "no"), ("no", "yes")):
        own = table.cells.index((level, wanted)) == table.cell_of
        assert (own == ((frame["education"] == level) & (frame["exercise"] == wanted))).all()


def test_three_levels_of_text_need_their_order() -> None:
    frame = pd.DataFrame({"a": list("xyzx"), "b": [0, 1, 0, 1]})
    with pytest.raises(AnalysisError, match="nobody stated the order"):
        with_stated_levels(frame, ["a", "b"], {"a": "y", "b": 0}, None)
    order = {"a": ["z", "x", "y"]}
    stated, _ = with_stated_levels(frame, ["a", "b"], {"a": "x", "b": 0}, order)
    assert stated["a"].cat.categories.tolist() == ["x", "z", "y"]
