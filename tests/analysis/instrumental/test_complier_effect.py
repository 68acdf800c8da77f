"""The effect in who complies: the printed numbers of vitamin_a.json, and the ratio of differences."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.analysis.instrumental.received_cases import made_up
from tests.conftest import examples
from trialkit.analysis.instrumental.complier_effect import complier_effect
from trialkit.analysis.instrumental.instrumental_effect import InstrumentalEffect
from trialkit.analysis.instrumental.received_rows import WEAK, received_flags
from trialkit.analysis.linear.ancova import ancova
from trialkit.errors import AnalysisError

REFERENCE = Path(__file__).parents[2] / "reference" / "instrumental"
PRINTED = json.loads((REFERENCE / "vitamin_a.json").read_text(encoding="utf-8"))


def fit(frame: pd.DataFrame, **changed: Any) -> InstrumentalEffect:
    asked = {"outcome": "y", "arm": "arm", "reference": "C", "received": "received"}
    return complier_effect(frame, **asked | changed)


def test_it_is_the_printed_effect_of_vitamin_a() -> None:
    size = 100_000
    deaths = [PRINTED["deaths_per_100000_control"], PRINTED["deaths_per_100000_offered"]]
    rows = np.arange(size)
    frame = pd.DataFrame(
        {
            "arm": np.repeat(["C", "E"], size),
            "y": np.concatenate([rows < count for count in deaths]).astype(int),
            "received": np.concatenate(
                [rows < 0, rows >= size * (1 - PRINTED["received_of_offered"])]
            ),
        }
    )
    found = fit(frame)
    row = found.to_frame().iloc[0]
    assert round(-row["estimate"] * size) == PRINTED["complier_effect"]
    assert found.as_randomised()["estimate"][0] * size == pytest.approx(
        -PRINTED["intention_to_treat"]
    )
    assert row["adherence"] == "one_sided"
    assert any("holds by design" in each for each in found.assumptions)
    stage = found.first_stage().iloc[0]
    assert stage["estimate"] == pytest.approx(PRINTED["received_of_offered"])
    assert stage["received_reference"] == PRINTED["received_of_control"]


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 2]))
def test_it_is_the_ratio_of_differences_and_swaps_mirror(seed: int, sides: int) -> None:
    frame = made_up(seed, sides=sides)
    found = fit(frame)
    row = found.to_frame().iloc[0]
    means = frame.groupby("arm")[["y", "received"]].mean()
    ratio = (means["y"]["E"] - means["y"]["C"]) / (means["received"]["E"] - means["received"]["C"])
    assert row["estimate"] == pytest.approx(ratio, rel=1e-8)
    two = frame[frame["arm"] == "C"]["received"].any()
    assert row["adherence"] == ("two_sided" if two else "one_sided")
    turned = fit(frame.sample(frac=1, random_state=1), reference="E").to_frame().iloc[0]
    # what is received stays the same: neither the estimate nor its error turn with the arms
    assert turned["estimate"] == pytest.approx(row["estimate"], rel=1e-8)
    assert turned["se"] == pytest.approx(row["se"], rel=1e-8)
    opposite = fit(frame.assign(received=1 - frame["received"])).to_frame().iloc[0]
    assert opposite["estimate"] == pytest.approx(-row["estimate"], rel=1e-8)
    adjusted = fit(frame, covariates=["x"])
    parts = ancova(frame, outcome="y", arm="arm", reference="C", covariates=["x"]).contrasts()
    assert adjusted.as_randomised()["estimate"][0] == pytest.approx(parts["estimate"][0], rel=1e-8)
    assert adjusted.to_frame()["estimate"][0] == pytest.approx(
        parts["estimate"][0] / adjusted.first_stage()["estimate"][0], rel=1e-8
    )


def test_where_all_do_as_their_arm_says_it_is_the_difference_of_the_arms() -> None:
    frame = made_up(5).assign(received=lambda each: each["arm"] == "E")
    found, row = fit(frame, robust=None), fit(frame, robust=None).to_frame().iloc[0]
    contrast = ancova(frame, outcome="y", arm="arm", reference="C").contrasts().iloc[0]
    for name in ("estimate", "se", "p_value", "conf_low", "conf_high"):
        assert row[name] == pytest.approx(contrast[name], rel=1e-9)
    assert (row["adherence"], row["first_stage_f"], row["note"]) == ("none", np.inf, "")
    low, high = found.weak_instrument_limits()
    assert (low, high) == (pytest.approx(row["conf_low"]), pytest.approx(row["conf_high"]))
    for kind in ("HC0", "HC1"):
        robust = ancova(frame, outcome="y", arm="arm", reference="C", robust=kind).contrasts()
        assert fit(frame, robust=kind).to_frame()["se"][0] == pytest.approx(robust["se"][0])


def test_a_weak_first_stage_is_said() -> None:
    rng = np.random.default_rng(2)
    frame = made_up(2).assign(received=rng.permutation(made_up(2)["received"]))
    row = fit(frame).to_frame().iloc[0]
    assert row["first_stage_f"] < WEAK
    assert "weak instrument" in row["note"]
    assert fit(frame).weak_instrument_limits() == (-np.inf, np.inf)


def test_who_did_not_adhere_at_all_and_other_faults_are_refused_in_words() -> None:
    frame = made_up(1)
    third = frame.assign(arm=np.array(["C", "E", "F"] * 40))
    for data, asked, message in (
        (frame.assign(received=0), {}, "'received' is 0 in all rows used"),
        (frame.assign(received=[0, 0, 1, 1] * 30), {}, "do not differ in what was received"),
        (frame, {"received": "sessions"}, "must be True/False or 1/0"),
        (frame, {"robust": "HC3"}, "known are HC0, HC1 and None"),
        (third, {"order": {"arm": ["C", "E", "F"]}}, "is of two arms, got 3"),
        (frame.assign(y=1.0), {}, "reproduces the outcome exactly"),
        (frame, {"received": "recieved"}, "did you mean 'received'"),
    ):
        with pytest.raises(AnalysisError, match=message):
            fit(data, **asked)


def test_who_is_left_out_is_told() -> None:
    frame = made_up(1).astype({"received": float})
    frame.loc[0, "received"] = None
    frame.loc[1, "y"] = None
    assert fit(frame).excluded["reason"].tolist() == ["received is missing", "y is missing"]
    assert np.isnan(received_flags(frame, "received")[0])
    assert "first stage F" in fit(frame).title
