"""Descriptions: every arm and visit has its row, and the quantiles are R's."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import examples
from trialkit.analysis.describing.descriptive import describe, describe_categories
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "between"


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("cont_*.json")), ids=lambda path: path.stem)
def test_summaries_equal_r(path):
    case = json.loads(path.read_text(encoding="utf-8"))
    frame = pd.DataFrame(
        {"y": case["x"] + case["y"], "arm": ["first"] * case["n"][0] + ["second"] * case["n"][1]}
    )
    found = describe(frame, outcome="y", arm="arm", order={"arm": ["first", "second"]}).to_frame()
    assert found["arm"].to_list() == ["first", "second"]
    for name in ("n", "mean", "sd", "median", "q1", "q3"):
        # R's differences were printed to 15 digits
        assert found[name].to_list() == pytest.approx(case[name], rel=1e-10, abs=1e-12), name


def test_every_arm_and_visit_has_a_row_and_the_unplaced_too():
    frame = pd.DataFrame(
        {
            "arm": pd.Categorical(["CG", "CG", "EG", None], ["CG", "EG", "XX"], ordered=True),
            "visit": ["week 0", "week 12", "week 0", "week 0"],
            "y": [1.0, np.nan, 3.0, 4.0],
        }
    )
    found = describe(
        frame,
        outcome="y",
        arm="arm",
        visit="visit",
        order={"visit": ["week 0", "week 4", "week 12"]},
    ).to_frame()
    counts = found.set_index(["arm", "visit"])[["n", "n_missing"]].apply(tuple, axis=1).to_dict()
    assert len(found) == 10
    assert counts["CG", "week 12"] == (0, 1)
    assert counts["XX", "week 4"] == (0, 0)
    assert counts["", "week 0"] == (1, 0)
    assert found["n"].sum() + found["n_missing"].sum() == len(frame)
    one = found.set_index(["arm", "visit"]).loc[("EG", "week 0")]
    assert one["mean"] == one["median"] == one["min"] == one["max"] == 3
    assert np.isnan(one["sd"])


def test_categories_that_do_not_occur_are_counted_as_zero():
    frame = pd.read_csv(REFERENCE / "medicaldata_indo_rct.csv")
    order = {"rx": ["1_indomethacin", "0_placebo"], "outcome": ["1_yes", "0_no", "2_unknown"]}
    found = describe_categories(frame, outcome="outcome", arm="rx", order=order).to_frame()
    assert found["n"].to_list() == [27, 268, 0, 52, 255, 0]
    assert found["percent"].iloc[0] == pytest.approx(100 * 27 / 295)
    flags = describe_categories(
        pd.DataFrame({"yes": [True, True, False]}), outcome="yes"
    ).to_frame()
    assert flags["category"].to_list() == ["no", "yes"]
    assert flags["n"].to_list() == [1, 2]


def test_text_without_an_order_is_refused():
    frame = pd.DataFrame({"sex": ["m", "f", "m"], "arm": ["EG", "CG", "EG"], "y": [1, 2, 3]})
    with pytest.raises(AnalysisError, match="nobody stated the order"):
        describe_categories(frame, outcome="sex")
    with pytest.raises(AnalysisError, match="nobody stated the order"):
        describe(frame, outcome="y", arm="arm")


@given(
    values=st.lists(st.one_of(st.none(), st.integers(-99, 99)), max_size=20),
    arms=st.lists(st.sampled_from(["A", "B"]), min_size=20, max_size=20),
)
@settings(max_examples=examples(40), deadline=None)
def test_everybody_is_counted_once(values, arms):
    frame = pd.DataFrame({"y": pd.array(values, dtype="Int64"), "arm": arms[: len(values)]})
    found = describe(frame, outcome="y", arm="arm", order={"arm": ["A", "B"]}).to_frame()
    assert len(found) == 2
    assert found["n"].sum() == sum(value is not None for value in values)
    assert found["n"].sum() + found["n_missing"].sum() == len(values)
    some = found[found["n"] > 0]
    ordered = some[["min", "q1", "median", "q3", "max"]].to_numpy()
    assert (np.diff(ordered, axis=1) >= 0).all()


def test_values_whose_squares_overflow_are_refused():
    with pytest.raises(AnalysisError, match="sums of squares cannot be computed"):
        describe(pd.DataFrame({"y": [1e200, -1e200]}), outcome="y")
