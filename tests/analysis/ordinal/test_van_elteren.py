"""Van Elteren's test: one stratum is Wilcoxon's (ordinal_pgic_simulated.json), several add up."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kruskal, mannwhitneyu, norm
from scipy.stats import t as student

from tests.analysis.ordinal.scale_cases import CASES, read
from tests.conftest import examples
from trialkit.analysis.ordinal.pairwise_wins import RankedOutcome
from trialkit.analysis.ordinal.van_elteren import van_elteren
from trialkit.analysis.ordinal.wins import compare_wins
from trialkit.errors import AnalysisError

ARMS: dict[str, Any] = {"outcome": "y", "arm": "arm", "reference": "C"}


@pytest.mark.parametrize("case", CASES)
def test_one_stratum_is_the_wilcoxon_test_of_the_file(case: str) -> None:
    expected, frame = read(case)
    found = van_elteren(
        frame.assign(all=1), outcome="y", arm="arm", reference=expected["arms"][0], strata=["all"]
    )
    assert found.p_value == pytest.approx(expected["wilcoxon_nocc"], rel=1e-10)
    assert found.p_value == pytest.approx(expected["kruskal"], rel=1e-10)
    assert found.probability == pytest.approx(expected["probability_superiority"], rel=1e-12)
    groups = [frame["y"][frame["arm"] == arm] for arm in expected["arms"]]
    assert kruskal(*groups).pvalue == pytest.approx(expected["kruskal"], rel=1e-8)


def made_up(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "arm": rng.choice(["C", "E"], 60),
            "y": rng.integers(0, 5, 60),
            "site": np.resize(["a", "b", "c"], 60),
        }
    )
    frame.loc[:5, "arm"] = ["C", "C", "C", "E", "E", "E"]
    frame.loc[:5, "y"] = [0, 0, 0, 4, 4, 4]
    return frame


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1))
def test_strata_add_up_with_weights_of_one_over_size_and_one(seed: int) -> None:
    frame = made_up(seed)
    found = van_elteren(frame, strata=["site"], **ARMS)
    top = bottom = 0.0
    for _, own in frame.groupby("site"):
        x, y = own["y"][own["arm"] == "E"], own["y"][own["arm"] == "C"]
        m, n = len(x), len(y)
        test = mannwhitneyu(x, y, use_continuity=False, method="asymptotic")
        excess = test.statistic - m * n / 2
        z = norm.isf(test.pvalue / 2)
        sd = abs(excess) / z if z > 1e-12 else None
        if sd is None:
            return
        top += excess / (m + n + 1)
        bottom += (sd / (m + n + 1)) ** 2
    assert found.statistic == pytest.approx(top / bottom**0.5, rel=1e-6, abs=1e-9)
    swapped = van_elteren(
        frame.sample(frac=1, random_state=2), strata=["site"], **ARMS | {"reference": "E"}
    )
    assert swapped.statistic == pytest.approx(-found.statistic, rel=1e-9, abs=1e-12)
    assert swapped.probability == pytest.approx(1 - found.probability)


def test_a_stratum_of_one_arm_is_named_and_tells_nothing() -> None:
    frame = made_up(2)
    more = pd.concat([frame, pd.DataFrame({"arm": ["E"] * 3, "y": [4, 4, 4], "site": ["d"] * 3})])
    found, without = (van_elteren(each, strata=["site"], **ARMS) for each in (more, frame))
    assert found.empty_strata == ("d",)
    assert found.statistic == pytest.approx(without.statistic)
    assert found.strata == 3


def test_what_is_missing_is_told() -> None:
    frame = made_up(2).astype({"y": float})
    frame.loc[7, "y"] = np.nan
    frame.loc[8, "site"] = None
    found = van_elteren(frame, strata=["site"], **ARMS)
    assert found.excluded["reason"].tolist() == ["y is missing", "site is missing"]


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (made_up(1).assign(arm=["C", "D", "E"] * 20, y=1.0), "compares two arms; 'arm' has 3"),
        (made_up(1).assign(y=2), "equal in every stratum"),
        (made_up(1).assign(site=lambda each: each["arm"]), "no stratum has subjects of both arms"),
    ],
)
def test_what_cannot_be_compared_is_refused(frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(AnalysisError, match=message):
        van_elteren(frame, strata=["site"], order={"arm": sorted(set(frame["arm"]))}, **ARMS)


@pytest.mark.parametrize("case", CASES)
def test_limits_of_one_stratum_are_those_of_brunner_and_munzel(case: str) -> None:
    expected, frame = read(case)
    reference = expected["arms"][0]
    about = {"arm": "arm", "reference": reference, "conf_level": 0.9}
    found = van_elteren(frame.assign(all=1), outcome="y", strata=["all"], **about)
    wins = compare_wins(frame, outcomes=[RankedOutcome(column="y")], **about).to_frame().iloc[0]
    assert found.se == pytest.approx(wins["se"], rel=1e-12)
    assert found.limits == pytest.approx((wins["conf_low"], wins["conf_high"]), rel=1e-12)


@settings(max_examples=examples(25))
@given(st.integers(0, 2**32 - 1))
def test_limits_of_strata_are_those_of_the_weighted_mean_of_their_probabilities(seed: int) -> None:
    frame = made_up(seed)
    found = van_elteren(frame, strata=["site"], **ARMS)
    assert found.se is not None
    assert found.limits is not None
    estimates, squares, parts, weights = [], [], [], []
    for _, own in frame.groupby("site"):
        x, y = (own["y"][own["arm"] == arm].to_numpy() for arm in "EC")
        m, n = len(x), len(y)
        sign = (np.sign(x[:, None] - y[None, :]) + 1) / 2
        each = (sign.mean(axis=1).var(ddof=1) / m, sign.mean(axis=0).var(ddof=1) / n)
        estimates.append(sign.mean())
        squares.append(sum(each))
        parts.append([(each[0], m - 1), (each[1], n - 1)])
        weights.append(m * n / (m + n + 1))
    w = np.array(weights) / sum(weights)
    assert found.probability == pytest.approx(w @ estimates)
    variance = float(w**2 @ squares)
    assert found.se == pytest.approx(variance**0.5)
    below = sum(
        (share**2 * v) ** 2 / df for share, own in zip(w, parts, strict=True) for v, df in own
    )
    reach = student.ppf(0.975, variance**2 / below) * variance**0.5
    wanted = (max(found.probability - reach, 0), min(found.probability + reach, 1))
    assert found.limits == pytest.approx(wanted)
    swapped = van_elteren(frame, strata=["site"], **ARMS | {"reference": "E"})
    assert swapped.limits == pytest.approx((1 - found.limits[1], 1 - found.limits[0]))


def test_a_stratum_with_one_of_an_arm_leaves_no_limits_and_is_named() -> None:
    frame = made_up(3)
    lone = pd.DataFrame({"arm": ["C", "E", "E"], "y": [1, 2, 3], "site": ["z", "z", "z"]})
    found = van_elteren(pd.concat([frame, lone]), strata=["site"], **ARMS)
    assert (found.se, found.limits, found.lone_strata) == (None, None, ("z",))
    assert np.isnan(found.to_frame()["conf_low"].iloc[0])
    assert van_elteren(frame, strata=["site"], **ARMS).lone_strata == ()


def test_strata_in_which_nothing_varies_have_no_limits() -> None:
    apart = pd.DataFrame({"arm": list("CCEE"), "y": [1, 1, 2, 2], "site": list("aaaa")})
    found = van_elteren(apart, strata=["site"], **ARMS)
    assert (found.se, found.limits) == (0.0, None)
