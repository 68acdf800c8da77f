"""Linear models, their contrasts and multiplicity as others print them.

The sources stand in tests/reference/published.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pingouin
import pytest

from tests.analysis.means.test_published_means import groups_of
from tests.published import Answers, tables_about
from trialkit.analysis.linear.ancova import Ancova, ancova
from trialkit.analysis.linear.least_squares import least_squares
from trialkit.analysis.linear.multiplicity import adjust_p_values
from trialkit.analysis.linear.simultaneous import tukey_tail
from trialkit.analysis.linear.variance_explained import partial_eta_squared_limits


def one_way(groups: Sequence[np.ndarray]) -> Ancova:
    """A model of the groups alone, named 1, 2, … of which the first is the reference."""
    names = [str(number) for number in range(1, len(groups) + 1)]
    frame = pd.DataFrame(
        {
            "y": np.concatenate(groups),
            "group": np.repeat(names, [len(each) for each in groups]),
        }
    )
    return ancova(frame, outcome="y", arm="group", reference="1", order={"group": names})


def variance_table(given: Mapping[str, Any]) -> Answers:
    found = one_way(groups_of(given))
    row = found.to_frame().iloc[0]
    return {
        "df_num": row["df_num"],
        "df_den": row["df_den"],
        "sum_squares": row["sum_squares"],
        "mean_square": row["sum_squares"] / row["df_num"],
        "statistic": row["statistic"],
        "residual_sum_squares": found.df * found.sigma**2,
        "residual_mean_square": found.sigma**2,
        "residual_sd": found.sigma,
        "r_squared": found.r_squared,
    }


def regression_line(given: Mapping[str, Any]) -> Answers:
    x, y = (np.array(given[name], dtype=float) for name in ("x", "y"))
    fit = least_squares(np.column_stack([np.ones(len(x)), x]), y)
    total = float(np.square(y - y.mean()).sum())
    explained = total - fit.residual_sum_squares
    return {
        "df_num": 1.0,
        "df_den": float(fit.df),
        "sum_squares": explained,
        "residual_sum_squares": fit.residual_sum_squares,
        "residual_sd": fit.sigma,
        "r_squared": explained / total,
        "statistic": explained / fit.sigma**2,
        "slope": float(fit.coefficients[1]),
        "slope_se": fit.sigma * float(np.sqrt(fit.unscaled[1, 1])),
    }


def by_row(table: pd.DataFrame, label: str, names: Sequence[str]) -> dict[str, float]:
    return {f"{row[label]} {name}": row[name] for _, row in table.iterrows() for name in names}


def adjusted_means(given: Mapping[str, Any]) -> Answers:
    """Everything of the model of ``post`` by drug and ``pre``."""
    frame = pd.DataFrame({name: given[name] for name in ("drug", "pre", "post")})
    reference = given["reference"]
    others = [drug for drug in sorted(set(given["drug"])) if drug != reference]
    order = {"drug": [reference, *others]}

    def model(kind: int, covariates: Sequence[str] = ("pre",)) -> Ancova:
        return ancova(
            frame,
            outcome="post",
            arm="drug",
            reference=reference,
            covariates=covariates,
            sum_of_squares=kind,
            order=order,
        )

    found = model(3)
    rows = ("sum_squares", "statistic", "p_value")
    tables = {"I": model(1, ()), "II": model(2), "III": found}
    tests = {
        f"type {kind} {name}": value
        for kind, each in tables.items()
        for name, value in by_row(each.to_frame(), "term", rows).items()
    }
    means = found.marginal_means()
    contrasts = found.contrasts()
    pairs = found.contrasts(comparisons="all_pairs", adjustment="tukey")
    return {
        **tests,
        "r_squared": found.r_squared,
        "residual_sd": found.sigma,
        "residual_sum_squares": found.df * found.sigma**2,
        **{f"{row['arm']} mean": row["estimate"] for _, row in means.iterrows()},
        **by_row(means, "arm", ("se",)),
        **by_row(contrasts, "contrast", ("estimate", "se", "statistic", "p_value")),
        **{_sorted(row["contrast"], "p_tukey"): row["p_adjusted"] for _, row in pairs.iterrows()},
    }


def _sorted(contrast: str, name: str) -> str:
    return f"{' - '.join(sorted(contrast.split(' - ')))} {name}"


def of_a_data_set(given: Mapping[str, Any]) -> Answers:
    """A model of a data set that pingouin brings along, of type II."""
    frame = pingouin.read_dataset(given["dataset"]).drop(index=given.get("without", []))
    arms = sorted(frame[given["arm"]].unique())
    found = ancova(
        frame,
        outcome=given["outcome"],
        arm=given["arm"],
        reference=arms[0],
        covariates=given["covariates"],
        sum_of_squares=2,
        order={given["arm"]: arms},
    )
    rows = ("statistic", "p_value", "partial_eta_squared")
    answers = by_row(found.to_frame(), "term", rows)
    partial = {
        f"{name.split()[0]} partial": value
        for name, value in answers.items()
        if name.endswith("partial_eta_squared")
    }
    return {**answers, **partial, "df": found.df}


def all_pairs(given: Mapping[str, Any]) -> Answers:
    """Tukey's intervals of all differences, in both directions."""
    pairs = one_way(groups_of(given)).contrasts(comparisons="all_pairs", adjustment="tukey")
    answers = {}
    for _, row in pairs.iterrows():
        later, earlier = row["contrast"].split(" - ")
        answers |= {
            f"{later} - {earlier} estimate": row["estimate"],
            f"{later} - {earlier} conf_low": row["conf_low"],
            f"{later} - {earlier} conf_high": row["conf_high"],
            f"{later} - {earlier} p_value": row["p_adjusted"],
            f"{earlier} - {later} estimate": -row["estimate"],
            f"{earlier} - {later} conf_low": -row["conf_high"],
            f"{earlier} - {later} conf_high": -row["conf_low"],
            f"{earlier} - {later} p_value": row["p_adjusted"],
        }
    return answers


def against_control(given: Mapping[str, Any]) -> Answers:
    table = one_way(groups_of(given)).contrasts(adjustment="dunnett")
    names = {
        "statistic": "statistic",
        "p_adjusted": "p_value",
        "conf_low": "conf_low",
        "conf_high": "conf_high",
    }
    return {
        f"{row['contrast'].split(' - ')[0]} {printed}": row[name]
        for _, row in table.iterrows()
        for name, printed in names.items()
    }


def studentised_range(given: Mapping[str, Any]) -> Answers:
    return {"cdf": 1 - tukey_tail(given["q"], means=given["means"], df=given["df"])}


def noncentrality(given: Mapping[str, Any]) -> Answers:
    """Limits of the noncentrality of F, from those of partial eta squared."""
    df_den = given["df_den"]
    low, high = partial_eta_squared_limits(
        given["statistic"], df_num=given["df_num"], df_den=df_den, conf_level=given["level"]
    )
    return {"low": df_den * low / (1 - low), "high": df_den * high / (1 - high)}


def adjusted_p(given: Mapping[str, Any]) -> Answers:
    found = adjust_p_values(given["p_values"], method=given["method"])
    return {f"p_{place}": float(p) for place, p in enumerate(found, 1)}


@pytest.mark.parametrize("table", tables_about("analysis of variance table"), ids=str)
def test_analysis_of_variance_table(table):
    table.holds(variance_table)


@pytest.mark.parametrize("table", tables_about("regression line"), ids=str)
def test_regression_line(table):
    table.holds(regression_line)


@pytest.mark.parametrize("table", tables_about("analysis of covariance"), ids=str)
def test_analysis_of_covariance(table):
    table.holds(adjusted_means)


@pytest.mark.parametrize("table", tables_about("analysis of covariance of a data set"), ids=str)
def test_analysis_of_covariance_of_a_data_set(table):
    table.holds(of_a_data_set)


@pytest.mark.parametrize("table", tables_about("all pairs of means"), ids=str)
def test_all_pairs_of_means(table):
    table.holds(all_pairs)


@pytest.mark.parametrize("table", tables_about("means against a control"), ids=str)
def test_means_against_a_control(table):
    table.holds(against_control)


@pytest.mark.parametrize("table", tables_about("studentised range"), ids=str)
def test_studentised_range(table):
    table.holds(studentised_range)


@pytest.mark.parametrize("table", tables_about("noncentrality of F"), ids=str)
def test_noncentrality_of_f(table):
    table.holds(noncentrality)


@pytest.mark.parametrize("table", tables_about("adjusted p values"), ids=str)
def test_adjusted_p_values(table):
    table.holds(adjusted_p)
