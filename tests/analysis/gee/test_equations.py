"""The covariances of estimating equations from their definitions, subject by subject."""

from typing import Any

import numpy as np
import pytest
from scipy.linalg import sqrtm

from tests.analysis.gee.visit_cases import made_up
from trialkit.analysis.gee.equations import solve_equations
from trialkit.analysis.gee.long_rows import distribution, read_long_rows, repeated_unit
from trialkit.analysis.gee.visit_contrasts import arm_contrasts
from trialkit.protocol.methods.generalised_models import (
    GeeCovariance,
    ResponseFamily,
    WorkingCorrelation,
)

MODEL: dict[str, Any] = {
    "outcome": "n", "arm": "arm", "unit": repeated_unit("id", "visit", None), "family": ResponseFamily.POISSON, "reference": "C", "covariates": ["x"],
    "categories": (), "by_visit": False, "event": None, "exposure": None, "order": None,
}  # fmt: skip


def test_each_covariance_is_its_published_formula() -> None:
    long = read_long_rows(made_up(3), **MODEL)
    solved = solve_equations(
        long, distribution(ResponseFamily.POISSON), WorkingCorrelation.EXCHANGEABLE
    )
    mean = np.exp(long.design @ solved.coefficients)
    waves = {}
    for each in long.patterns:
        for rows in each.rows:
            waves[int(long.subject[rows[0]])] = (rows, each.visits)
    parts = []
    for rows, visits in waves.values():
        root = np.diag(np.sqrt(mean[rows]))
        variance = root @ solved.correlation[np.ix_(visits, visits)] @ root
        parts.append((mean[rows][:, None] * long.design[rows], np.linalg.inv(variance), rows))
    bread = np.linalg.inv(sum(d.T @ inverse @ d for d, inverse, _ in parts))
    meats = {kind: np.zeros((3, 3)) for kind in GeeCovariance}
    for derivative, inverse, rows in parts:
        residual = (long.outcome - mean)[rows]
        left = np.eye(len(rows)) - derivative @ bread @ derivative.T @ inverse
        share = np.minimum(np.diag(derivative.T @ inverse @ derivative @ bread), 0.75)
        score = derivative.T @ inverse @ residual
        for kind, own in (
            (GeeCovariance.ROBUST, score),
            (
                GeeCovariance.KAUERMANN_CARROLL,
                derivative.T @ inverse @ np.linalg.solve(sqrtm(left).real, residual),
            ),
            (
                GeeCovariance.MANCL_DEROUEN,
                derivative.T @ inverse @ np.linalg.solve(left, residual),
            ),
            (GeeCovariance.FAY_GRAUBARD, score / np.sqrt(1 - share)),
        ):
            meats[kind] += np.outer(own, own)
    for kind, meat in meats.items():
        wanted = solved.scale * bread if kind is GeeCovariance.MODEL else bread @ meat @ bread
        np.testing.assert_allclose(solved.covariance(kind), wanted, rtol=1e-7)


def test_contrasts_are_the_coefficients_of_the_arms() -> None:
    long = read_long_rows(made_up(3), **MODEL)
    solved = solve_equations(
        long, distribution(ResponseFamily.POISSON), WorkingCorrelation.INDEPENDENCE
    )
    covariance = solved.covariance(GeeCovariance.ROBUST)
    table = arm_contrasts(
        long, solved.coefficients, covariance, family=ResponseFamily.POISSON, reference="C",
        by_visit=None, df=20.0, conf_level=0.9,
    )  # fmt: skip
    assert table["contrast"].tolist() == ["E - C"]
    assert table["log_estimate"][0] == pytest.approx(solved.coefficients[1])
    assert table["se"][0] == pytest.approx(covariance[1, 1] ** 0.5)
    reach = 1.7247182429207857 * table["se"][0]
    assert np.log(table["conf_low"][0]) == pytest.approx(solved.coefficients[1] - reach)
