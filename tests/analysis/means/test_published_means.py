"""Comparisons of means and ranks as others print them; sources in tests/reference/published."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from tests.published import Answers, tables_about
from trialkit.analysis.means.one_way import one_way_anova, welch_anova
from trialkit.analysis.means.permutation_distribution import subset_sums
from trialkit.analysis.means.rank_tests import kruskal_wallis, mann_whitney
from trialkit.analysis.means.signed_rank import signed_rank
from trialkit.analysis.means.standardised import standardised_difference
from trialkit.analysis.means.t_tests import TTest, paired_t, student_t, welch_t
from trialkit.protocol.methods.comparisons import Alternative, MeansMethod, PairedMethod

TWO_SAMPLE = {"student_t": student_t, "welch_t": welch_t}


def groups_of(given: Mapping[str, Any]) -> tuple[np.ndarray, ...]:
    """The groups, or those that Simon and Lesage construct from a leading number and tenths."""
    if "groups" in given:
        return tuple(np.array(each, dtype=float) for each in given["groups"])
    places = np.arange(given["replicates"])
    tenths = np.where(places == 0, 0, np.where(places % 2 == 1, -1, 1))
    middles = [10 * given["lead"] + round(10 * float(each)) for each in given["middle"]]
    return tuple((middle + tenths) / 10 for middle in middles)


def pair_of(given: Mapping[str, Any], *names: str) -> list[np.ndarray]:
    """Two samples, on the logarithm where the case says so."""
    scale = np.log if given.get("scale") == "log" else np.asarray
    return [scale(np.array(given[name], dtype=float)) for name in names]


def asked(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "alternative": Alternative(given.get("alternative", "two_sided")),
        "conf_level": given.get("level", 0.95),
    }


def t_answers(found: TTest, given: Mapping[str, Any]) -> Answers:
    """A t test, its estimate and limits back from the logarithm."""
    back = np.exp if given.get("scale") == "log" else float
    return {
        "estimate": float(back(found.estimate)),
        "conf_low": float(back(found.conf_low)),
        "conf_high": float(back(found.conf_high)),
        "se": found.se,
        "df": found.df,
        "statistic": found.statistic,
        "p_value": found.p_value,
    }


def two_means(given: Mapping[str, Any]) -> Answers:
    samples = pair_of(given, "experimental", "reference")
    return t_answers(TWO_SAMPLE[given["method"]](*samples, **asked(given)), given)


def two_paired_means(given: Mapping[str, Any]) -> Answers:
    return t_answers(paired_t(*pair_of(given, "second", "first"), **asked(given)), given)


def one_way(given: Mapping[str, Any]) -> Answers:
    found = one_way_anova(groups_of(given))
    return {
        "df_num": found.df_num,
        "df_den": found.df_den,
        "statistic": found.statistic,
        "r_squared": found.eta_squared,
        "p_value": found.p_value,
    }


def welch(given: Mapping[str, Any]) -> Answers:
    found = welch_anova(groups_of(given))
    return {
        "df_num": found.df_num,
        "df_den": found.df_den,
        "statistic": found.statistic,
        "p_value": found.p_value,
    }


def several_ranks(given: Mapping[str, Any]) -> Answers:
    found = kruskal_wallis(groups_of(given))
    return {"statistic": found.statistic, "df": found.df, "p_value": found.p_value}


def shift(given: Mapping[str, Any]) -> Answers:
    samples = pair_of(given, "experimental", "reference")
    found = mann_whitney(*samples, method=MeansMethod(given["method"]), **asked(given))
    return {
        "estimate": found.estimate,
        "statistic": found.statistic,
        "z": found.z,
        "p_value": found.p_value,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
        "probability_reference_larger": (1 - found.rank_biserial) / 2,
    }


def distribution_of_u(given: Mapping[str, Any]) -> Answers:
    size, other = given["experimental_n"], given["reference_n"]
    found = subset_sums(np.arange(size + other), size)
    at_most = np.cumsum(found.probability)
    return {f"U <= {u}": float(p) for u, p in enumerate(at_most)}


def signed_ranks(given: Mapping[str, Any]) -> Answers:
    differences = np.array(given["differences"], dtype=float)
    found = signed_rank(
        differences,
        np.zeros(len(differences)),
        method=PairedMethod(given["method"]),
        **asked(given),
    )
    return {
        "estimate": found.estimate,
        "statistic": found.statistic,
        "z": found.z,
        "p_value": found.p_value,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
    }


def standardised(given: Mapping[str, Any]) -> Answers:
    samples = pair_of(given, "experimental", "reference")
    found = standardised_difference(
        *samples,
        standardiser=given["standardiser"],
        corrected=given["corrected"],
        conf_level=given.get("level", 0.95),
    )
    return {
        "estimate": found.estimate,
        "conf_low": found.conf_low,
        "conf_high": found.conf_high,
    }


@pytest.mark.parametrize("table", tables_about("two means"), ids=str)
def test_two_means(table):
    table.holds(two_means)


@pytest.mark.parametrize("table", tables_about("two paired means"), ids=str)
def test_two_paired_means(table):
    table.holds(two_paired_means)


@pytest.mark.parametrize("table", tables_about("one-way analysis of variance"), ids=str)
def test_one_way(table):
    table.holds(one_way)


@pytest.mark.parametrize("table", tables_about("Welch's analysis of variance"), ids=str)
def test_welch(table):
    table.holds(welch)


@pytest.mark.parametrize("table", tables_about("Kruskal-Wallis"), ids=str)
def test_several_ranks(table):
    table.holds(several_ranks)


@pytest.mark.parametrize("table", tables_about("shift"), ids=str)
def test_shift(table):
    table.holds(shift)


@pytest.mark.parametrize("table", tables_about("distribution of U"), ids=str)
def test_distribution_of_u(table):
    table.holds(distribution_of_u)


@pytest.mark.parametrize("table", tables_about("signed ranks"), ids=str)
def test_signed_ranks(table):
    table.holds(signed_ranks)


@pytest.mark.parametrize("table", tables_about("standardised difference"), ids=str)
def test_standardised(table):
    table.holds(standardised)
