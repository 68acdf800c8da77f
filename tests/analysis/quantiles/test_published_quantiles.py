"""Medians and quantile regression as other programs print them."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from tests.published import Answers, PublishedTable, tables_about
from trialkit.analysis.linear.contrasts import t_critical
from trialkit.analysis.quantiles.median_difference import compare_medians
from trialkit.analysis.quantiles.rank_inversion import rank_limits
from trialkit.analysis.quantiles.rank_scores import RankScoreTest, fit_quantile


def medians(given: Mapping[str, Any]) -> Answers:
    frame = pd.DataFrame(
        {
            "y": [*given["one"], *given["other"]],
            "arm": ["E"] * len(given["one"]) + ["C"] * len(given["other"]),
        }
    )
    row = compare_medians(frame, outcome="y", arm="arm", reference="C").to_frame().iloc[0]
    return {name: row[name] for name in ("estimate", "se", "conf_low", "conf_high")}


def engel(given: Mapping[str, Any]) -> Answers:
    data = sm.datasets.engel.load_pandas().data
    design = np.column_stack([np.ones(len(data)), data["income"]])
    outcome = data["foodexp"].to_numpy()
    at, spread = int(given["column"] == "income"), float(np.ptp(outcome))
    basis, triangle = np.linalg.qr(design)
    fit = fit_quantile(basis, outcome / spread, given["quantile"])
    estimate = float(np.linalg.solve(triangle, fit.coefficients)[at])
    size = float(np.abs(design[:, at]).max())
    test = RankScoreTest(
        basis=np.linalg.qr(np.delete(design, at, axis=1))[0],
        column=design[:, at] / size,
        outcome=outcome / spread,
        quantile=given["quantile"],
    )
    low, high = rank_limits(
        test, estimate * size, t_critical(given["conf_level"], len(outcome) - 2)
    )
    by = spread / size
    return {"estimate": estimate * spread, "conf_low": low * by, "conf_high": high * by}


@pytest.mark.parametrize("table", tables_about("difference of medians"), ids=str)
def test_medians_are_as_printed(table: PublishedTable) -> None:
    table.holds(medians)


@pytest.mark.parametrize("table", tables_about("quantile regression of Engel"), ids=str)
def test_quantile_regression_is_as_printed(table: PublishedTable) -> None:
    table.holds(engel)
