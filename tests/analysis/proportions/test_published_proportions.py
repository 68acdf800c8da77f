"""Proportions as others print them; the sources stand in tests/reference/published."""

from collections.abc import Mapping, Sequence
from math import sqrt
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.published import Answers, tables_about
from trialkit.analysis.proportions.event_counts import ArmCount
from trialkit.analysis.proportions.exact import clopper_pearson, wilson
from trialkit.analysis.proportions.odds_ratio import odds_ratio, risk_ratio
from trialkit.analysis.proportions.paired_difference import PairedCounts, paired_difference_limits
from trialkit.analysis.proportions.paired_proportions import compare_paired_proportions
from trialkit.analysis.proportions.proportion_tests import fisher_exact, mcnemar, proportion_test
from trialkit.analysis.proportions.risk_difference import Estimate, risk_difference
from trialkit.analysis.proportions.stratified_proportions import cochran_mantel_haenszel


def arms(given: Mapping[str, Any]) -> tuple[ArmCount, ArmCount]:
    """The experimental and the reference arm: events of how many."""
    (events, n), (other_events, other_n) = given["experimental"], given["reference"]
    return (
        ArmCount(arm="EG", events=events, n=n),
        ArmCount(arm="CG", events=other_events, n=other_n),
    )


def stated(found: Estimate) -> Answers:
    return {
        "estimate": found.estimate,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
    }


def one_proportion(given: Mapping[str, Any]) -> Answers:
    events, n, level = given["events"], given["n"], given.get("level", 0.95)
    if given["method"] == "clopper_pearson":
        low, high = clopper_pearson(events, n, conf_level=level)
    else:
        corrected = given["method"] == "wilson_corrected"
        low, high = wilson(events, n, conf_level=level, corrected=corrected)
    return {"estimate": events / n, "conf_low": low, "conf_high": high}


def difference(given: Mapping[str, Any]) -> Answers:
    level = given.get("level", 0.95)
    return stated(risk_difference(*arms(given), interval=given["method"], conf_level=level))


def ratio(given: Mapping[str, Any]) -> Answers:
    level = given.get("level", 0.95)
    return stated(risk_ratio(*arms(given), interval=given["method"], conf_level=level))


def odds(given: Mapping[str, Any]) -> Answers:
    level = given.get("level", 0.95)
    return stated(odds_ratio(*arms(given), method=given["method"], conf_level=level))


def two_risks(given: Mapping[str, Any]) -> Answers:
    if "alternative" in given:
        return {"p_value": fisher_exact(*arms(given), alternative=given["alternative"])}
    found = proportion_test(*arms(given), test=given["test"])
    return {"statistic": found.statistic, "p_value": found.p_value}


def two_paired_risks(given: Mapping[str, Any]) -> Answers:
    found = mcnemar(given["gained"], given["lost"], test=given["test"])
    if found.statistic is None:
        return {"p_value": found.p_value}
    return {
        "statistic": found.statistic,
        "z": sqrt(found.statistic),
        "p_value": found.p_value,
    }


def paired_difference(given: Mapping[str, Any]) -> Answers:
    """Of pairs with the event at both, at the second alone, at the first alone, at neither."""
    both, gained, lost, neither = given["pairs"]
    low, high = paired_difference_limits(
        PairedCounts(both=both, gained=gained, lost=lost, neither=neither),
        interval=given["method"],
        conf_level=given.get("level", 0.95),
    )
    return {"conf_low": low, "conf_high": high}


def paired_odds(given: Mapping[str, Any]) -> Answers:
    gained, lost = given["gained"], given["lost"]
    frame = pd.DataFrame({"before": [0] * gained + [1] * lost, "after": [1] * gained + [0] * lost})
    found = compare_paired_proportions(frame, first="before", second="after")
    return {
        "estimate": found.odds_ratio,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
    }


def tables_of_strata(strata: Sequence[Sequence[int]]) -> pd.DataFrame:
    """A row a subject of tables a, b, c, d: with and without the event, experimental arm first."""
    parts = [
        pd.DataFrame(
            {
                "arm": np.repeat(["EG", "EG", "CG", "CG"], table),
                "event": np.repeat([1, 0, 1, 0], table),
                "stratum": f"s{number}",
            }
        )
        for number, table in enumerate(strata)
    ]
    return pd.concat(parts, ignore_index=True)


def stratified(given: Mapping[str, Any]) -> Answers:
    level = given.get("level", 0.95)
    found = cochran_mantel_haenszel(
        tables_of_strata(given["strata"]),
        outcome="event",
        arm="arm",
        reference="CG",
        strata="stratum",
        conf_level=level,
        order={"arm": ["CG", "EG"], "stratum": [f"s{i}" for i in range(len(given["strata"]))]},
    ).contrasts[0]
    answers = {
        "statistic": found.statistic,
        "p_value": found.p_value,
        "statistic_corrected": found.statistic_corrected,
        "p_value_corrected": found.p_value_corrected,
    }
    if found.homogeneity is not None:
        answers["homogeneity"] = found.homogeneity.statistic
        answers["homogeneity_p"] = found.homogeneity.p_value
    for name in ("risk_difference", "risk_ratio", "odds_ratio"):
        estimate = getattr(found, name)
        answers[name] = estimate.estimate
        answers[f"{name}_low"] = estimate.conf_low
        answers[f"{name}_high"] = estimate.conf_high
    width = found.risk_difference.conf_high - found.risk_difference.conf_low
    se = width / (2 * NormalDist().inv_cdf((1 + level) / 2))
    answers["risk_difference_variance"] = se**2
    answers["risk_difference_z"] = found.risk_difference.estimate / se
    return answers


@pytest.mark.parametrize("table", tables_about("one proportion"), ids=str)
def test_one_proportion(table):
    table.holds(one_proportion)


@pytest.mark.parametrize("table", tables_about("paired risk difference"), ids=str)
def test_paired_risk_difference(table):
    table.holds(paired_difference)


@pytest.mark.parametrize("table", tables_about("risk difference"), ids=str)
def test_risk_difference(table):
    table.holds(difference)


@pytest.mark.parametrize("table", tables_about("risk ratio"), ids=str)
def test_risk_ratio(table):
    table.holds(ratio)


@pytest.mark.parametrize("table", tables_about("odds ratio"), ids=str)
def test_odds_ratio(table):
    table.holds(odds)


@pytest.mark.parametrize("table", tables_about("two risks"), ids=str)
def test_two_risks(table):
    table.holds(two_risks)


@pytest.mark.parametrize("table", tables_about("two paired risks"), ids=str)
def test_two_paired_risks(table):
    table.holds(two_paired_risks)


@pytest.mark.parametrize("table", tables_about("paired odds ratio"), ids=str)
def test_paired_odds_ratio(table):
    table.holds(paired_odds)


@pytest.mark.parametrize("table", tables_about("stratified risks"), ids=str)
def test_stratified_risks(table):
    table.holds(stratified)
