"""Proportions against R and the published formulas; zero cells stay zero."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import nchypergeom_fisher
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from tests.conftest import examples
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.exact import clopper_pearson, wilson
from trialkit.analysis.proportions.odds_ratio import odds_ratio, risk_ratio
from trialkit.analysis.proportions.proportion_tests import fisher_exact, mcnemar, proportion_test
from trialkit.analysis.proportions.proportions import compare_proportions
from trialkit.analysis.proportions.risk_difference import risk_difference
from trialkit.errors import AnalysisError
from trialkit.protocol.methods.comparisons import Alternative, IntervalMethod
from trialkit.results.effect import Status

REFERENCE = Path(__file__).parents[2] / "reference" / "between"
CASES = {
    path.stem: json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(REFERENCE.glob("bin_*.json"))
}
CONDITIONAL = json.loads((REFERENCE / "conditional_odds_ratio.json").read_text(encoding="utf-8"))
each_case = pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
STATED = {
    "rd_wald": "wald",
    "rd_newcombe": "newcombe",
    "rd_newcombe_cc": "newcombe_corrected",
    "rd_miettinen_nurminen": "miettinen_nurminen",
    "rd_mee": "mee",
    "prop_test_ci_cc": "wald_corrected",
}


def arms(table):
    (a, b), (c, d) = table
    return ArmCount(arm="EG", events=a, n=a + b), ArmCount(arm="CG", events=c, n=c + d)


def limits(found):
    return [found.conf_low, found.conf_high]


@each_case
@pytest.mark.parametrize("block", STATED)
def test_risk_differences_equal_the_reference(case, block):
    found = risk_difference(*arms(case["table"]), interval=STATED[block])
    assert found.estimate == pytest.approx(case["rd"], rel=1e-12)
    assert limits(found) == pytest.approx(case[block], rel=1e-10, abs=1e-13)


@each_case
def test_other_levels_and_single_proportions_equal_the_reference(case):
    experimental, reference = arms(case["table"])
    ninety = risk_difference(experimental, reference, interval="newcombe", conf_level=0.9)
    assert limits(ninety) == pytest.approx(case["rd_newcombe_90"], rel=1e-10, abs=1e-13)
    for count, index in ((experimental, "1"), (reference, "2")):
        exact = clopper_pearson(count.events, count.n)
        assert exact == pytest.approx(case[f"clopper{index}"], rel=1e-10, abs=1e-13)
        score = wilson(count.events, count.n)
        assert score == pytest.approx(case[f"wilson{index}"], rel=1e-10, abs=1e-13)
    assert [experimental.risk, reference.risk] == pytest.approx(case["p"])


@pytest.mark.parametrize(
    ("table", "low", "high"),
    [
        # Newcombe, Stat Med 1998;17:873-890, table II, method 10
        (((56, 14), (48, 32)), 0.0524, 0.3339),
        (((9, 1), (3, 7)), 0.1705, 0.8090),
        (((6, 1), (2, 5)), 0.0582, 0.8062),
        (((5, 51), (0, 29)), -0.0381, 0.1926),
        (((0, 10), (0, 20)), -0.1611, 0.2775),
        (((0, 10), (0, 10)), -0.2775, 0.2775),
        (((10, 0), (0, 20)), 0.6791, 1.0000),
        (((10, 0), (0, 10)), 0.6075, 1.0000),
    ],
)
def test_newcombe_equals_the_published_table(table, low, high):
    found = risk_difference(*arms(table), interval="newcombe")
    assert limits(found) == pytest.approx([low, high], abs=5.1e-5)


def test_miettinen_nurminen_equals_the_published_example_and_statsmodels_score_does_not():
    found = risk_difference(*arms(((56, 14), (48, 32))), interval="miettinen_nurminen")
    assert limits(found) == pytest.approx([0.0528, 0.3382], abs=5e-5)
    theirs = confint_proportions_2indep(56, 70, 48, 80, compare="diff", method="score")
    assert abs(theirs[1] - found.conf_high) > 0.005


@each_case
def test_ratios_equal_the_reference_and_zero_cells_stay_zero(case):
    experimental, reference = arms(case["table"])
    for found, estimate, published in (
        (risk_ratio(experimental, reference), case["rr"], case["rr_katz"]),
        (odds_ratio(experimental, reference), case["or"], case["or_woolf"]),
    ):
        if None in published:
            assert found.estimate in {0.0, np.inf}
            assert limits(found) == [0.0, np.inf]
            assert "zero cell" in found.note
        else:
            assert found.estimate == pytest.approx(estimate, rel=1e-12)
            assert limits(found) == pytest.approx(published, rel=1e-10)
            assert found.note == ""


@pytest.mark.parametrize("case", CONDITIONAL.values(), ids=CONDITIONAL.keys())
def test_conditional_odds_ratios_equal_r_solved_to_full_precision(case):
    a, b, c, d = (int(each) for each in case["table"])
    pair = arms(((a, b), (c, d)))
    exact = odds_ratio(*pair, method="conditional")
    mid = odds_ratio(*pair, method="mid_p")
    found = [exact.estimate, *limits(exact), mid.estimate, *limits(mid)]
    names = ("mle", "low", "high", "mid_p", "mid_p_low", "mid_p_high")
    assert found == pytest.approx([float(case[name]) for name in names], rel=1e-8)
    assert fisher_exact(*pair) == pytest.approx(case["p_value"], rel=1e-10)


def test_a_small_limit_of_the_odds_ratio_solves_its_equation_where_r_stops_short():
    # fisher.test: 0.0001395254, 9 % off; uniroot's tolerance is absolute
    pair = ArmCount(arm="E", events=2, n=3), ArmCount(arm="C", events=199, n=200)
    low = odds_ratio(*pair, method="conditional").conf_low
    assert low == pytest.approx(0.000127665, rel=1e-5)
    assert nchypergeom_fisher(203, 201, 3, low).sf(1) == pytest.approx(0.025, rel=1e-9)


def test_an_unknown_alternative_is_refused():
    pair = ArmCount(arm="E", events=2, n=3), ArmCount(arm="C", events=9, n=20)
    assert fisher_exact(*pair, alternative="less") < 1
    with pytest.raises(AnalysisError, match="known are"):
        fisher_exact(*pair, alternative="two-sided")


@each_case
def test_fisher_limits_agree_with_what_r_prints(case):
    found = odds_ratio(*arms(case["table"]), method="conditional")
    for value, printed in zip(limits(found), case["fisher"]["ci"], strict=True):
        # R solves these with uniroot at its default tolerance
        assert value == (np.inf if printed is None else pytest.approx(printed, rel=0.01))


@each_case
def test_tests_of_equal_risks_equal_r(case):
    pair = arms(case["table"])
    for kind, block in (("chi_square", "chi2"), ("chi_square_corrected", "chi2_yates")):
        found = proportion_test(*pair, test=kind)
        assert found.statistic == pytest.approx(case[block]["statistic"], rel=1e-12)
        assert found.p_value == pytest.approx(case[block]["p"], rel=1e-10)
    for kind, block in (("likelihood_ratio", "g_test"), ("chi_square_n_minus_1", "n_minus_1_chi2")):
        found = proportion_test(*pair, test=kind)
        assert found.statistic == pytest.approx(case[block], rel=1e-12)
    fisher = case["fisher"]
    assert proportion_test(*pair, test="fisher_exact").p_value == pytest.approx(
        fisher["p"], rel=1e-10
    )
    assert fisher_exact(*pair, alternative=Alternative.LESS) == pytest.approx(
        fisher["p_less"], rel=1e-10
    )
    assert fisher_exact(*pair, alternative=Alternative.GREATER) == pytest.approx(
        fisher["p_greater"], rel=1e-10
    )


def test_mcnemar_equals_r():
    case = json.loads((REFERENCE / "mcnemar.json").read_text(encoding="utf-8"))
    (_, b), (c, _) = case["table"]
    assert mcnemar(c, b).p_value == pytest.approx(case["exact"]["p"], rel=1e-10)
    for kind, block in (("mcnemar", "mcnemar"), ("mcnemar_corrected", "mcnemar_cc")):
        found = mcnemar(c, b, test=kind)
        assert found.statistic == pytest.approx(case[block]["statistic"], rel=1e-12)
        assert found.p_value == pytest.approx(case[block]["p"], rel=1e-10)
    nobody = mcnemar(0, 0, test="mcnemar")
    assert (nobody.statistic, nobody.p_value) == (0.0, 1.0)
    assert mcnemar(0, 0).p_value == 1.0


def test_no_event_in_thirteen_is_compatible_with_a_quarter():
    assert clopper_pearson(0, 13) == pytest.approx((0.0, 0.2470526), abs=1e-7)
    assert clopper_pearson(13, 13) == pytest.approx((0.7529474, 1.0), abs=1e-7)
    theirs = proportion_confint(3, 13, method="beta")
    assert clopper_pearson(3, 13) == pytest.approx(theirs, rel=1e-10)


def indomethacin():
    frame = pd.read_csv(REFERENCE / "medicaldata_indo_rct.csv")
    return compare_proportions(
        frame,
        outcome="outcome",
        event="1_yes",
        arm="rx",
        reference="0_placebo",
        interval="newcombe",
        test="fisher_exact",
    )


def test_a_trial_from_its_rows_equals_the_reference():
    case = CASES["bin_indo_rct_pep"]
    found = indomethacin()
    frame = found.to_frame().set_index("stat_name")
    assert frame.index.to_list() == ["risk_difference", "risk_ratio", "odds_ratio"]
    assert set(frame["contrast"]) == {"1_indomethacin - 0_placebo"}
    estimates = frame["estimate"].to_list()
    assert estimates == pytest.approx([case["rd"], case["rr"], case["or"]], rel=1e-12)
    low, high = frame.loc["risk_difference", ["conf_low", "conf_high"]]
    assert [low, high] == pytest.approx(case["rd_newcombe"], rel=1e-10)
    assert frame["p_value"].iloc[0] == pytest.approx(case["fisher"]["p"], rel=1e-10)
    counts = ["events_experimental", "n_experimental", "events_reference", "n_reference"]
    assert frame[counts].iloc[0].to_list() == [27, 295, 52, 307]
    number = found.nnt().iloc[0]
    assert number["estimate"] == pytest.approx(case["nnt"], rel=1e-12)
    assert not number["passes_infinity"]
    assert [number["conf_low"], number["conf_high"]] == pytest.approx([1 / high, 1 / low])
    assert set(found.tests()["test"]) >= {"fisher_exact", "chi_square"}


def binary_frame(a, n1, c, n2):
    return pd.DataFrame(
        {
            "event": [1] * a + [0] * (n1 - a) + [1] * c + [0] * (n2 - c),
            "arm": ["EG"] * n1 + ["CG"] * n2,
        }
    )


def compare(a, n1, c, n2, **options):
    return compare_proportions(
        binary_frame(a, n1, c, n2), outcome="event", arm="arm", reference="CG", **options
    )


def test_a_number_needed_to_treat_passes_through_infinity():
    number = compare(6, 20, 4, 20).nnt().iloc[0]
    assert number["passes_infinity"]
    assert number["conf_low"] > 0 > number["conf_high"]
    assert "through infinity" in number["note"]
    same = compare(4, 20, 4, 20).nnt().iloc[0]
    assert same["estimate"] == np.inf


def test_no_events_at_all_have_a_defined_answer():
    frame = compare(0, 13, 0, 13, interval="newcombe").to_frame().set_index("stat_name")
    assert frame.loc["risk_difference", "estimate"] == 0
    assert frame.loc["risk_difference", "conf_high"] == pytest.approx(0.228095, abs=1e-6)
    for name in ("risk_ratio", "odds_ratio"):
        assert np.isnan(frame.loc[name, "estimate"])
        assert "not estimable" in frame.loc[name, "note"]
        assert frame.loc[name, ["conf_low", "conf_high"]].to_list() == [0, np.inf]
    tests = compare(0, 13, 0, 13).tests()
    assert (tests["p_value"] == 1).all()


def test_the_default_interval_and_test_agree_where_newcombe_and_fisher_did_not():
    """Limits of 1.7 to 57.6 points stood beside p = 0.096; each measure now says what p says."""
    apart = compare(4, 13, 0, 13, interval="newcombe", test="fisher_exact").to_frame().iloc[0]
    assert apart["conf_low"] > 0
    assert apart["p_value"] > 0.05
    for row in compare(4, 13, 0, 13).to_frame().to_dict("records"):
        null = 0 if row["stat_name"] == "risk_difference" else 1
        assert (row["conf_low"] > null) == (row["p_value"] < 0.05)


counts = st.tuples(st.integers(1, 30), st.integers(1, 30)).flatmap(
    lambda n: st.tuples(st.integers(0, n[0]), st.just(n[0]), st.integers(0, n[1]), st.just(n[1]))
)
intervals = st.sampled_from(list(IntervalMethod))


@given(counts=counts, interval=intervals)
@settings(max_examples=examples(150), deadline=None)
def test_swapping_the_arms_mirrors_the_difference_and_inverts_the_ratios(counts, interval):
    a, n1, c, n2 = counts
    e, r = ArmCount(arm="EG", events=a, n=n1), ArmCount(arm="CG", events=c, n=n2)
    there, back = (risk_difference(*pair, interval=interval) for pair in ((e, r), (r, e)))
    assert there.estimate == -back.estimate
    assert limits(there) == pytest.approx([-back.conf_high, -back.conf_low], abs=1e-9)
    assert there.conf_low - 1e-12 <= there.estimate <= there.conf_high + 1e-12
    for compare_ratio, known in (
        (risk_ratio, [{"interval": "katz"}, {"interval": "miettinen_nurminen"}]),
        (odds_ratio, [{"method": name} for name in ("woolf", "miettinen_nurminen", "mid_p")]),
    ):
        for options in known:
            there, back = compare_ratio(e, r, **options), compare_ratio(r, e, **options)
            assert not np.isnan(limits(there)).any()
            with np.errstate(divide="ignore"):
                inverted = list(1 / np.array([back.conf_high, back.conf_low]))
            assert limits(there) == pytest.approx(inverted, rel=1e-7), options
            if not np.isnan(there.estimate):
                assert there.conf_low <= there.estimate * (1 + 1e-9)
                assert there.conf_high >= there.estimate * (1 - 1e-9)


def test_a_zero_cell_has_score_limits_and_exact_ones():
    """5 of 12 against 0 of 12: 1.51 for the risks by the score, 1.13 for the odds by Fisher's test in R."""
    frame = binary_frame(5, 12, 0, 12)
    found = compare_proportions(
        frame,
        outcome="event",
        arm="arm",
        reference="CG",
        interval="miettinen_nurminen",
        odds_ratio_method="conditional",
    ).to_frame()
    rows = found.set_index("stat_name")
    assert rows.loc["risk_ratio", "conf_low"] == pytest.approx(1.5091, abs=5e-5)
    assert rows.loc["odds_ratio", "conf_low"] == pytest.approx(1.1281, abs=5e-5)
    assert (rows.loc[["risk_ratio", "odds_ratio"], "conf_high"] == np.inf).all()
    assert (rows["status"] == "estimated").all()


@given(counts=counts, interval=st.sampled_from(["miettinen_nurminen", "mee"]))
@settings(max_examples=examples(60), deadline=None)
def test_beside_a_score_interval_every_ratio_that_exists_has_a_limit(counts, interval):
    a, n1, c, n2 = counts
    frame = binary_frame(a, n1, c, n2)
    found = compare_proportions(
        frame, outcome="event", arm="arm", reference="CG", interval=interval
    )
    (each,) = found.contrasts
    assume(0 < a + c < n1 + n2)
    for ratio in (each.risk_ratio, each.odds_ratio):
        assert (ratio.interval, ratio.status) == ("miettinen_nurminen", Status.ESTIMATED)
        assert ratio.conf_low > 0 or ratio.conf_high < np.inf
        assert ratio.conf_low <= ratio.estimate <= ratio.conf_high


@given(counts=counts)
@settings(max_examples=examples(60), deadline=None)
def test_doubling_the_data_narrows_every_interval(counts):
    a, n1, c, n2 = counts
    e, r = ArmCount(arm="EG", events=a, n=n1), ArmCount(arm="CG", events=c, n=n2)
    ee, rr = (ArmCount(arm=x.arm, events=2 * x.events, n=2 * x.n) for x in (e, r))
    for interval in ("newcombe", "miettinen_nurminen"):
        once = risk_difference(e, r, interval=interval)
        twice = risk_difference(ee, rr, interval=interval)
        assert twice.conf_high - twice.conf_low < once.conf_high - once.conf_low


def test_events_may_be_true_false_or_a_named_level():
    frame = binary_frame(3, 10, 5, 12)
    plain = compare_proportions(frame, outcome="event", arm="arm", reference="CG").to_frame()
    named = frame.assign(event=frame["event"].map({1: "ill", 0: "well"}))
    for other, options in (
        (frame.assign(event=frame["event"].astype(bool)), {}),
        (frame.assign(event=frame["event"].astype("boolean")), {}),
        (named, {"event": "ill"}),
        (named.assign(event=named["event"].astype("category")), {"event": "ill"}),
    ):
        found = compare_proportions(other, outcome="event", arm="arm", reference="CG", **options)
        pd.testing.assert_frame_equal(found.to_frame(), plain)


def test_an_event_that_nobody_had_counts_as_zero():
    frame = binary_frame(0, 10, 0, 12)
    expected = compare_proportions(frame, outcome="event", arm="arm", reference="CG").to_frame()
    for column in ("no", pd.Categorical(["no"] * 22), pd.Categorical(["no"] * 22, ["no", "yes"])):
        if isinstance(column, pd.Categorical) and len(column.categories) == 1:
            continue
        named = frame.assign(event=column)
        found = compare_proportions(
            named, outcome="event", arm="arm", reference="CG", event="yes"
        ).to_frame()
        pd.testing.assert_frame_equal(found, expected)


def test_wald_limits_without_any_variance_say_so():
    arms = ArmCount(arm="E", events=0, n=13), ArmCount(arm="C", events=0, n=13)
    for interval in ("wald", "wald_corrected"):
        found = risk_difference(*arms, interval=interval)
        assert (found.conf_low, found.conf_high) == (0, 0)
        assert "standard error is 0 and its limits say nothing" in found.note
    assert not risk_difference(*arms, interval="newcombe").note
    some = ArmCount(arm="E", events=1, n=13)
    assert not risk_difference(some, arms[1], interval="wald").note


def test_what_is_no_binary_outcome_is_refused():
    frame = binary_frame(3, 10, 5, 12)

    def refused(match, data=frame, **options):
        with pytest.raises(AnalysisError, match=match):
            compare_proportions(
                data, **({"outcome": "event", "arm": "arm", "reference": "CG"} | options)
            )

    refused("must be 1 .event. or 0", frame.assign(event=2))
    refused("name the level that counts", frame.assign(event="yes"))
    refused("must be one of the two levels", frame.assign(event=["a", "b"] * 11), event="no")
    refused("it holds 'Yes'", frame.assign(event="Yes"), event="yes")
    refused("it holds 1", frame.assign(event=1), event="1")
    refused(
        "it holds 'ill', 'well'",
        frame.assign(event=pd.Categorical(["well"] * 22, ["ill", "well"])),
        event="il",
    )
    refused("known are newcombe", interval="newcombe-anything")
    refused("known are fisher_exact", test="fisher")
    refused("conf_level", conf_level=95)
    refused(
        "no value of 'event' in arm CG", frame[frame["arm"] == "EG"], order={"arm": ["CG", "EG"]}
    )
    missing = frame.astype({"event": float}).assign(id=range(22))
    missing.loc[0, "event"] = np.nan
    found = compare_proportions(missing, outcome="event", arm="arm", reference="CG", subject="id")
    assert found.excluded.to_dict("records") == [{"subject": 0, "reason": "event is missing"}]
    assert found.counts[1].n == 9
