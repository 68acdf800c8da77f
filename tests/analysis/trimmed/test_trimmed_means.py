"""Trimmed means: R's number, every allocation counted one by one, a trial by hand, and what cannot matter."""

import json
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT, examples
from trialkit.analysis.trimmed.trimmed_means import TrimmedMeans, compare_trimmed_means
from trialkit.errors import AnalysisError

REFERENCE = ROOT / "tests/reference/trimmed/tmsens.json"
WORST = -np.inf


def trial(one: object, other: object) -> pd.DataFrame:
    values = [*one, *other]  # type: ignore[misc]
    arms = ["E"] * len(one) + ["C"] * len(other)  # type: ignore[arg-type]
    return pd.DataFrame({"y": np.array(values, dtype=float), "arm": arms})


def compared(frame: pd.DataFrame, **changed: Any) -> TrimmedMeans:
    asked: dict[str, Any] = {
        "outcome": "y", "arm": "arm", "reference": "C", "direction": "higher",
        "rng": np.random.default_rng(1), "replicates": 999,
    }  # fmt: skip
    return compare_trimmed_means(frame, **asked | changed)


def row(found: TrimmedMeans) -> pd.Series:
    return found.to_frame().iloc[0]


# a second route: no ranks of many allocations at once, but each allocation for itself


def trimmed_difference(one: np.ndarray, other: np.ndarray, trim: float | None) -> float:
    """Of values that rank by size, −∞ being whoever has none: sorted, cut and averaged."""
    shares = [np.mean(np.isneginf(each)) for each in (one, other)]
    share = max(shares) if trim is None else trim
    kept = [np.sort(each)[int(np.ceil(np.round(share * len(each), 9))) :] for each in (one, other)]
    means = [np.mean(each) if len(each) else WORST for each in kept]
    return float(means[0] - means[1])


def every_difference(y: np.ndarray, size: int, trim: float | None) -> Iterator[float]:
    for chosen in combinations(range(len(y)), size):
        own = np.zeros(len(y), dtype=bool)
        own[list(chosen)] = True
        with np.errstate(invalid="ignore"):
            yield trimmed_difference(y[own], y[~own], trim)


def p_by_brute_force(y: np.ndarray, size: int, trim: float | None) -> float:
    """The first ``size`` are treated."""
    observed = abs(trimmed_difference(y[:size], y[size:], trim))
    found = np.abs([*every_difference(y, size, trim)])
    return float(np.mean(np.isnan(found) | (found >= observed - 1e-9)))


def test_the_estimate_is_that_of_r() -> None:
    told = json.loads(REFERENCE.read_text(encoding="utf-8"))
    frame = trial(*(np.array(told[name], dtype=float) for name in ("treatment", "comparator")))
    found = compared(frame, trim=told["trim"], direction=told["better"], replicates=19)
    assert row(found)["estimate"] == pytest.approx(told["estimate"], abs=5e-7)
    assert found.arms_frame()["n_trimmed"].tolist() == [250, 250]
    assert found.arms_frame()["n_worst"].tolist() == [150, 200]


def test_a_trial_by_hand() -> None:
    # 2 of 8 have no value in C, so that 2 of 8 and, of 6, 1.5 and so 2 are trimmed
    frame = trial([9, 1, 7, 5, 3, 11], [np.nan, 8, np.nan, 2, 4, 6, 0, 10])
    found = compared(frame)
    assert found.arms_frame().to_dict("list") == {
        "arm": ["C", "E"],
        "n": [8, 6],
        "n_worst": [2, 0],
        "n_trimmed": [2, 2],
        "mean": [5.0, 8.0],  # 0 2 4 6 8 10, and 5 7 9 11 without 1 and 3
    }
    assert row(found)["estimate"] == 3.0
    assert row(found)["trim"] == 0.25
    # where low values are good the high ones are trimmed: 11 and 9
    lower = compared(frame, direction="lower")
    assert row(lower)["estimate"] == (1 + 3 + 5 + 7) / 4 - 5


def test_whoever_failed_ranks_worst_whatever_the_value() -> None:
    frame = trial([9, 1, 7, 5], [2, 4, 6, 8]).assign(stopped=[True, *[False] * 7])
    found = compared(frame, failed="stopped")
    assert row(found)["estimate"] == (1 + 7 + 5) / 3 - (4 + 6 + 8) / 3
    lost = frame.assign(y=[np.nan, *frame["y"][1:]])
    pd.testing.assert_frame_equal(compared(lost, failed="stopped").to_frame(), found.to_frame())
    kept = compared(lost, failed="stopped", missing="left_out")
    pd.testing.assert_frame_equal(kept.to_frame(), found.to_frame())


def test_missing_values_can_be_left_out() -> None:
    frame = trial([9, np.nan, 7, 5], [2, 4, 6, np.nan]).assign(who=[*"abcdefgh"])
    found = compared(frame, missing="left_out", subject="who")
    assert row(found)["estimate"] == 7 - 4
    assert found.excluded["subject"].tolist() == ["b", "h"]


SMALL = st.lists(
    st.one_of(st.just(WORST), st.integers(-9, 9).map(float)), min_size=3, max_size=4
).filter(lambda each: np.isfinite(each).sum() >= 2)


@settings(max_examples=examples(50))
@given(SMALL, SMALL, st.sampled_from([None, 0.5, 0.3]))
def test_p_is_the_share_of_allocations_counted_one_by_one(
    one: list[float], other: list[float], trim: float | None
) -> None:
    y = np.array([*one, *other])
    size = len(one)
    difference = trimmed_difference(y[:size], y[size:], trim)
    assume(np.isfinite(difference))
    frame = trial(one, other).replace(WORST, np.nan)
    found = row(compared(frame, trim=trim))
    assert found["estimate"] == pytest.approx(difference)
    assert found["exact"]
    assert found["p_value"] == pytest.approx(p_by_brute_force(y, size, trim))


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1), st.sampled_from([0.6, 0.8, 0.9]))
def test_limits_are_where_the_test_begins_to_reject(seed: int, level: float) -> None:
    rng = np.random.default_rng(seed)
    y = rng.normal(size=10)
    y[rng.integers(0, 10, 2)] = WORST
    assume(np.isfinite(y[:5]).any() and np.isfinite(y[5:]).any())
    found = row(compared(trial(y[:5], y[5:]).replace(WORST, np.nan), conf_level=level))
    spread = np.ptp(y[np.isfinite(y)])

    def p(difference: float) -> float:
        return p_by_brute_force(np.r_[y[:5] - difference, y[5:]], 5, None)

    for end, outwards in ((found["conf_low"], -1), (found["conf_high"], 1)):
        assert np.isfinite(end)
        assert p(end - outwards * 1e-5 * spread) > 1 - level
        assert p(end + outwards * 1e-5 * spread) <= 1 - level + 1e-12
    assert (found["p_value"] <= 1 - level + 1e-12) == (
        not found["conf_low"] < 0 < found["conf_high"]
    )


@settings(max_examples=examples(40))
@given(SMALL, SMALL, st.integers(0, 1000))
def test_swaps_mirror_order_is_nothing_and_units_scale(
    one: list[float], other: list[float], seed: int
) -> None:
    frame = trial(one, other).replace(WORST, np.nan)
    found = row(compared(frame))
    turned = row(compared(frame.assign(arm=frame["arm"].map({"E": "C", "C": "E"}))))
    assert turned["estimate"] == pytest.approx(-found["estimate"], abs=1e-12)
    assert turned["p_value"] == found["p_value"]
    scale = np.ptp(frame["y"].dropna()) or 1.0
    assert turned["conf_low"] == pytest.approx(-found["conf_high"], abs=3e-6 * scale)
    shuffled = frame.sample(frac=1, random_state=seed)
    assert row(compared(shuffled))["p_value"] == found["p_value"]
    scaled = row(compared(frame.assign(y=-3 * frame["y"] + 7), direction="lower"))
    assert scaled["estimate"] == pytest.approx(-3 * found["estimate"], abs=1e-12)
    assert scaled["p_value"] == found["p_value"]
    assert scaled["conf_high"] == pytest.approx(-3 * found["conf_low"], abs=3e-5 * scale)


def test_without_anybody_worst_it_is_the_permutation_test_of_means() -> None:
    rng = np.random.default_rng(7)
    y = rng.normal(size=12)
    found = row(compared(trial(y[:6], y[6:])))
    assert found["estimate"] == pytest.approx(y[:6].mean() - y[6:].mean())
    sums = np.array([sum(each) for each in combinations(y, 6)])
    differences = np.abs(sums / 6 - (y.sum() - sums) / 6)
    assert found["p_value"] == pytest.approx(np.mean(differences >= abs(found["estimate"]) - 1e-12))


def test_drawn_allocations_come_near_all_of_them() -> None:
    rng = np.random.default_rng(3)
    y = rng.normal(size=14) + np.repeat([1.0, 0.0], 7)
    y[[2, 9, 10]] = WORST
    exact = row(compared(trial(y[:7], y[7:]).replace(WORST, np.nan)))
    assert exact["allocations"] == 3432
    # as many twice over are too many to count, and are drawn
    more = np.concatenate([y[:7], y[:7] + 0.01, y[7:], y[7:] + 0.01])
    frame = trial(more[:14], more[14:]).replace(WORST, np.nan)
    found = row(compared(frame, replicates=9_999))
    assert not found["exact"]
    assert found["p_value"] == (found["as_extreme"] + 1) / 10_000
    again = row(compared(frame, replicates=9_999, rng=np.random.default_rng(99)))
    assert again["p_value"] == pytest.approx(found["p_value"], abs=0.02)
    assert again["conf_low"] == pytest.approx(found["conf_low"], abs=0.15)


def test_arms_are_permuted_within_strata_and_blocks_alone() -> None:
    frame = trial([9, 8, 3, 4], [5, 6, 1, 2]).assign(block=[1, 1, 2, 2, 1, 1, 2, 2])
    found = compared(frame, block="block")
    assert row(found)["allocations"] == 36
    differences = [
        np.mean([a, b, c, d]) - (38 - a - b - c - d) / 4
        for a, b in combinations([9, 8, 5, 6], 2)
        for c, d in combinations([3, 4, 1, 2], 2)
    ]
    assert row(found)["p_value"] == np.mean(np.abs(differences) >= 2.5 - 1e-9) == 2 / 36
    assert found.within == ("block",)


def test_three_arms_have_one_share_and_pairs_of_their_own() -> None:
    frame = pd.concat(
        [
            trial([9, 1, 7, 5], [2, 4, 6, 8]),
            pd.DataFrame({"y": [np.nan, np.nan, 3.0, 1.0], "arm": "D"}),
        ]
    )
    found = compared(frame, order={"arm": ["C", "D", "E"]})
    assert found.trim == 0.5
    assert found.arms_frame()["mean"].tolist() == [7.0, 2.0, 8.0]
    assert found.to_frame()["estimate"].tolist() == [-5.0, 1.0]
    # D gives the share of E against C, in which nobody ranks worst
    pair = row(compared(frame[frame["arm"] != "D"], trim=0.5))
    assert found.to_frame()["p_value"][1] == pair["p_value"]


def test_an_allocation_that_leaves_an_arm_without_a_number_is_extreme() -> None:
    # of 3 one is trimmed; where two without a value come together their arm is beyond all numbers
    frame = trial([np.nan, 5, 9], [np.nan, 1, 2])
    found = row(compared(frame, trim=0.3))
    y = np.array([WORST, 5, 9, WORST, 1, 2])
    together = sum({0, 3} <= {*each} or not {0, 3} & {*each} for each in combinations(range(6), 3))
    assert together == 8
    assert found["p_value"] == pytest.approx(p_by_brute_force(y, 3, 0.3))
    assert found["p_value"] >= together / 20
    # so many are always as extreme that no difference is ever rejected
    assert found["conf_low"] == -np.inf
    assert found["conf_high"] == np.inf


def test_share_is_the_decimal_that_was_written() -> None:
    y = np.arange(20.0)
    found = compared(trial(y[:10], y[10:]), trim=0.3)
    assert found.arms_frame()["n_trimmed"].tolist() == [3, 3]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"trim": 1.0}, "from 0 to below 1"),
        ({"trim": -0.1}, "from 0 to below 1"),
        ({"trim": 0.1}, "of 3 in C 1 are trimmed, but 2 rank worst"),
        ({"trim": 0.9}, "of 3 in C 3 are trimmed, and nobody is left"),
        ({"failed": "y"}, "must say true or false of everybody"),
        ({"block": "part"}, "'part' is missing in some rows"),
        ({"direction": "up"}, "direction"),
    ],
)
def test_what_it_cannot_use_is_said(changed: dict[str, Any], said: str) -> None:
    frame = trial([1, 2, 3], [np.nan, np.nan, 4]).assign(part=[1, 1, 1, 1, 1, None])
    with pytest.raises(AnalysisError, match=said):
        compared(frame, **changed)


def test_an_arm_in_which_everybody_ranks_worst_is_refused() -> None:
    with pytest.raises(AnalysisError, match="of 3 in C 3 are trimmed, and nobody is left"):
        compared(trial([1, 2, 3], [np.nan, np.nan, np.nan]))


def test_many_allocations_need_a_generator_and_room() -> None:
    y = np.arange(40.0)
    with pytest.raises(AnalysisError, match="must be sampled"):
        compared(trial(y[:20], y[20:]), rng=None)
    with pytest.raises(AnalysisError, match="too many to keep"):
        compared(trial(y[:20], y[20:]), replicates=20_000_000)
